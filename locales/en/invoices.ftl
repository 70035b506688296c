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
