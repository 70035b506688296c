# The page of the activity log.
log-lead = Who opened product keys, who downloaded software, and what else was done for customers.
log-lead-own = Who opened your company’s product keys and downloaded its software.
log-sealed = { $count ->
    [one] { $count } entry is sealed and can be verified by outsiders.
   *[other] { $count } entries are sealed and can be verified by outsiders.
}
log-checkpoint = The newest signed checkpoint is of { $at }.
log-broken = The log is not whole.
log-broken-next = Entries are missing, or others stand in their place. Keep the exports you have, and verify one with <code>chandlery audit verify</code>.
log-from = From (UTC)
log-to = To (UTC)
log-time = Date-Time
log-customer = Affected customer
log-action = Action
log-user = User
log-partner-user = Partner user
log-company = Customer’s name contains
log-none = Nothing was done in this time that fits.
log-older = Older entries
log-export-csv = Export as CSV
log-export-lines = Export to verify
log-of-line = { $label } (line { $number })
log-customer-person = Somebody of the customer’s
log-program = Program { $name }
log-erased = A person who was erased
log-subject = Id
log-address = Address
log-request = Request id
log-number = Number in the log
log-resource = Concerns
log-was = (was: { $old })
log-by-link-of = By a link of { $name }
log-by-link = By a download link
