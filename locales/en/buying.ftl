# The catalogue, the cart and buying.
products-category = Category
products-azure = Azure
products-online = Online services
products-software = Software
products-cart = { $count ->
    [0] Cart: empty
    [one] Review cart: { $count } line
   *[other] Review cart: { $count } lines
}
products-agree-later = You can fill the cart now and confirm the agreement there.
products-no-online = There are no online services in this catalogue.
products-find = Name or id contains
products-type = Type
products-segment = Segment
products-publisher = Publisher
products-view = View
products-by-sku = By SKU
products-by-product = By product
products-show = Show
products-none = Nothing in this catalogue fits.
products-not-here = Cannot be bought for this customer:
products-no-price = It has no price in { $market }.
products-sold = Sold here
products-sold-here = Only what has a price in this market
products-azure-first = Reservations are for an Azure subscription that is registered for them. This customer has none yet:
products-way = Term and billing
products-add = Add to cart
products-added = It is in the cart.
products-add-wrong = Choose a term and give a whole number as quantity.
unavailable-important = Important
unavailable-here = Azure reservations cannot be bought in { $market }.
unavailable-where = Azure reservations cannot be bought in { $count } markets. Show them
unavailable-caption = The markets in alphabetical order; read each column downward.
unavailable-column = { $first } to { $last }
unavailable-alphabet-begin = A
unavailable-alphabet-end = Z
cart-title = Review
cart-empty = The cart is empty.
cart-quantity-of = Quantity of { $title }
cart-po-number = Purchase order number (optional)
cart-po-hint = The customer’s own number for this purchase. It stands on the order and on the bill.
cart-update = Update
cart-saved = The cart was saved.
cart-stale = The cart changed meanwhile, in another window or because it was bought. What is in it now is shown below.
cart-changed = The quantities were changed. Look over the new amounts, then press Buy.
cart-unreadable = A quantity is not a whole number, or the purchase order number is longer than 50 letters. The cart is shown as it was.
cart-who-attests = An Admin agent or Sales agent of your company can confirm it.
cart-buy-lead = Buying confirms the debt: it stands on the next monthly invoice. Each line above says how it can be cancelled.
cart-never-back = I know that plans for SUSE and Red Hat can never be cancelled, exchanged or paid back, and that unused time is lost.
cart-go-on = Add more products
terms-full = Can be cancelled until { $until }. All of it is credited (100 %) on the next monthly invoice.
terms-prorated = Can be cancelled until { $until }. The days that were not used are credited on the next monthly invoice.
terms-request = Is not cancelled from here. Exchange and refund go by support request.
terms-never = <strong>Can never be cancelled, exchanged or refunded.</strong> <a href="/help/linux-plans">Why?</a>
bought-title = Thank you. The order is placed.
bought-lead = { $count ->
    [one] One order was placed. It appears in the order history at once.
   *[other] { $count } orders were placed. They appear in the order history at once.
}
bought-missing = These lines could not be bought:
bought-software = Get keys and downloads
cart-prices-changed = A price or a line changed since this page was shown. Nothing was bought. Look over the amounts below, then press Buy.
products-onward = Where to go on
