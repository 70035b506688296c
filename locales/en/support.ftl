# Support requests: asked by partners, answered by the operator.
way-requests = Partners’ requests
support-new = New request
support-new-title = Report a problem with Partner Center
support-yours = Your requests
support-none = You have asked nothing yet. What you ask stands here with its answers; your colleagues do not see it.
support-older = Older requests
support-more = More requests
support-unread = New answer
support-changed = Last changed
support-state = Status
support-number = Request number
support-request-number = Request { $number }
support-asked = Asked on
support-due = First answer due
support-overdue = Overdue
support-was-answered = Answered

# The form.
support-details = Details
support-choose = Choose a type
support-type = Type of problem
support-impact = Impact
support-impact-answer = { $hours ->
    [one] { $impact }: first answer within { $hours } hour
   *[other] { $impact }: first answer within { $hours } hours
}
support-title = Title
support-description = Description
support-description-text = What is the problem?
support-description-hint = For every type of problem other than a refund. Say what you did, what happened, and what you expected. Never write a product key or a password here.
support-items-hint = For the refund type, all four are needed.
support-tenant = Customer tenant GUID or domain name
support-purchase = Order id or subscription id
support-reason = Refund reason
support-amount = Amount requested
support-amount-asked = Amount requested
support-customer = Customer
support-customer-optional = Customer’s tenant GUID or domain name (optional)
support-order = Order
support-partner = Partner
support-contact = Contact
support-contact-hint = Your own details, not the customer’s. The operator answers here and may call or write.
support-name = Name
support-email = E-mail address
support-phone = Phone number
support-add-files = Add files
support-files = Files
support-files-hint = { $count ->
    [one] Optional. One file of { $size } at most: PDF, picture, text, Word, Excel, OpenDocument text or ZIP.
   *[other] Optional. Up to { $count } files of { $size } each: PDF, pictures, text, Word, Excel, OpenDocument text or ZIP.
}
support-files-again = The files were not kept. Choose them again.
support-files-too-many = { $count ->
    [one] Choose one file at most.
   *[other] Choose at most { $count } files.
}
support-files-broken = The files did not arrive. Choose at most { $count } files of { $size } each.
support-file-too-large = { $name } is larger than { $size }. Choose a smaller file.
support-file-empty = { $name } is empty. Choose another file.
support-file-kind = { $name } is not of a kind that is taken, or is not what its name says. Choose a PDF, picture, text, Word, Excel, OpenDocument text or ZIP file.
support-submit = Submit
support-refund-title = Refund for { $product }
support-customer-unknown = You have no such customer. Give its tenant GUID or its whole domain name.
support-order-unknown = This customer has no such order or subscription. Give its number or its id.
support-amount-wrong = Give an amount in { $currency }, such as 1500.00.

# The conversation.
support-conversation = Conversation
support-you = You
support-operator = Operator
support-operator-person = { $name }
support-earlier = Earlier notes
support-withdrawn = Withdrawn, so that the order can be cancelled in the portal.
support-message = Message
support-add-note = Add a note
support-send = Send
support-close = Close request
support-reopen = Reopen request
support-reopen-title = Is the problem back?
support-raised = Your request was submitted. Its number is { $number }.
support-said = Your note was added.
support-closed = { $days ->
    [one] The request is closed. It can be reopened within { $days } day.
   *[other] The request is closed. It can be reopened within { $days } days.
}
support-reopened = The request is open again.

# The operator's side.
support-filter = Filter
support-any = Any
support-not-closed = Not closed
support-queue-empty = No request waits here.
support-ask-back = Ask for more information
support-answered = The answer was sent.
support-asked-back = The question was sent. The request waits for the partner.
support-closed-by-us = The request is closed.
support-activations-title = More activations
support-activations-wanted = Activations wanted
support-activations-answered = The request was answered and closed.
support-granted = Activations the key shall allow in all
support-answer = Answer to the partner
support-grant = Grant
support-refuse = Refuse
support-credit-title = Decide an exceptional credit
support-credit-lead = An exceptional credit gives money back without cancelling the order: keys and subscriptions go on. It cannot be taken back, and from then on the order cannot be cancelled in the portal.
support-credit-asked = Requested: { $amount }
support-credit-which = Order line
support-credit-line = { $title } (at most { $left })
support-credit-amount = Amount to credit
support-credit-reason = Reason
support-credit-reason-hint = Stands in the partner’s activity log.
support-credit-book = Book credit
support-credited = The credit was booked. Tell the partner with an answer.
support-credit-other = This form booked another credit before. What is left is shown below; decide anew if more is to be credited.

# Stored words.
support-topic-more-activations = More activations
support-topic-refund = CSP Purchase/Refund on behalf of customers
support-topic-technical = Technical problem
support-topic-billing = Billing
support-topic-account = Account and users
support-topic-other = Something else
support-impact-critical = Critical
support-impact-moderate = Moderate
support-impact-minimal = Minimal
support-state-open = Open
support-state-attention-needed = Attention needed
support-state-closed = Closed
charge-customercredit = Exceptional credit
operation-credit-order = Exceptional credit decided
fact-topic = Type of problem
fact-severity = Impact
fact-files = Files
fact-amount = Amount
fact-request = Request
trouble-ask = Ask the operator
