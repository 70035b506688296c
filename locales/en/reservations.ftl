# Azure reservations, and the Azure subscriptions they are for.

reservation-own = Reservations
reservation-own-hint = Each lowers the price of machines that fit it, hour by hour; hours that are not used do not come back.
reservation-bought = Purchases
reservation-name = Name
reservation-scope = Scope
reservation-shared = Shared by all Azure subscriptions
reservation-change = Change
reservation-part = How many go into the first part?
reservation-part-hint = The rest of { $quantity } goes into the second. Together they are what they were.
reservation-split = Split
reservation-merge = Merge those that are ticked
reservation-merge-hint = Reservations that came out of one line of one order and have the same scope become one again.
reservation-guid = must be a GUID, such as 5b2d8c3e-0f1a-4d6b-9c7e-2a3b4c5d6e7f
reservation-state-creating = Being provisioned
reservation-state-running = Active
reservation-state-expired = Expired
reservation-state-replaced = Replaced
reservation-done-added = The Azure subscription was added.
reservation-done-registered = It is registered: reservations can be bought on it.
reservation-done-azure = Saved.
reservation-done-changed = The reservation was changed.
reservation-done-split = The reservation was split.
reservation-done-merged = The reservations were merged.
azure-title = Azure subscriptions
azure-hint = Reservations can be for one of them alone. An Azure subscription is made in Azure; here it is known by the id it has there.
azure-none = None yet.
azure-add = Add an Azure subscription
azure-add-do = Add
azure-id = Subscription id
azure-id-hint = A GUID; the Azure portal shows it under Subscriptions.
azure-registered = Registered for reservations
azure-not-registered = Not registered
azure-suspended = Suspended
azure-register = Register for reservations
azure-suspend = Suspend
azure-resume = Resume

# Giving back and exchanging

reservation-state-returned = Given back
reservation-done-returned = It was given back. The credit is on the next monthly invoice.
reservation-done-exchanged = It was exchanged. The credit and the new reservation are on the next monthly invoice.
give-back = Give back or exchange
give-back-refund = Get money back
give-back-exchange = Exchange
give-back-quantity = How many?
give-back-quantity-hint = { $most } at most. What is not given back stays as it is.
give-back-search = Search
give-back-search-hint = Only reservations of the same type can be chosen.
give-back-for = Exchange it for
give-back-more = There are more: search by a word of the name.
give-back-none = Nothing of the same type is sold under these words.
give-back-count = How many of the new one?
give-back-reckon = Reckon
give-back-comes = What comes back
give-back-worth = What the old one is worth
give-back-cheaper = { $paid } was paid for one; it costs { $now } today, and the lower price counts.
give-back-fee = { $percent } of { $worth } is kept: { $fee }
give-back-holds = It stays so until
give-back-policy-all = Policy in force since { $from }: everything in the first { $days ->
    [one] { $days } day
   *[other] { $days } days
}, then what is unused less { $percent }.
give-back-policy-part = Policy in force since { $from }: what is unused; { $percent } of it is kept after { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
give-back-cap = { $given } came back to this customer in the last { $months } months. After this, { $left } of { $most } are left.
give-back-new = What it is exchanged for
give-back-pay = What is charged beside it
give-back-important = The reservation ends at once: what runs under it costs the usual price from this hour on. That cannot be undone.
give-back-important-exchange = The old reservation ends at once, and the new one begins when it has been provisioned. That cannot be undone.
give-back-agree = I have read this, and the customer knows.
give-back-do = Give back
give-back-do-exchange = Exchange
give-back-tick-first = Tick that you have read what ends, then try again.
give-back-look-first = Look first at what comes back, then try again.
reservation-kind-unknown = unknown type
reservation-kind-virtualmachines = virtual machines
reservation-kind-sqldatabases = SQL Database
reservation-kind-manageddisk = managed disks
reservation-kind-dedicatedhost = dedicated hosts
reservation-kind-synapseprepurchase = Synapse, paid beforehand
reservation-kind-vmwarecloudsimple = VMware by CloudSimple
reservation-kind-azuredataexplorer = Azure Data Explorer
reservation-kind-blockblob = storage of blobs
azure-portal = Manage in the Azure portal
azure-portal-new = (opens in a new tab)
