# What partners paid: statements of banks and payments by hand.
way-payments = Payments
bank-title = Read a bank’s statement
bank-hint = A file in camt.053 (version 02, 06 or 08), as banks give it to download. What came in is listed below and waits until it is entered; a row read before is not listed again.
bank-file = Statement
bank-read-do = Read
bank-busy = Another statement is being read. Choose the file again in a moment.
bank-read = { $fresh ->
    [0] Nothing new came in.
    [one] One new row waits.
   *[other] { $fresh } new rows wait.
} { $known ->
    [0] { "" }
    [one] One was read before.
   *[other] { $known } were read before.
} { $others ->
    [0] { "" }
    [one] One booking was passed over, as money went out or is not booked yet.
   *[other] { $others } bookings were passed over, as money went out or is not booked yet.
}
bank-views = Which are shown
bank-view-waiting = Waiting ({ $count })
bank-view-entered = Entered
bank-view-aside = Put aside
bank-recognised = Enter those that were recognised
bank-recognised-hint = What names a document of one partner’s, in its currency, is entered for that document. What may have been entered before is left to you.
bank-entered-many = { $count ->
    [0] Nothing was entered.
    [one] One payment was entered.
   *[other] { $count } payments were entered.
}
bank-none-waiting = Nothing waits.
bank-none-entered = Nothing was entered yet.
bank-none-aside = Nothing was put aside.
bank-from = { $payer }, { $day }
bank-from-nobody = { $day }
bank-said = Said: { $text }
bank-for = For { $partner }: { $documents }
bank-names-none = Names no document
bank-not-there = Names { $number }, which is not there
bank-several = Names documents of several partners
bank-not-alone = May be the money of several, or money that came back
bank-other-currency = Names { $number }, which is in another currency
bank-alike = As much of the same day was entered before: { $reference }
bank-decide = Decide
bank-paid-by = Who paid
bank-paid-by-hint = The number of a document, or a partner’s whole name or its id. Money goes on the documents named, then on those due earliest.
bank-enter = Enter
bank-aside = None of a partner’s
bank-back = Let it wait again
bank-done-entered = The payment of { $partner } was entered.
bank-done-aside = It was put aside.
bank-done-back = It waits again.
bank-done-taken-back = The payment was taken back. What it settled is open again.
bank-left = { $left } of it waits for documents
bank-undone = Taken back
bank-take-back = Take back
bank-take-back-hint = What it settled is open again. If a bank’s statement had it, it waits again.
bank-by-hand = Enter a payment by hand
bank-reference = Reference
bank-amount = Amount
bank-day = Received on
bank-amount-wrong = Give an amount above nothing, such as 428.37.
bank-view-late = Late
bank-none-late = Nothing is late.
bank-late-hint = What is open of invoices after the day they were due, the oldest first. Their partners were told.
bank-late-row = { $number }, due on { $due }
