# The first page, the search, and the portal's own pages.
home-hello = Hello, { $name }
home-buy = Choose a customer to buy for
home-closing = Windows closing
home-closing-none = No cancellation window closes within two weeks.
home-waiting = Orders waiting for keys
home-waiting-none = No order waits for product keys.
home-ending = Terms ending
home-ending-none = No subscription ends or renews within 30 days.
home-unsealed = More than { $count } entries of the activity log wait to be sealed. Tell the operator if this stays.
home-adding-up = The figures are being added up. They stand here when you come back in a moment.
home-chart = Purchases and credits by month, in { $currency }
home-bought = Bought
home-back = Credited
home-table = As a table, and by product family
home-month = Month
found-orders = Orders
found-type-more = Type at least two letters of a company’s name or domain or a product’s title, a Microsoft ID, or the beginning of an order number.
found-nothing = Nothing was found for “{ $text }”.
home-chart-part = { $family }, { $amount }
home-answered = Support answers
home-answered-none = Every answer to your requests was read.
found-products = Products to buy
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

# What a house is called and coloured.
way-look = Name and colours
brand-lead = Your customers see this name and this colour in their portal. Where you choose nothing, they see the operator’s.
brand-lead-operator = Everybody who signs in here sees this name and this colour. A partner’s customers see what the partner chose, if it chose something.
brand-name = Name
brand-colour = Colour of links and buttons
brand-colour-hint = Six digits, such as #0b5a7a; empty for the usual one. Where it would be hard to read, the nearest shade that can be read is shown.
brand-colour-wrong = Give a colour of six digits, such as #0b5a7a.
brand-pick = Choose a colour
brand-preview = What it looks like
brand-preview-link = A link
brand-preview-button = A button
brand-saved = Name and colour were saved.
home-webhooks-given-up = Calls to your program were given up. See why, and send them again.
