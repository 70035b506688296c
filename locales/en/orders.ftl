# Orders, cancelling, subscriptions and the renewal calendar.
orders-billing = Billing
orders-none-found = No order has this number or this billing.
order-title = Order { $number }
order-id = Order id
order-po-number = Purchase order number
order-lines = Lines of the order
order-happened = What happened
order-charges = Charges and credits
charge-number = Number
charge-kind = For
charge-booked = Booked
charge-balance = Balance
tax-in-it = includes tax
tax-not-in-it = excludes tax
terms-none = Cannot be cancelled from here.
terms-over = Could be cancelled until { $closed }.
terms-open = Can be cancelled until { $until }.
event-placed = Order placed
event-provisioned = { $title }: provisioned
event-cancelled = { $title }: cancelled
event-key-assigned = { $title }: key of version { $version } assigned
event-key-revealed = { $title }: key of version { $version } first opened
event-key-revoked = { $title }: key of version { $version } revoked
event-link = { $title }: download link issued
event-link-revoked = { $title }: download link revoked
event-downloaded = { $count ->
    [one] { $title }: first download by this link ({ $count } so far)
   *[other] { $title }: first download by this link ({ $count } so far)
}
event-credited = { $amount } credited
credit-full = 100 % of { $unit } × { $quantity } = { $amount }
credit-policy = Policy: { $family }, in force since { $from }.
credit-prorated = { $unit } ÷ { $whole } days × { $part } unused days = { $exact }, cut to { $cut }; × { $quantity } = { $amount }
credit-number = Credit number { $number }

# The dialog that cancels.
cancel-title = Cancel { $title }
cancel-have-ready = What this is about
cancel-order-history = Order ids and their details are in the order history.
cancel-lines = Lines to cancel
cancel-show = Show this order
cancel-more-information = More information is needed?
cancel-support-request = Open a customer support request
cancel-exception = Does something else apply here? Open a customer support request.
cancel-days-left = { $days } left to cancel this order.
cancel-credit = Credit
cancel-credit-total = Credit in all
cancel-next-invoice = The credit appears on the next monthly invoice, for { $month }, or on a credit note that comes with it. No early-termination fee is charged.
cancel-important = Important:
cancel-important-text = Once cancelled, all product keys and download links of this purchase are revoked at once, for you and for the customer. You and the customer must stop using the software, uninstall it, and delete all downloads and links.
cancel-acknowledge = I have read the Important message, and you and the customer will do what it says.
cancel-keep = Keep the purchase
cancel-tick-first = Tick that you read the Important message, then press Submit.
cancel-credit-changed = The credit is another by now, because a day ended or something of the order changed. What it is now is shown below.
cancel-waits-for = Request { $number } by { $name }, asked { $at }, has no decision yet.
cancel-withdraw-lead = Withdraw it, and this order can be cancelled as if nobody had asked. The request is closed, and whoever asked is told.
cancel-withdraw = Withdraw the request
cancelled-title = The purchase is cancelled
cancelled-lead = Order { $order } was cancelled.
cancelled-effects = Keys and download links are revoked. The item stays listed under Software, without its key.
cancelled-delay = It shows everywhere at once; other systems may take up to 15 minutes.

# Subscriptions and their renewal.
subscriptions-none = There is no subscription yet.
subscription-saved = The subscription was saved.
subscription-name = Name
subscription-name-wrong = Give the subscription a name of at most 256 letters.
subscription-term = Term and billing
subscription-period = Runs
subscription-renewal = After that
subscription-renews = Renews by itself
subscription-ends = Ends
subscription-order = Go to the order
subscription-change = Change name or renewal
subscription-auto-renew = Renew by itself at the end of the term
renewals-title = Renewal calendar
renewals-none = No term ends within a year.
renewals-day = Last day
renewals-feed = Calendar feed
renewals-feed-lead = A calendar program can show these days: give it an address of your own that nobody else knows.
renewals-feed-make = Make an address
renewals-feed-again = Make another address (the one before ends)
renewals-feed-made = Put this address into your calendar program. It is shown this once. Whoever has it can read the calendar.
renewals-feed-address = Address
renewals-feed-copy = Copy the address
renewals-renews = Renews: { $title } ({ $quantity }), { $customer }
renewals-ends = Ends: { $title } ({ $quantity }), { $customer }
