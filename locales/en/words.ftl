# Words the store keeps, as people read them.

# What kind of thing is sold: as it stands in a sentence.
family-subscription = software subscriptions
family-perpetual = perpetual software
family-reservation = Azure reservations
family-linux-plan = SUSE and Red Hat plans

# The same as a label of one.
family-one-subscription = Software subscription
family-one-perpetual = Perpetual software
family-one-reservation = Azure reservation
family-one-linux-plan = SUSE or Red Hat plan

# Whom an item is for.
segment-commercial = Commercial
segment-education = Education
segment-government = Government
segment-nonprofit = Non-profit

# How long a purchase runs.
term-onetime = Perpetual
term-p1m = 1 month
term-p1y = 1 year
term-p3y = 3 years
term-p5y = 5 years

# How often a purchase is charged.
cycle-onetime = Once
cycle-monthly = Monthly
cycle-annual = Annually
cycle-triennial = Every three years

# How an order stands.
order-status-pending = Pending
order-status-completed = Completed
order-status-cancelled = Cancelled

# How a line of an order stands.
line-state-pending = Waits for keys
line-state-fulfilled = Active
line-state-ended = Ended
line-state-cancelled = Cancelled

# How a subscription stands.
subscription-status-active = Active
subscription-status-deleted = Cancelled
subscription-status-expired = Expired

# Why something is owed.
charge-new = Purchase
charge-cyclecharge = Further cycle
charge-renew = Renewal
charge-cancelimmediate = Cancellation

# How a product key stands.
key-state-assigned = Not opened yet
key-state-revealed = Opened
key-state-revoked = Revoked

# How a download link stands.
link-standing-live = Can be used
link-standing-expired = Expired
link-standing-used-up = Used up
link-standing-revoked = Revoked

# What a customer was vetted as.
qualification-none = Ordinary company
qualification-education = School or university
qualification-nonprofit = Non-profit organisation
qualification-government-cloud = Government cloud
qualification-state-owned = State-owned company

# The operating system a file is for.
platform-windows = Windows
platform-linux = Linux
platform-macos = macOS
platform-any = Any system

# The processors a file is for.
bits-32 = 32-bit
bits-64 = 64-bit
bits-arm64 = ARM64

# Whose doing it was.
side-partner = Partner
side-customer = Customer
side-operator = Operator
