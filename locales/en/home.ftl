# The first page, the search, and the portal's own pages.
home-hello = Hello, { $name }
home-buy = Choose a customer to buy for
home-closing = Windows closing
home-closing-none = No cancellation window closes within two weeks.
home-waiting = Orders waiting for keys
home-waiting-none = No order waits for product keys.
home-ending = Terms ending
home-ending-none = No subscription ends or renews within 30 days.
home-unsealed = { $count } entries of the activity log wait to be sealed. Tell the operator if this stays.
home-adding-up = The figures are being added up. They stand here when you come back in a moment.
home-chart = Purchases and credits by month, in { $currency }
home-bought = Bought
home-back = Credited
home-table = As a table, and by product family
home-month = Month
found-orders = Orders
found-type-more = Type at least two letters of a company’s name or domain, a Microsoft ID, or the beginning of an order number.
found-nothing = Nothing begins with “{ $text }”.
portal-agreement = Customer agreement
portal-agreement-lead = Your company accepts the customer agreement once, before its partner can buy anything for it.
portal-agreement-accepted = Accepted by { $who } on { $date }.
portal-agreement-box = I accept the customer agreement for my company.
portal-agreement-accept = Accept
portal-agreement-tick = Tick the box to accept the agreement.
portal-agreement-done = The agreement is accepted.

# The partner's own company.
company-name = Company name
company-id = Partner id
company-programme = Programme id
company-currency = Billed in
company-regions = Regions to sell in
company-active = May trade
company-inactive = May not trade at present
company-hint = The operator changes these. Open a support request to have something changed.
