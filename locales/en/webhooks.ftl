# Webhooks: where a partner’s program is told, and how its calls went.

webhook-title = Webhooks
webhook-lead = A program of yours is told by a call when something happens to what you sell, so that it does not have to ask.
webhook-registration = Your program
webhook-url = Address
webhook-url-hint = An address on the internet that begins with https://. Calls are sent there with POST.
webhook-events = What it is told
webhook-event-test-created = A test that you ask for.
webhook-event-subscription-updated = A subscription was renamed, renewed or cancelled, or its renewal was switched or given up.
webhook-event-invoice-ready = An invoice or a credit note was issued.
webhook-event-order-completed = An order was handed over: its keys and subscriptions are there.
webhook-event-order-cancelled = An order was cancelled, whole or in lines.
webhook-own-header = Signature in the header x-ms-signature
webhook-own-header-hint = Otherwise it comes in the header Authorization. Tick this if something on the way takes that header for itself.
webhook-remove = Remove this registration
webhook-remove-text = Your program is told nothing any more, and nothing that waits is sent. Calls that were made stay listed for a while.
webhook-remove-do = Remove
webhook-calls = Calls
webhook-calls-hint = A call counts as taken when your program answers with a status from 200 to 299 within 30 seconds. Otherwise it is made again, up to ten times in all in a little over a day.
webhook-test = Send a test
webhook-all = Show all calls
webhook-only-failed = Show only those that were given up
webhook-none = No calls.
webhook-older = Older calls
webhook-next = Next attempt:
webhook-again = Send again
webhook-attempts = { $count ->
    [one] { $count } attempt
   *[other] { $count } attempts
}
webhook-answered = answered { $status }
webhook-unanswered = no answer: { $why }
webhook-state-waiting = Waits
webhook-state-delivered = Taken
webhook-state-failed = Given up
webhook-done-saved = Saved.
webhook-done-removed = Removed.
webhook-done-tested = The test is on its way. It is listed below.
webhook-done-again = It is sent again.
