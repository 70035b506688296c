# The operator’s console.
way-partners = Partners
way-catalogue = Catalogue
way-policies = Policies
way-stock = Stock
way-jobs = Jobs
way-health = Health
op-more = Show more
op-show = Show

# Partners.
op-partners-find = Name begins with
op-partners-none-yet = There is no partner yet. Add the first one.
op-partners-none-found = No partner fits. Try fewer letters.
op-partner-add = Add partner
op-partner-add-hint = The partner gets a key of its own for its secrets. Its first administrator is added on its page.
op-partner-added = The partner was added. Add its first administrator now.
op-partner-name = Partner’s name
op-partner-state = May trade
op-partner-active = Active
op-partner-inactive = Inactive
op-partner-now-active = The partner may trade again.
op-partner-now-inactive = The partner may not place orders any more.
op-partner-details = About the partner
op-partner-customers = Customers
op-partner-stop = Stop trading
op-partner-stop-hint = The partner cannot place orders until you let it trade again. Its people can still sign in, open keys and cancel.
op-partner-stop-now = Make the partner inactive
op-partner-start = Let it trade again
op-partner-start-hint = The partner can place orders at once.
op-partner-start-now = Make the partner active
op-country = Country
op-currency = Currency
op-regions = Sales regions
op-regions-hint = Where the partner may sell. Without a choice: the region of its country.
op-programme-id = Programme id
op-programme-id-optional = Programme id (optional)
op-tenant-id = Tenant id
op-admins = Global administrators
op-admin-none = Nobody administers this partner yet.
op-admin-name = Administrator’s name
op-admin-hint = The person gets a temporary password, which is shown once, and sets up a second factor at the first sign-in.
op-admin-add = Add administrator
op-admin-once = This password is shown this once only. Pass it on safely; it must be changed at the first sign-in.
op-admin-back = Back to the partner
op-upn-wrong = Give a sign-in name such as ada@example.com, at most 113 letters.
op-upn-taken = This sign-in name is taken. Choose another one.

# Files.
op-file-most = At most { $most }.
op-file-wrong = Choose one file of at most { $most }.
op-file-kind = This is another kind of file. Choose one of these: { $kinds }.
op-file-none = Choose a file that holds something.
op-file-too-large = The file is larger than { $most }. Split it, or import it with the command line.

# Catalogue and price sheets.
op-products-find = Find products
op-products-none-yet = The catalogue is empty. Import a price sheet.
op-products-none-found = No product fits.
op-product = Product
op-publisher = Publisher
op-prices = Price rows
op-prices-in-all = { $count ->
    [one] { $count } price row in all
   *[other] { $count } price rows in all
}
op-sheet-title = Price sheet
op-sheet-hint = A CSV file in the published column layout. You see what it changes before anything counts.
op-sheet-file = CSV file
op-sheet-look = Look at what changes
op-sheet-preview = What this price sheet changes
op-sheet-refused = Nothing was imported. Mend these rows and send the sheet again.
op-sheet-bad-rows = { $count ->
    [one] { $count } row is refused.
   *[other] { $count } rows are refused.
}
op-sheet-refused-rows = Refused rows
op-sheet-line = Line
op-sheet-column = Column
op-sheet-right = What is wrong, and what would be right
op-sheet-overlap = Dates and tiers
op-sheet-would = Changes
op-sheet-rows = Rows in the sheet
op-sheet-new-products = New products
op-sheet-new-skus = New SKUs
op-sheet-new-items = New items
op-sheet-new-prices = New price rows
op-sheet-changed-prices = Changed price rows
op-sheet-sum = SHA-256 of the sheet
op-sheet-nothing = No price changes. Names and quantities of products may.
op-sheet-apply-hint = All rows are imported, or none. Orders that were placed keep their prices.
op-sheet-apply = Import these rows
op-sheet-leave = Leave it
op-sheet-another = Choose another file
op-sheet-changes = Changed prices
op-sheet-imported = The price sheet was imported: { $rows } rows read, { $changed } new or changed.
op-import-title = Importing a price sheet
op-keys-importing = Putting product keys into stock
op-keys-busy = Another file of product keys is being added. Choose the file again in a moment.
op-import-reading = The sheet is being read.
op-import-rows = { $taken } of { $rows } rows
op-import-hint = You can leave this page and come back to it. All rows are imported, or none. Large sheets take a few minutes.
op-item = Item
op-market = Market
op-term = Term
op-price-now = Price now
op-price-then = Price then

