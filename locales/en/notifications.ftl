# What people are told, on the page and by mail.
notice-title = Notifications
notice-none = Nothing yet. What you need to know about orders, keys and your account will stand here.
notice-read-all = Mark all as read
notice-all-read = Everything is marked as read.
notice-older = Older notifications
notice-new = New
notice-open = Open
notice-what-is-mailed = Choose what you get by mail

# The kinds: what stands above each, and is the subject of its mail.
notice-kind-order-placed = Order placed
notice-kind-keys-waiting = An order waits for product keys
notice-kind-invoice-ready = Invoice or credit note issued
notice-kind-renewal-failed = Subscription not renewed
notice-kind-window-closing = Cancellation ends soon
notice-kind-order-cancelled = Order cancelled
notice-kind-request-answered = Your request was answered
notice-kind-sign-in-new-place = Sign-in from a new place
notice-kind-stock-low = Few product keys left
notice-kind-request-filed = New request from a partner

# The sentences.
notice-order-placed = { $customer }: order { $order } was placed ({ $product }).
notice-keys-waiting = { $customer }: order { $order } waits, because no product key is in stock ({ $product }). It goes on by itself once keys arrive.
notice-invoice-ready = Invoice { $number } for { $month } was issued.
notice-credit-note-ready = Credit note { $number } for { $month } was issued.
notice-renewal-failed = { $customer }: { $product } ended on { $ended } and was not renewed, because { $why ->
    [term] it is not sold on these terms any more
    [quantity] this quantity is not sold any more
    [sale] it has no price there
   *[rules] it may not be bought for this customer any more
}. { $final ->
    [yes] It has ended for good.
   *[no] It is tried again every day until { $until }.
}
notice-window-closing = { $customer }: order { $order } can be cancelled until { $closes }.
notice-order-cancelled = { $customer }: order { $order } was cancelled, whole or in part ({ $product }).
notice-request-answered = The operator answered your request “{ $title }”.
notice-sign-in-new-place = Somebody signed in as you from { $address } ({ $browser }). If that was not you, end the session and change your password.
notice-stock-low = { $left ->
    [one] { $left } product key is left for { $product }, version { $version }.
   *[other] { $left } product keys are left for { $product }, version { $version }.
}
notice-request-filed = { $partner } asks: { $title }

# Mails.
mail-open = Open in Chandlery
mail-when = When: { $at }
mail-preferences = Choose which mails you get
mail-reset-subject = Set a new password
mail-reset-asked = Somebody, probably you, asked for a new password for { $name }.
mail-reset-open = Choose a new password
mail-reset-life = The link works once and for 30 minutes.
mail-reset-ignore = If you did not ask for it, do nothing: your password stays as it is.

# One's own settings.
settings-title = My settings
settings-saved = Your settings are saved.
settings-reading = Language and time
settings-language = Language
settings-language-browser = As my browser asks
settings-zone = Time zone
settings-zone-hint = For example Europe/Berlin. Leave it empty to use your browser’s.
settings-zone-wrong = There is no such time zone. Choose one from the list, such as Europe/Berlin.
settings-example = A time then looks like this: { $time }
settings-show-example = Show an example
settings-mails = Mails
settings-mails-hint = Notifications stand on their page in any case. Which of them do you want by mail as well?
settings-mails-none = This installation sends no mail. Your choice counts once it does.
settings-mails-always = always on, for your safety
settings-no-address = Your sign-in name is not a mail address, so no mail can reach you.
notice-kind-payment-late = Invoice overdue
notice-payment-late = Invoice { $number } was due on { $due }; { $open } of it are open.
