# Software that was bought: keys, downloads and links.
problem = Problem:
portal-billing = Billing
submit = Submit
close = Close
copied = Copied
not-copied = Could not be copied: mark the text and copy it by hand
download = Download
manifest = Manifest
manifest-signature = signature
software-none = No software was bought yet. What is bought stands here, with its keys and downloads.
software-lead = Open a product to get its keys and downloads.
software-quantity = Quantity: { $count }
software-open = Keys and downloads
software-runs-until = Runs until
software-given-back = Given back
software-cancelled-at = cancelled { $at }
software-was-cancelled = The purchase was cancelled. Keys and downloads are not available any more, and the links ended.
software-term-over = The term is over, and keys and downloads with it. Buy the product anew to go on using it.
software-waits = The order waits for product keys. It goes on by itself as soon as they arrive; nothing has to be done here.
software-nothing-yet = There are no keys or downloads for this product yet.
software-who-partner = Keys and downloads are for Admin agents.
software-who-customer = Keys and downloads are for your company’s Global admin.
software-select = Select product
software-version = Version
software-language = Language
software-bits = Bitness
software-type = File type/OS
software-get = Get keys and downloads
software-gone = This is not there any more. Choose again.
software-key-only = This product has a key only; there is nothing to download.
software-no-such = There is no download for this choice.
software-there-is = There is: { $list }.
software-guide = How keys and downloads are handled safely
guide-address = /help/keys-and-downloads
key-title-short = Product key
key-title = Product key, version { $version }
key-opened = The key was opened; that stands in the activity log.
key-give-partner = Whoever knows it can use up its activations: give it to the customer only, by a way nobody else reads.
key-give-customer = Whoever knows it can use up its activations: give it only to those who install it.
key-no-mail = It is never sent by mail from here.
key-show = Show the key
key-copy = Copy the key
key-get = Get Key
key-reason = Reason
key-reason-optional = Reason (optional)
key-reason-asked = The operator asks why a key is opened.
key-activations = { $count ->
    [one] It allows { $count } activation.
   *[other] It allows { $count } activations.
}
key-activations-unlimited = Its activations are not limited.
key-asked = A second person was asked.
key-asked-next = Another Admin agent of your company agrees under <a href="/key-approvals">Approvals</a> within 24 hours. Then press Get Key again; it counts for a day.
link-title-short = Download link
link-title = Download link for { $file }
link-label = The link
link-copy = Copy link
link-again = Re-issue
link-until = It can be used until { $until }
link-days = { $count ->
    [one] It can be used for { $count } day from the first download on
   *[other] It can be used for { $count } days from the first download on
}
link-most = { $count ->
    [one] and for { $count } download, whichever ends first.
   *[other] and for { $count } downloads, whichever ends first.
}
link-days-after = { $count ->
    [one] { $count } day after the first download
   *[other] { $count } days after the first download
}
link-of = { $used } of { $max }
link-risks = Anybody who has the link can download with it, without signing in, and every download counts. Send it only to the person who needs it. It shows no key. Cancelling the purchase ends it at once. It is shown this once; another one can be made at any time.
links-title = Download links
link-file = File
link-issued = Issued
link-ends = Ends
link-downloads = Downloads
