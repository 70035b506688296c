# What is wrong with something somebody gave. Programs and the command line are told the English, without a full stop
# where the sentence begins with the input's name.

complaint-plain = { $text }

# What an input is called, as the beginning of a sentence.
input-userprincipalname = The sign-in name
input-name = The name
input-amount = The amount
input-reference = The reference
input-number = The document
input-format = This format
input-roles = The roles
input-redirecturi = The redirect address
input-redirecturis = The redirect addresses
input-jwk = The public key
input-client-id = The application
input-credential = The credential
input-activations = The activations
input-description = The description
input-key = The product key
input-text = The text
input-reason = The reason
input-partner = The partner
input-country = The country
input-day = The day
input-from = The first day
input-work = The work
input-billingcycle = The billing cycle
input-cart = The cart
input-file = The file
input-version = The version
input-medium = The file
input-prices = The prices

# The end of such a sentence.
complaint-name-form = must look like name@domain, at most 113 letters
complaint-name-taken = is taken; choose another one
complaint-roles-last = would leave nobody who can manage the others; give somebody else the role first
complaint-roles-unknown = must be roles of this list
complaint-roles-public = must be empty: a public application acts for people only
complaint-application-name = must have 1 to 100 letters
complaint-redirects-many = must be ten at most
complaint-applications-many = cannot be registered: revoke applications that are not used any more
complaint-public-credential = is a public application, which cannot keep a credential
complaint-credentials = cannot be added: { $most } count already; remove one that is not used any more first
complaint-activations-unlimited = are not limited for this product; nothing needs to be asked
complaint-activations = must be more than the { $allowed } the key allows, and at most { $most }
complaint-description = must say why, in at most { $most } letters
complaint-key-asked = is the subject of an open request already; wait for its answer
complaint-partner-admin = has a Global admin already
complaint-country-unknown = is no market
complaint-country-listed = is on the list already
complaint-day-past = must not lie before today or before the first day
complaint-day-said = was said before
complaint-day-form = must be a day such as 2020-01-24
complaint-work-no-mail = can only be given up when it is a mail
complaint-billing-cycles = must be the same for every line of an order; use a cart for several
complaint-no-keys = has no product keys in stock
complaint-notes = cannot be added: a request has at most { $most } notes
complaint-letters = must have at most { $most } letters
complaint-reason = must have at most { $most } letters, in one line
complaint-cart-lines = holds at most { $most } lines
complaint-file-cut = did not arrive in full
complaint-file-form = must be sent by the form
complaint-version = must be one of the versions on this page
complaint-medium = must be one of the files on this page
complaint-prices = were not imported

# A new password that is not good enough.
password-short = The password has { $length } characters; it needs at least { $least }.
password-long = The password is longer than { $most } characters; choose a shorter one.
password-repeats = The password repeats the same few characters; choose one with more different ones.
password-name = The password contains your sign-in name; choose one that does not.
password-old = The new password is the old one; choose another.

# Somebody who comes back from a sign-in service and is not let in.
elsewhere-not-begun = This sign-in was not begun in this browser, or took too long. Begin again.
elsewhere-unused = This provider is no longer used here. Sign in with a password.
elsewhere-denied = The provider did not let you in. Try again, or ask your administrator.
elsewhere-not-trusted = The provider's answer could not be trusted. Begin again; if it stays so, tell your administrator.
elsewhere-no-role = None of your groups has a role here. Ask your administrator to give you one.
elsewhere-not-active = You may not sign in here any more. Ask your administrator.
elsewhere-no-name = Your provider tells neither a sign-in name nor a mail address for you.
elsewhere-name-unfit = The name your provider tells cannot be used as a sign-in name here.
elsewhere-name-taken = Somebody here has your sign-in name already, with an account of its own. Ask your administrator to remove it or to rename it.

# An application that asks in a way that cannot be answered.
authorize-twice = The application sent { $name } twice; it must be sent once.
authorize-unknown = The application is not known here, or was revoked.
authorize-busy = The service is busy. Try again in a moment.
authorize-address = The application asked for an answer at an address that is not registered for it. Whoever runs the application must register the exact address.
authorize-mode = The application asked for an answer in an unknown way.

# Addresses and keys of applications.
redirect-wrong = { $address } cannot be taken: a redirect address begins with https://, or with http:// and a loopback host, and has neither user, password nor fragment.
key-no-json = The key is not JSON: { $why }.
key-private = This is a private key. Keep it, make a new pair, and register the public half only.
key-no-jwk = The key is not a JSON web key (RFC 7517) of kind RSA, EC or OKP.
key-kind = The key must be RSA, EC (P-256 or P-384) or Ed25519.
key-short = The RSA key must have 2048 bits at least.
key-numbers = The key's numbers cannot be read.

