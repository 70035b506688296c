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
document-how-added = { $rate } of { $sum }, worked out once for the whole document and rounded half up, is { $tax }. { $count ->
    [one] The one line carries it.
   *[other] The { $count } lines carry it together to the cent.
}
document-how-included = { $sum } has { $rate } of tax in it: what is left after dividing by one and the rate is before tax, and { $tax } is tax, worked out once and rounded half up.
document-how-credited = Credits of { $sum } give back { $tax }, the share of the tax their charges were billed with.
document-reverse-charge = Reverse charge: the buyer owes the tax
document-exempt = Exempt by certificate { $number }
document-out-of-scope = Not taxable here
document-tax-id = Tax id { $id }
document-vat = VAT
