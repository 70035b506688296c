# Why something was refused, and what to do next.

# A place in a sentence; the list holds the names that need more than "in".
refusal-in-country = { $code ->
    [AE] in the United Arab Emirates
    [AX] in the Åland Islands
    [BS] in the Bahamas
    [CC] in the Cocos (Keeling) Islands
    [CF] in the Central African Republic
    [CK] in the Cook Islands
    [DO] in the Dominican Republic
    [FK] in the Falkland Islands
    [FO] in the Faroe Islands
    [GB] in the United Kingdom
    [IM] on the Isle of Man
    [IO] in the British Indian Ocean Territory
    [KM] in the Comoros
    [KY] in the Cayman Islands
    [MH] in the Marshall Islands
    [MP] in the Northern Mariana Islands
    [MV] in the Maldives
    [NL] in the Netherlands
    [PH] in the Philippines
    [PN] in the Pitcairn Islands
    [PS] in the Palestinian Territories
    [SB] in the Solomon Islands
    [SC] in the Seychelles
    [TC] in the Turks and Caicos Islands
    [TF] in the French Southern Territories
    [UM] in the U.S. Outlying Islands
    [US] in the United States
    [VG] in the British Virgin Islands
    [VI] in the U.S. Virgin Islands
   *[other] in { $country }
}

# Who may do what
refusal-role-missing = Your roles do not allow this. An administrator of your company can give you a role that does.
refusal-needs-person = Only a person may do this, not a program. Sign in yourself, then try again.
refusal-second-factor-missing = You signed in without a second factor. Sign in again with one, then go on.
refusal-fresh-factor-needed = You showed your second factor more than { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
} ago. Show it again, then go on.
refusal-role-not-assignable = You may not give or take the role “{ $role }”. Ask an administrator who may.
refusal-partner-not-active = Your company cannot trade at present. Ask the operator about it.

# The customer
refusal-agreement-missing = The customer has not accepted the customer agreement yet. Confirm it first, then buy.
refusal-customer-under-review = The customer is under review. Nothing can be bought until that ends; try again later.
refusal-agreement-already-confirmed = This agreement was confirmed before, for the same person. There is nothing left to do.
refusal-agreed-in-future = The date of acceptance lies in the future. Enter the day on which the customer accepted.
refusal-domain-taken = The domain name { $domain } is taken. Choose another one.
refusal-registration-number-missing = Customers { refusal-in-country } need a registration number. Enter it, then save again.
refusal-registration-number-not-taken = Customers { refusal-in-country } are kept without a registration number. Leave the field empty, then save again.
refusal-phone-missing = Customers { refusal-in-country } need a phone number. Enter it, then save again.

# The catalogue
refusal-product-unknown = There is no product { $product }. Choose one from the catalogue.
refusal-sku-unknown = There is no variant { $sku } of this product. Choose one from the catalogue.
refusal-availability-unknown = The item { $item } is not there any more. The catalogue changes over time: open it again and choose anew.
refusal-market-blocked = { $family } cannot be sold { refusal-in-country }. Take { $item } out of the cart.
refusal-not-sold-in-country = The item { $item } is not sold { refusal-in-country }. Take it out of the cart, or choose another one.
refusal-region-not-granted = Your company may not sell { refusal-in-country }. Ask the operator for that region.
refusal-wrong-segment = The item { $item } is for another kind of customer ({ $segment }). Choose one that fits this customer.
refusal-term-not-offered = The item { $item } is not sold for this term and billing cycle. It is sold for: { $offered }. Choose one of these.
refusal-quantity-out-of-range = The quantity { $quantity } does not fit { $item }: it is sold in quantities of { $minimum } to { $maximum }. Change the quantity.

# The cart
refusal-cart-empty = The cart is empty. Put something into it first.
refusal-cart-has-errors = Nothing was bought. These parts of the cart were refused, for different reasons: { $lines }. Change or remove their lines, then try again.
refusal-cart-expired = This cart expired on { $expired }. Start a new one.
refusal-credit-exceeded = Your company’s credit limit does not suffice: this purchase is { $purchase }, and { $available } are left of { $limit }. Nothing was bought. Payments make room; renewals and what runs already are not affected.
refusal-cart-already-ordered = This cart was ordered already and cannot be changed. Look at the orders, or start a new cart.

# The order
refusal-line-unknown = There is no line { $number } in this order. { $count ->
    [one] It has one line.
   *[other] It has { $count } lines.
} Open the order again and choose one of them.
refusal-line-mismatch = Line { $number } of this order is { $item }, not what was chosen. Open the order again and choose anew.
refusal-order-in-progress = The order is still being carried out. Wait a moment, look at the order again, then try again.
refusal-already-cancelled = This is cancelled already. There is nothing left to do.
refusal-credit-lapsed = The credit is { $now } by now: { $promised } was promised until { $until }, and days have been used since. Nothing was cancelled.
refusal-credit-changed = The credit is { $now } by now, not the { $promised } that was promised: the order or the policies have changed since. Nothing was cancelled.
refusal-not-cancellable = { $family } cannot be cancelled. Only { family-subscription } and { family-perpetual } can.
refusal-window-days = { $count }-day
refusal-window-hours = { $count }-hour
refusal-window-closed = You have passed the { $window } cancellation window; it closed on { $closed }. This purchase can no longer be cancelled.

