# What stands around every page.
frame-skip = Skip to the content
frame-practice = Practice:
frame-practice-text = nothing here is real
frame-signed-in-as = Signed in as
frame-main = Main
frame-sign-out = Sign out
frame-search = Search
frame-search-label = Search customers, orders, invoices, products
frame-settings = Settings
frame-notifications = Notifications
frame-unread = { $count ->
    [one] { $count } unread notification
   *[other] { $count } unread notifications
}
frame-language = Language
frame-language-change = Change
way-home = Home
way-customers = Customers
way-products = Your products
way-approvals = Approvals
way-support = Support
way-security = Security
way-users = Users
way-applications = Applications
way-activity = Activity log
way-profile = My settings
way-company = Company profile
way-notifications = Notifications
way-agreement = Agreement
way-markets = Markets
