## Invoices and credit notes
way-billing = Billing
documents-none = Nothing was billed yet. A month is billed in the first days of the next one.
documents-owed = Billed so far, credit notes taken off:
documents-older = Older documents
document-number = Number
document-what = Document
document-month = Month
document-issued = Issued
document-due = Due
document-gross = Total
document-net = Before tax
document-tax = Tax
document-amends = Corrects
document-seller = From
document-buyer = To
document-sums = Sums
document-on = on { $sum }
document-how = How this came about
document-lines = Lines
document-file = Reconciliation file (CSV)
document-kind-invoice = Invoice
document-kind-credit-note = Credit note
document-how-added = { $rate } of { $sum }, worked out once for all lines taxed this way and rounded half up, is { $tax }. { $count ->
    [one] The one line carries it.
   *[other] The { $count } lines carry it together to the cent.
}
document-how-included = { $sum } has { $rate } of tax in it: divided by (1 + rate) it is the amount before tax, and { $tax } is tax, worked out once and rounded half up.
document-how-credited = Credits of { $sum } give back { $tax }, the share of the tax their charges were billed with.
document-reverse-charge = Reverse charge: the buyer owes the tax
document-exempt = Exempt by certificate { $number }
document-out-of-scope = Not taxable here
document-vat = VAT
documents-to-pay = To pay:
documents-late = { $sum } overdue
documents-settled = Nothing is to pay.
document-payments = Payments
document-open = Open
document-settled-payment = Payment { $reference }, { $day }
document-settled-credit = Credit of { $number }, { $day }
document-state-open = open
document-state-overdue = overdue
document-state-paid = settled
document-state-credit = to be used
document-state-used = used
document-files = Files
document-pdf = PDF
document-pdf-hint = To read, print and keep. Where the document can be an electronic invoice (Factur-X, ZUGFeRD), it is inside.
document-peppol = Electronic invoice (Peppol BIS)
document-peppol-hint = XML for accounting programs.
document-xrechnung = Electronic invoice (XRechnung)
document-xrechnung-hint = XML for public buyers in Germany.
document-file-hint = Every line with 46 columns, for your own figures.

## The printed document
paper-terms = Terms
paper-vat-id = VAT number
paper-tax-number = Tax number
paper-registration = Company number
paper-po = Your order
paper-line-po = Your order { $number }
paper-order = Order { $number }
paper-reference = Your reference
paper-amended = { $number } of { $date }
paper-description = Description
paper-unit-price = Unit price
paper-amount = Amount
paper-tax-on = { $tax } on { $net }
paper-tax-total = Tax in all
paper-paid = Paid
paper-to-pay = To pay
paper-to-credit = Credited to you
paper-bank = Bank details
paper-holder = Account holder
paper-payment-reference = Reference
paper-scan = Scan with your banking app to pay
paper-notes = Remarks
paper-page = Page { $page } of { $pages }
paper-charges = { $count ->
    [one] One charge
   *[other] { $count } charges
}
paper-credits = { $count ->
    [one] One credit
   *[other] { $count } credits
}
paper-lines-elsewhere = This document has more lines than are printed one by one. They stand in its reconciliation file, whose column Total comes to the same amount.

