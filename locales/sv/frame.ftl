# What stands around every page.
frame-skip = Hoppa till innehållet
frame-practice = Övning:
frame-practice-text = inget här är på riktigt
frame-signed-in-as = Inloggad som
frame-main = Huvudmeny
frame-sign-out = Logga ut
frame-search = Sök
frame-search-label = Sök kunder, ordrar, fakturor, produkter
frame-settings = Inställningar
frame-notifications = Aviseringar
frame-unread = { $count ->
    [one] { $count } oläst avisering
   *[other] { $count } olästa aviseringar
}
frame-language = Språk
frame-language-change = Ändra
way-home = Start
way-customers = Kunder
way-products = Dina produkter
way-approvals = Godkännanden
way-support = Support
way-security = Säkerhet
way-users = Användare
way-applications = Applikationer
way-activity = Aktivitetslogg
way-profile = Mina inställningar
way-company = Företagsprofil
way-notifications = Aviseringar
way-agreement = Avtal
way-markets = Marknader