# Policies.
op-policies-sections = Policies and markets
op-policies-switched = The profile was switched. It counts from now on.
op-profile-in-force = Profile in force:
op-profile-other = What would another profile change?
op-profile-compare = Compare
op-profile-switch = Switch to { $to }
op-profile-switch-hint = The rows of the other profile count at once, without a restart, for new orders and for those whose day they cover.
op-profile-switch-now = Let { $to } count now
op-compare-title = { $from } compared with { $to }
op-compare-hint = For orders placed and links issued today. Left of the arrow: as it is; right of it: as it would be.
op-compare-orders = Orders of the last 90 days with another window
op-family = Kind of product
op-window = Can be cancelled for
op-window-none = never
op-window-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
op-window-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
op-credit = Credit
op-credit-none = none
op-credit-full = in full
op-credit-prorated = for unused days
op-credit-prorated-after = { $count ->
    [one] in full for { $count } hour, then for unused days
   *[other] in full for { $count } hours, then for unused days
}
op-link-life = Life of a download link
op-link-none = no rule
op-link-from-issue = { $count ->
    [one] { $count } day from issue
   *[other] { $count } days from issue
}
op-link-from-first = { $count ->
    [one] { $count } day from the first download
   *[other] { $count } days from the first download
}
op-link-downloads = Downloads allowed
op-link-unlimited = any number
op-rules-cancellation = Cancelling
op-rules-links = Download links
op-orders-from = Orders from
op-links-from = Links from
op-rule-today = Today
op-rule-counts = In force

# Markets.
op-markets = Markets
op-market-region = Sales region
op-market-tax = List price includes tax for
op-blocks = Not sold in
op-blocks-none = There is no market where this is not sold.
op-block-add = Stop selling in a market
op-block-add-hint = Holds for customers of the market and for partners from there. Orders that were placed stay as they are.
op-block-from = First day
op-block-until = Sold again from
op-block-holds = Not sold
op-block-not = Sold
op-block-end = Sell again
op-block-end-open = Sell again…
op-block-end-day = From this day on
op-block-end-now = Save the day
op-block-added = The market is on the list now.
op-block-ended = The day was saved.
op-block-day-wrong = Give a day that is not in the past.
op-block-there = This market is on the list already for that day.

# Stock.
op-keys-title = Add product keys
op-keys-hint = A CSV file with the columns ProductId and Key; Version and Activations may be left out. The keys are sealed and never shown here.
op-keys-file = File with keys
op-keys-add = Add keys
op-keys-added = { $count ->
    [one] { $count } product key was added; { $there } were there already.
   *[other] { $count } product keys were added; { $there } were there already.
}
op-keys-refused = No key was added: { $why }. Mend the row and send the file again.
op-stock-none = No product has versions yet. They come with the first keys or files.
op-in-stock = In stock
op-handed = Handed out
op-alarm = Alarm at
op-alarm-label = Alarm when so few are left
op-alarm-save = Save alarm
op-alarm-saved = The alarm was saved.
op-stock-state = How it is
op-stock-empty = None left
op-stock-low = Few left
op-stock-enough = Enough
op-product-versions = Versions
op-product-no-versions = There are neither keys nor files of this product yet.
op-media = Software files
op-media-none = There is no file to download yet.
op-media-hint = Files are added with <code>chandlery media add</code>.

# Jobs.
op-jobs-none = Nothing waits.
op-jobs-waiting = { $count ->
    [one] { $count } job waits.
   *[other] { $count } jobs wait.
}
op-jobs-troubled = { $count ->
    [one] { $count } went wrong before.
   *[other] { $count } went wrong before.
}
op-job = Job
op-job-provision = Hand over an order
op-job-mail = Send a mail
op-job-partner = Whose
op-job-due = Due
op-job-now = Due now
op-job-tries = Tries
op-job-why = Last reason
op-job-do = What to do
op-job-retry = Try now
op-job-retried = The job is tried now.
op-job-give-up = Give up…
op-job-give-up-hint = The mail is not sent any more, and nobody is told.
op-job-give-up-now = Give this mail up
op-job-given-up = The mail was given up.