# The subscription
refusal-quantity-fixed = The quantity of a software subscription cannot be changed. Buy another one, or cancel this one inside its window and buy anew.
refusal-subscription-ended = The subscription is over and cannot be changed. Buy the product anew to go on using it.
refusal-status-change = The subscription cannot go from “{ $from }” to “{ $to }”. Load the page again to see how it stands.
refusal-billing-cycle-fixed = The billing cycle is set at purchase and at renewal. It cannot be changed in between.
refusal-reseller-fixed = The reseller of record is set at purchase. It cannot be changed afterwards.
refusal-stale-etag = Somebody changed this after you opened the page. Load the page again, then make your change once more.

# Keys and downloads
refusal-key-revoked = The product key was revoked with its purchase and cannot be shown.
refusal-no-such-medium = There is no such version, language, bitness and file type. There is: { $offered }. Choose one of these.
refusal-no-such-medium-none = There is nothing to download for this product yet. Try again later.
refusal-no-such-medium-more = and { $count } more
refusal-version-not-covered = The purchase does not cover this version. It covers: { $covered }. Choose one of these.
refusal-version-not-covered-none = The purchase covers no version that has keys or downloads yet. Try again later.
refusal-no-key-in-stock = No product key of version { $version } is in stock. The operator was told; try again later.
refusal-nothing-bought = There is nothing to open or download: it was not bought, was cancelled, or still waits to be handed over. Look at the order to see which.
refusal-term-over = The term ended on { $ended }, and keys and downloads with it. Buy the product anew to go on using it.
refusal-reason-missing = The operator asks why a product key is opened. Give a reason, then try again.
refusal-second-person-needed = A second person has to agree before this key is opened. Somebody else with the role “{ $role }” agrees under “{ way-approvals }”; then open the key again.
refusal-own-question = Whoever asked cannot agree too. Somebody else with the role “{ $role }” has to.
refusal-question-closed = This was answered before, or its time is over. Ask again.
refusal-azure-unknown = The customer has no Azure subscription { $id }. Add it under Reservations, or leave it out.
refusal-azure-suspended = The Azure subscription { $id } is suspended. Choose another one.
refusal-azure-not-registered = The Azure subscription { $id } is not registered for reservations. Register it under Reservations.
refusal-never-given-back = Reservations of this type ({ $kind }) can be neither given back nor exchanged.
refusal-refund-cap-passed = { $worth } would come back, but only { $left } of { $most } in { $months } months are left for this customer. Give fewer back, exchange it, or ask us.
refusal-refund-cap-unknown = We have not said yet how much may come back in { $currency }. Please ask us.
refusal-exchange-other-type = A reservation is exchanged for one of the same type only: this one is for { $from }, the other one for { $to }.
refusal-exchange-too-small = The new reservation costs { $commitment }. It must cost at least what the old one is worth: { $worth }.
refusal-commitment-changed = The new reservation costs { $now } by now, not the { $shown } that was shown. Nothing was exchanged.
refusal-webhook-registered = The program is registered already. Change the registration that is there.
refusal-tests-not-registered = The event test-created is not registered. Tick it and save, then send a test.
refusal-tests-too-often = No more than { $count } tests can be sent a minute. Wait a minute.
refusal-link-over = The download link is over. Issue another one.
refusal-not-never-opened = That no key was ever opened cannot be certified: { $why }.
refusal-not-never-opened-live = the line was not cancelled
refusal-not-never-opened-no-keys = what was bought has no product keys
refusal-not-never-opened-opened = a key of this line was opened
refusal-not-never-opened-logged = the log says that a key of this line was opened
refusal-not-never-opened-other = the conditions for it are not met

# What cannot be worked out
refusal-money-overflow = The amount is too large. Choose a smaller quantity.
refusal-money-mixed-currencies = Amounts in { $first } and { $second } cannot be added. Buy them one by one.
refusal-calendar-no-end = A one-time purchase has no end. Choose another term.
refusal-calendar-out-of-range = The date lies beyond the year 9999. Choose an earlier one.
refusal-calendar-unknown-term = There is no such term. Choose one of those offered.
refusal-calendar-unknown-cycle = There is no such billing cycle. Choose one of those offered.

# Requests to the operator
refusal-needs-request = The portal cannot decide this by itself; ask the operator with a support request.
refusal-needs-request-credited-before = Part of this order was credited before by an exceptional decision.
refusal-needs-request-refund-open = A request for a refund of this order is open.
refusal-needs-request-type-unknown = We have not said yet of what type this reservation is.
refusal-needs-request-tax-differs = The new reservation is taxed otherwise than this one was.
refusal-request-closed = The request is closed. Reopen it first, or submit another one.
refusal-reopen-over = { $days ->
    [one] The request was closed more than { $days } day ago and cannot be reopened. Submit another one.
   *[other] The request was closed more than { $days } days ago and cannot be reopened. Submit another one.
}
refusal-credit-too-much = At most { $left } can be credited on this line: what was charged and not credited yet.
refusal-payment-late = Invoice { $number } was due on { $due } and { $open } of it are open. Nothing can be bought until it is paid; what runs goes on.
