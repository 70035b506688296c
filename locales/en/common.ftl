# Words many pages share.
any = Any
save = Save
done = Done
more = More
remove = Remove
cancel = Cancel
buy = Buy
leave-it = Leave it
product = Product
quantity = Quantity
unit-price = Unit price
amount = Amount
total = Total
order-number = Order number
order-date = Order date
state-of-it = State
first-name = First name
last-name = Last name
e-mail = E-mail
email-optional = E-mail (optional)
phone = Phone
phone-optional = Phone (optional)
address-line1 = Street and number
address-line2 = Second address line (optional)
postal-code = Postal code
city = City
state = State or province (optional)
days-left = Days left
window-closes = Can be cancelled until
days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
stale = Somebody changed this meanwhile. What stands there now is shown below; change it again if it is still needed.
tax-included = Price includes tax ({ $market })
tax-excluded = Price excludes tax

# What is wrong with a field.
field-required = Fill this in.
field-choose = Choose one.
field-too-long = This may have at most { $max } letters.
field-control = This holds signs that cannot be shown. Type it anew.
field-mail = Give an e-mail address such as ada@example.com.
field-count = Give a whole number from { $least } to { $most }.
field-range = { $least } to { $most }
field-summary = { $count ->
    [one] One field needs another look:
   *[other] { $count } fields need another look:
}
sieve = Filter
upload-sending = Sending the files
stale-differences = What differs
stale-field = Field
stale-typed = You typed
stale-now = Stands there now
upload-broken = The files did not arrive. Nothing was saved; send the form again.
frame-typed-back = You had to sign in again, so nothing was saved. What you typed is here: look it over and send it again.
upload-signed-out = You were signed out meanwhile. Nothing was saved, and what you typed is still here: sign in in another tab, then send the form again.