# Why a passkey is not taken: the end of a sentence.
passkey-origin = passkeys do not work at this address: { $why }
passkey-no-name = a user without a name cannot register a passkey
passkey-too-many = the user has as many passkeys as are allowed
passkey-none = the user has no passkey
passkey-too-long = the answer is too long
passkey-unreadable = the { $what } cannot be read
passkey-wrong-challenge = the answer is to another challenge
passkey-wrong-origin = the answer was given at another address
passkey-framed = the answer was given inside a page of another address
passkey-not-verified = the authenticator did not verify the user
passkey-unknown = the passkey is not one of the user's
passkey-counter = the passkey's counter did not rise: it may have been copied
passkey-not-acceptable = the passkey is registered already or of a kind that was not asked for
passkey-refused = the answer was refused

# Files that are imported: where, and what is wrong. Names and words of columns stay as the files have them.
import-row-of = line { $line }, { $column }: { $why }
column-header = header
column-row = row
import-unreadable = { $why }
import-no-csv = is not readable as UTF-8 CSV
import-no-utf-8 = is not UTF-8
import-control = must not hold control characters
import-column-missing = the column is missing from the header
import-row-short = the row ends before this column
import-row-twice = is the same item, market, currency, term, plan, tier and start as in line { $first }
import-length = expected a text of 1 to { $most } bytes
import-wrong-product = { $text }: expected 12 letters and digits
import-wrong-sku = { $text }: expected 1 to 4 letters and digits
import-wrong-segment = { $text }: expected one of Commercial, Education, Government, Charity
import-wrong-term = { $text }: expected OneTime, P1M, P1Y, P3Y or P5Y
import-wrong-plan = { $text }: expected OneTime, Monthly, Annual or Triennial
import-wrong-market = { $text }: expected a country code of two letters, such as SE
import-wrong-currency = { $text }: expected a currency code of three letters, such as EUR
import-wrong-price = { $text }: expected a price from 0 to 1000000000 with a decimal point and at most 8 decimals, such as 1499.95
import-wrong-count = { $text }: expected a whole number above 0, or nothing
import-wrong-instant = { $text }: expected an instant such as 2020-01-01T00:00:00Z (UTC)
import-wrong-percent = { $text }: expected a percentage from 0 to 100 with a decimal point, such as 25.5
import-wrong-day = { $text }: expected a day such as 2020-07-01
import-wrong-tags = { $text }: expected Software;Perpetual, Software;Subscription, Software;Linux or Azure;Reservation
import-date-out-of-range = the date lies beyond the year 9999
import-date-order = must not lie before EffectiveStartDate
import-tier-order = must not be smaller than PricingTierRangeMin
import-term-of-family = perpetual software is OneTime (or nothing); everything else has a term such as P1Y
import-no-availability = has no availability
import-sku-family = the same SKU is { $family } in an earlier line
import-sku-clash = SKU { $sku } is { $old } in the catalogue and cannot become { $new }
import-overlap = { $item } in { $row }: { $start } to { $end } and { $later } to { $last }
import-wrong-version = expected one of a version of at most 50 letters, digits, blanks and . - _ + ( )
import-keys-columns = the columns ProductId and Key are needed; Version and Activations may be left out
import-keys-activations = must be a whole number above 0, or nothing
import-keys-product = expected 12 letters and digits
import-keys-format = expected a key like { $example }
import-keys-free = expected a key like any printable text of up to 128 characters
import-keys-twice = is the same as in line { $first }
import-keys-unknown = { $product } is not in the catalogue; import its prices first
import-keys-handed = was handed to a customer before and cannot be sold again
import-keys-elsewhere = is in stock for another product, { $product }
complaint-not-electronic = is not possible for this document: { $why }
complaint-needed = must be given
complaint-lines = must have at most { $most } lines
complaint-country-code = must be a country as two letters, such as SE
complaint-region = must be a part of the country as in ISO 3166-2, such as CA-QC
complaint-mail = must be an e-mail address
complaint-tax-id = must be a VAT number of the country, such as { $example }
complaint-tax-id-country = { $id } is a number of { $country }, not of the country of the address
complaint-electronic-address = must be a scheme, a colon and an id, such as 0088:4012345000009 or EM:bills@example.com
complaint-iban = must be an IBAN with right check digits, such as DE89 3704 0044 0532 0130 00
complaint-bic = must have 8 or 11 letters and digits, such as COBADEFF
import-rate-twice = is the same tax as in line { $line }, in force at the same time
import-rate-ends = must not lie before effective_from
import-plan-of-family = only subscriptions are paid in several charges; leave this empty, or choose a plan as long as the term
complaint-amount = must be above nothing
complaint-day-ahead = must not lie ahead
complaint-entered-before = was entered before
complaint-document-unknown = there is no { $number } in { $currency } for this partner