## Who is on invoices, and billing a month
way-tax = Tax details
way-seller = Seller
way-invoices = Invoices
tax-lead = This is who your company is on its invoices, and how it is taxed. A change counts from the first day of a month; documents that were issued stay as they are.
tax-lead-seller = This is who sends the invoices. Documents that were issued stay as they are.
tax-later = Said for later
tax-saved = Saved.
tax-name = Company name
tax-line = Address
tax-line2 = Address, second line (optional)
tax-line3 = Address, third line (optional)
tax-postal-code = Postal code
tax-city = City
tax-country = Country
tax-region = State or province
tax-region-optional = State or province as in ISO 3166-2, such as CA-QC (where tax differs by it)
tax-tax-id = Tax id
tax-tax-id-optional = Tax id; in the European Union the VAT number (optional)
tax-registration = Company number
tax-registration-optional = Company number (optional)
tax-contact = Person or department to ask
tax-contact-optional = Person or department to ask (optional)
tax-email = E-mail address
tax-email-optional = E-mail address (optional)
tax-phone = Phone number
tax-phone-optional = Phone number (optional)
tax-reference = Your reference
tax-reference-optional = Your reference; of public buyers in Germany the Leitweg-ID (optional)
tax-electronic-address = Electronic address
tax-electronic-address-optional = Electronic address, such as 0088:4012345000009 (optional)
tax-iban = IBAN
tax-iban-optional = IBAN to pay into (optional)
tax-bic = BIC
tax-bic-optional = BIC (optional)
tax-from = Counts from
tax-from-beginning = the beginning
tax-choose = Choose a country
run-title = Bill a month
run-hint = Every partner is billed for the month, in each currency with a document of its own. Run again, what is left is issued, and nothing twice.
run-seller = Invoices are sent by
run-seller-change = Change
run-seller-say = Say who sends the invoices
run-look = Look what would be issued
run-bill = Issue
run-running = The month is being billed
run-begins = The partners are being counted.
run-partners = { $taken } of { $rows } partners
run-goes-on = You can leave this page and come back to it. What is issued stays issued.
run-busy = A month is being billed by this server right now. Try again in a moment.
run-no-month = Choose a month.
run-no-seller = Nobody said who sends the invoices. Say so first.
run-not-over = This month is not over: it can be billed from { $from } on.
run-elsewhere = This month was billed elsewhere: billing begins here later.
run-would = { $month }: { $count ->
    [one] one document would be issued
   *[other] { $count } documents would be issued
}
run-did = { $month }: { $count ->
    [one] one document was issued
   *[other] { $count } documents were issued
}
run-held = held back
run-held-title = Held back
run-failed = failed
run-failed-hint = The server’s log says why. Run the month again.
held-profile-missing = nobody said who the partner is for tax. The partner does so under Tax details.
held-rate-missing = no rate of tax is known ({ $facts }). Enter it with chandlery invoice rates.
held-earlier-month-open = an earlier month was not billed ({ $facts }). Bill that first; where it is closed, open it again before that.
documents-credit-left = Credit left
documents-credit-of = { $available } of { $limit }
documents-credit-none = nothing new can be bought until something is paid
document-json = Lines as JSON
document-json-hint = The same for programs: one object in each line.
document-sum-file = Checksum (SHA-256)

way-margins = Margins and price lists
margin-lead = What you ask of your customers more than you pay. Every charge and every credit from then on is also booked at the customer’s price, at the same moment; what was booked before stays as it is.
margin-none = No margin counts at present. Nothing is booked for your customers.
margin-none-here = No margin was counted for this customer in this month.
margin-for = Customer
margin-everybody = Everybody
margin-over = For what
margin-over-all = Everything
margin-kind = Price
margin-kind-percent = Percent on your price
margin-kind-fixed = Amount on your price, each unit
margin-kind-price = A price of its own, each unit
margin-is-percent = your price and { $percent }
margin-is-rebate = your price less { $percent }
margin-is-fixed = your price and { $amount } each
margin-is-price = { $amount } each
margin-floor = At least
margin-floor-optional = At least, each unit (optional)
margin-until = Until
margin-end = End
margin-ended = It counts no more. What was booked by it stays.
margin-add = Add a margin
margin-add-for = Add a margin for { $name }
margin-add-do = Add
margin-added = It counts from its first day on.
margin-hint = A customer’s own counts before everybody’s, then the narrower one, then the later one. An amount or a price is for one unit and one charge: a month’s, where it is paid by the month. What no rule covers is booked at your own price.
margin-hint-customer = For one customer, begin at the customer’s Billing.
margin-product = Only this product or SKU, such as DG7GMGF0FKZV or DG7GMGF0FKZV:0002 (optional)
margin-product-wrong = Give a product or SKU id, such as DG7GMGF0FKZV or DG7GMGF0FKZV:0002.
margin-value = Percent, or amount for each unit
margin-currency = Currency of amounts
margin-currency-wrong = Give a currency code of three letters, such as EUR.
margin-percent-wrong = Give a percentage from { $least } to { $most }, with at most four decimals.
margin-amount-wrong = Give an amount from 0, such as 12.50.
margin-day-wrong = Give a day.
margin-earned = What stays with you
margin-you-owe = You owe
margin-customer-owes = The customer owes you
margin-stays = Margin
margin-file = The month as a file