# Health.
op-tone-good = Good
op-tone-careful = Look at this
op-tone-bad = Act now
op-health-version = Program version
op-health-started = Runs since
op-health-uptime = { $days } d { $hours } h
op-health-what = What was looked at
op-health-state = How it is
op-health-found = What was found
op-health-unknown = It could not be looked at.
op-health-database = Database
op-health-schema = Schema
op-health-schema-good = The one this program knows
op-health-schema-behind = { $count ->
    [one] { $count } migration is missing
   *[other] { $count } migrations are missing
}
op-health-schema-other = Another one than this program knows
op-health-schema-do = Make a backup, then run “chandlery migrate”.
op-health-work = Waiting jobs
op-health-work-none = None
op-health-work-some = { $count ->
    [one] { $count } waits, due since { $since }
   *[other] { $count } wait, the first due { $since }
}
op-health-work-do = Read the reasons under Jobs, and mend what they name.
op-health-orders = Orders that wait
op-health-orders-none = None waits for you
op-health-orders-some = { $count ->
    [one] { $count } could not be handed over
   *[other] { $count } could not be handed over
}
op-health-orders-do = Most wait for product keys: add some under Stock.
op-health-log = Activity log
op-health-log-all = Sealed up to now
op-health-log-until = { $count ->
    [one] Sealed up to { $until }; { $count } entry waits
   *[other] Sealed up to { $until }; { $count } entries wait
}
op-health-log-do = The server seals twice a second. Look for errors in its output.
op-health-backup = Last backup
op-health-backup-unknown = None is known here
op-health-backup-do = Run “chandlery backup” daily; with PostgreSQL, watch over your pg_dump yourself.
op-health-stock = Catalogue and stock
op-health-stock-good = Prices are there, and enough keys
op-health-stock-empty = There is no price in the catalogue
op-health-stock-low = { $count ->
    [one] Few keys are left of { $count } version
   *[other] Few keys are left of { $count } versions
}
op-health-stock-do = Import prices under Catalogue, and keys under Stock.
op-health-folder = Data folder
op-health-folder-good = Keeps what is written
op-health-folder-bad = Cannot be written to
op-health-folder-do = Let the server’s user own the folder, and look at the disk.
op-health-disk = Free on the disk
op-health-disk-do = A full disk stops all writing: make room.
op-health-ring = Key ring
op-health-ring-good = { $count ->
    [one] { $count } key, readable by its owner only
   *[other] { $count } keys, readable by their owner only
}
op-health-ring-bad = Cannot be read, or others may read it
op-health-ring-do = Run “chandlery doctor”: it says what is wrong with keyring.json.
op-health-media = Place for media
op-health-media-good = Answers
op-health-media-bad = Does not answer
op-health-media-do = Nobody can download now. Look at --media, and at the storage itself.
op-health-mail = E-mail
op-health-mail-good = A mail server is set up
op-health-mail-bad = No mail server is set up
op-health-mail-do = Start the server with --smtp, so that people get links and notices.

# What stands in the log.
operation-change-partner = Partner changed
operation-change-policies = Policies switched
operation-change-market = Markets changed
operation-change-stock = Stock alarm changed
operation-retry-work = Job tried at once
operation-give-up-work = Job given up
fact-partner = Partner id
fact-low-stock = Alarm at
fact-family = Kind of product
op-limit = Credit
op-limit-none = There is no limit to what this partner may owe.
op-limit-change = Change a limit
op-limit-hint = What is billed and what is not yet counts, less what was paid. A purchase that exceeds it is refused; renewals and what runs already go on.
op-limit-amount = May owe, such as 50000 (empty: no limit)
op-limit-saved = The limit is saved.
op-limit-currency-wrong = Give a currency by its three letters, such as EUR.
op-limit-amount-wrong = Give an amount such as 50000 or 50000.00, or nothing.
op-late = When it is late
op-late-none = The partner may buy while invoices are late.
op-late-is = { $count ->
    [0] The partner may not buy while an invoice is late.
    [one] The partner may not buy while an invoice is late for more than one day.
   *[other] The partner may not buy while an invoice is late for more than { $count } days.
}
op-late-change = Change what follows
op-late-hint = What runs goes on, renews and is cancelled as ever. Paying makes buying possible at once.
op-late-days = No purchases after so many days (empty: never)
op-late-wrong = Give whole days up to { $most }, or nothing.
op-late-saved = What follows from being late was changed.
op-rules-refunds = Giving reservations back
op-caps = How much may come back to one customer
op-caps-hint = Before any fee; what is exchanged does not count. In a currency without a row nothing is given back without asking you.
op-cap = { $most } in { $months } months
op-cap-from = from
op-cap-set = Set an amount
op-cap-currency = Currency
op-cap-most = Amount
op-cap-months = Months
op-cap-from-day = First day
op-cap-wrong = Say a currency such as EUR, an amount such as 45000, whole months and a day.
op-caps-saved = The amount was saved.
op-plan = Plan a change
op-plan-hint = A row counts from a coming day on, for what is bought or issued from then. It can be taken back until that day begins.
op-plan-preview = What this would change
op-plan-about = What
op-plan-from = From
op-plan-until = until the row of { $day } takes over
op-plan-change = Before and after
op-plan-nothing-before = What was bought or issued before { $day } stays as it is. A term that renews from that day on is judged by its own day.
op-plan-put-down = Save the row
op-plan-look = Show what changes
op-plan-unit = Counted in
op-plan-days = Days
op-plan-hours = Hours
op-plan-link-days = Life in days
op-plan-age = Counted from
op-plan-from-issue = Issue
op-plan-from-first = First download
op-plan-downloads = downloads: { $most }
op-plan-downloads-hint = Leave it empty for any number.
op-plan-day-wrong = Choose a day after today (UTC).
op-plan-done = The row is put down. It counts from its day on.
op-plan-coming = Rows to come
op-plan-take-back = Take back
op-plan-taken-back = The row was taken back.
op-plan-credit-wrong = Perpetual software has no unused days: its credit is in full.
