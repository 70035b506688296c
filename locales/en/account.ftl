# What several pages of this part say.
account-problem = Problem:

# Signing in.
sign-in-title = Sign in
sign-in-name = Sign-in name
sign-in-name-hint = It looks like a mail address: name@example.com
sign-in-password = Password
sign-in-forgotten = Forgotten your password?
sign-in-or = or
sign-in-with = Sign in with { $name }
sign-in-provider-unreachable = That provider cannot be reached at the moment. Try again, or sign in with a password.

# The second step of signing in, and confirming it before something that matters.
second-factor-title = Second step
second-factor-title-again = Confirm that it is you
second-factor-lead = Show your second factor to finish signing in.
second-factor-lead-again = Before this, show your second factor again. It counts for { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
    }.
second-factor-code = Code from your authenticator app
second-factor-code-hint = Six digits. The app shows a new code every 30 seconds.
second-factor-go-on = Go on
second-factor-use-passkey = Use a passkey
second-factor-use-recovery = Use a recovery code
second-factor-recovery = Recovery code
second-factor-recovery-hint = One of the codes you kept when you set up the second factor. Each works once.
second-factor-recovery-use = Use this code
second-factor-stuck = Cannot do any of this? Ask an administrator to reset your second factor.
second-factor-other-name = Start again with another name

# Passkeys, at signing in and on the security page.
passkey-noscript = A passkey needs JavaScript. Allow it for this site and load the page again.
passkey-noscript-or-code = A passkey needs JavaScript. Allow it for this site and load the page again, or use a code.
passkey-text-cancelled = Nothing was confirmed on your device. Try again.
passkey-text-duplicate = This device has a passkey here already.
passkey-text-network = The server did not answer, or passkeys are off here. If your second factor is older than 15 minutes, show it again at /second-factor, then try again.
passkey-text-failed = The passkey could not be used. Try again, or use another second factor.

# Setting up an authenticator app.
totp-title = Set up an authenticator app
totp-lead = An authenticator app shows a new six-digit code every 30 seconds. With it, a stolen password alone opens nothing.
totp-get = Get an app
totp-get-text = Any app for one-time codes (TOTP) will do, such as Microsoft Authenticator, Google Authenticator, Aegis or a password manager.
totp-add = Add this account to it
totp-add-text = In the app, choose to add an account and point the camera at this picture.
totp-picture = QR picture that adds { $account } to an authenticator app. The same secret stands below as text.
totp-no-camera = No camera? Type the secret instead
totp-account = Account
totp-secret = Secret
totp-kind = Kind
totp-kind-text = Time-based, six digits, 30 seconds
totp-type = Type the code it shows
totp-code = Six-digit code
totp-do = Set up

# Fresh recovery codes.
recovery-title = Your recovery codes
recovery-lead = If you lose your phone or passkey, each of these codes lets you sign in once in its place.
recovery-careful = <strong>They are shown only now.</strong> Print this page or keep the codes in a password manager before you go on. Earlier codes no longer work.
recovery-list = Recovery codes
recovery-print = To print, use your browser’s menu. Keep the paper where only you can reach it, and not with your password.
recovery-go-on = I have kept them, go on

# Passwords: changing one's own, and what a new one must be.
password-title = Change your password
password-title-first = Choose your own password
password-lead-first = You signed in with a temporary password that somebody else has seen. Replace it now with one that only you know; then you can go on.
password-temporary = Temporary password
password-current = Current password
password-new = New password
password-again = New password again
password-rules = At least 12 characters, at most 256; not your name, not your old password, and not one character over and over. Long is better than complicated.
password-save-first = Save and go on
password-save = Change the password
password-back = Back without changing it
password-new-differ = The two new passwords differ. Type the same one twice.
password-differ = The two passwords differ. Type the same one twice.

# A forgotten password.
forgot-title = Forgotten password
forgot-lead = Type your sign-in name. We send a link for a new password to the mail address kept with it.
forgot-send = Send the link
forgot-back = Back to signing in
forgot-sent-title = Look at your mail
forgot-sent-lead = If that sign-in name is known here, a mail with a link for a new password is on its way.
forgot-sent-wait = The link works once and only for a short time. If nothing comes within a few minutes:
forgot-sent-junk = look in the folder for unwanted mail,
forgot-sent-again = <a href="/forgot">ask again</a> and check the spelling of the name,
forgot-sent-ask = or ask an administrator for a temporary password.
forgot-no-mail = This installation sends no mail. Ask your administrator for a new temporary password.

# The page a mailed link leads to.
reset-title = Choose a new password
reset-lead = It replaces the old one at once.
reset-save = Save the password
reset-another = Link too old? Ask for another
reset-done-title = Your password is changed
reset-done-lead = You are signed out everywhere. Sign in with the new password; your second factor is the same.
reset-over = This link was used or is too old. Ask for a new one.

# The first administrator of a fresh installation.
set-up-title = Set up Chandlery
set-up-lead = You are making the first administrator. This account can add every other user and application, so give it to a person, not to a team.
set-up-name = Your name
set-up-do = Make the administrator
set-up-over = This link was used or is too old. Restart the server for a new one.

# Where a reseller's invitation leads.
invitation-title = { $partner } would like to serve your company
invitation-lead = { $partner } ({ $country }) asks to become your company's reseller. To accept, tell it your company's legal name, address and domain; it then adds your company, and your administrator gets a way in here. If you did not expect this, do nothing.
invitation-unknown-title = This invitation is not known
invitation-unknown-lead = The link is incomplete, or the reseller does not trade any more. Ask it for a new link.

# One's own ways to sign in, sessions and applications allowed.
security-title = Security
security-password = Password
security-password-hint = Change it if somebody else may know it.
security-password-change = Change password
security-app = Authenticator app
security-app-there = Set up
security-app-since = since
security-app-missing = Not set up
security-app-hint = It gives a code for the second step of signing in.
security-app-another = Set up another app instead
security-app-add = Set up an app
security-passkeys = Passkeys
security-passkeys-hint = A passkey lives on your phone, computer or security key and cannot be given away by mistake.
security-passkey-added-at = Added
security-last-used = Last used
security-not-used = Not used yet
security-passkey-remove = Remove<span class="unseen"> the passkey { $name }</span>
security-passkey-name = Name of a new passkey
security-passkey-name-hint = So that you know it again, such as “Work laptop”.
security-passkey-add = Add a passkey
security-passkey-noscript = Adding a passkey needs JavaScript. Allow it for this site and load the page again.
security-passkey-not-asked = Begin again: no passkey was asked for.
security-passkey-refused = The passkey was not taken: { $why }.
security-passkey-added = The passkey was added.
security-passkey-gone = That passkey is not there any more.
security-passkey-only = This is your only second factor. Add another one first, then remove it.
security-passkey-removed = The passkey was removed.
security-recovery = Recovery codes
security-recovery-none = None left
security-recovery-none-hint = Make new ones, so that a lost phone does not lock you out.
security-recovery-left = { $count ->
    [one] { $count } left
   *[other] { $count } left
}
security-recovery-hint = { $count ->
    [one] Make new ones soon. New codes end the old one.
   *[other] New codes end the old ones.
}
security-recovery-make = Make new codes
security-sessions = Where you are signed in
security-session-this = This one
security-session-from = From <span class="address">{ $address }</span>
security-session-began = Signed in
security-session-seen = Last seen
security-session-end = End
security-session-end-which = the session of { $what }, last seen
security-session-over = That session is over already.
security-session-ended = The session was ended.
security-end-all-hint = Something you do not know? Sign out everywhere, this browser too, then change your password.
security-end-all = Sign out everywhere
security-browser-on = { $browser } on { $system }
security-browser-unknown = An unknown browser
security-grants = Applications that act for you
security-grants-none = None. When you allow an application something, it stands here.
security-grant-began = Allowed
security-grant-revoke = Revoke<span class="unseen"> what { $name } may do</span>
security-grant-unnamed = An application that was revoked
security-grant-revoked = The application may not act for you any more, as of now.
security-grant-gone = That application has no leave any more.

# The people of one's own company.
users-title = Users
users-add = Add a user
users-none = Nobody is on this list yet. Add the first user with the button above.
users-name = Name
users-roles = Roles
users-state = State
users-factor = Second factor
users-roles-none = None
users-active = Active
users-inactive = May not sign in
users-factor-there = Set up
users-factor-missing = Not set up
users-more = More users
users-all = All users
users-disabled = This user is disabled and cannot sign in.
users-self = This is your own account. Your password and second factor are on the page <a href="/account">Security</a>.
users-form = Name and roles
users-next-password = Next you see a temporary password to hand on. The user replaces it at the first sign-in.
users-save = Save
users-add-do = Add the user
users-saved = Saved. It counts from now on.
users-help = If this user cannot sign in
users-reset-password = Reset the password
users-reset-password-text = The present password stops working and you see a temporary one to hand on.
users-reset-password-do = Reset the password now
users-reset-factor = Reset the second factor
users-reset-factor-text = Authenticator app, passkeys and recovery codes are removed, and the user sets up new ones. First make sure, by voice or in person, that it is really this user who asks.
users-reset-factor-do = Reset the second factor now
users-reset-factor-done = The second factors are gone; the next sign-in asks for a new one.
users-disable = Disable this user
users-disable-text = The user is signed out everywhere and cannot sign in until enabled again. Nothing is deleted.
users-disable-do = Disable now
users-enable = Enable this user
users-enable-text = The user can sign in again with the same password and roles.
users-enable-do = Enable now
users-role-locked = You cannot change this role.
users-roles-nothing = There is no role to give.
users-role-refused = You may not give or take the role { $role }.
users-password-careful = <strong>It is shown only now.</strong> Hand it on by voice or in person, not in the same mail as the sign-in name. It must be replaced at the first sign-in.
users-password-back = I have noted it, go back

# The roles, and what one is told of each.
role-operator-admin = Operator administrator
role-operator-admin-about = Runs this installation.
role-operator-support = Operator support
role-operator-support-about = Answers requests; changes nothing.
role-global-admin = Global admin
role-global-admin-about = Everything about the company; opens no key and cancels nothing.
role-admin-agent = Admin agent
role-admin-agent-about = Works for customers; the only role that opens keys and cancels.
role-sales-agent = Sales agent
role-sales-agent-about = Customers, orders and agreements.
role-helpdesk-agent = Helpdesk agent
role-helpdesk-agent-about = Looks customers up and helps them.
role-billing-admin = Billing admin
role-billing-admin-about = Invoices and prices.
role-user-management-admin = User management admin
role-user-management-admin-about = People and their roles.
role-account-admin = Account admin
role-account-admin-about = The company's profile and company roles.
role-referrals-admin = Referrals admin
role-referrals-admin-about = Reads the activity log.
role-marketing-content-admin = Marketing content admin
role-marketing-content-admin-about = Reads the activity log.
role-mpn-partner-admin = Partner programme admin
role-mpn-partner-admin-about = The programme's profile and prices.
role-customer-global-admin = Customer's global admin
role-customer-global-admin-about = The customer's own administrator.
role-customer-billing-admin = Customer's billing admin
role-customer-billing-admin-about = The customer's own billing.
role-customer-user = Customer's user
role-customer-user-about = Anybody else of the customer.

# Applications and their credentials.
apps-title = Applications
apps-add = Add an application
apps-badge-public = Public
apps-badge-revoked = Revoked
apps-client-id = Client id
apps-roles = Roles
apps-roles-none = None
apps-redirects = Redirect addresses
apps-redirects-none = None: it signs nobody in
apps-credentials = Secrets and keys
apps-credential-secret = Secret
apps-credential-key = Public key
apps-credential-added = Added
apps-credential-expires = Expires
apps-credential-never = Never
apps-credential-remove = Remove
apps-credential-remove-which = { $credential } of { $name }
apps-credential-removed = The credential was removed and gets no more tokens. Tokens it got hold for an hour at most; revoke the application to end them now.
apps-secret-add = Add a secret<span class="unseen"> to { $name }</span>
apps-secret-text = The server makes it and shows it once. The secrets above keep working, so you can change over without a gap.
apps-secret-make = Make a secret
apps-key-add = Add a public key<span class="unseen"> to { $name }</span>
apps-key-jwk = Public key as JWK
apps-key-hint = One JSON object that begins with {"{"}"kty": … Never paste a private key (one with a member "d").
apps-key-do = Add the key
apps-key-added = The public key of { $name } was added.
apps-revoke = Revoke<span class="unseen"> { $name }</span>
apps-revoke-text = { $name } stops working at once and for good. It stays on this list, so that earlier records keep their name.
apps-revoke-do = Revoke now
apps-none = There is no application yet.
apps-name = Name
apps-name-hint = People see it when they allow the application something.
apps-redirects-hint = Where people come back to after signing in: one complete address per line, exactly as the application sends it. Leave it empty if the application signs nobody in.
apps-public = Public application
apps-public-hint = It runs on people’s own devices or in their browsers, so it cannot keep a secret and gets none.
apps-add-do = Add the application
apps-added = { $name } was registered. Its client id is { $id }.
apps-problem = { $field }: { $why }.
apps-role-refused = You may not give the role { $role }.
apps-secret-title = Secret of { $name }
apps-secret-careful = <strong>It is shown only now.</strong> Put it straight into the application’s own secret store, never into its code or a mail. If it is lost, add another one and remove this.
apps-secret-secret = Secret
apps-secret-back = I have kept it, go back
apps-unfit = This application cannot be used

# The page that posts an answer back to an application.
post-back-title = Back to the application
post-back-lead = You are on your way back. If nothing happens, choose Continue.
post-back-continue = Continue

# Connecting a device.
device-title = Connect a device
device-title-allow = Allow this device?
device-wants = <strong>{ $application }</strong> wants to act for you on another device.
device-code-there = Code on that device
device-careful = Only go on if you started this yourself on your own device, and it shows the same code. If somebody sent you the code, choose Deny.
device-allow = Allow
device-deny = Deny
device-lead = Type the code that the device or the application shows.
device-code = Code
device-code-hint = Letters and digits; capitals and dashes do not matter.
device-go-on = Go on
device-unknown = No device of your company waits with this code. Look at the device again; codes last 15 minutes.
device-allowed-title = The device may act for you
device-allowed-lead = { $application } goes on by itself now. You can close this page.
device-denied-title = The device was refused
device-denied-lead = It may not act for you. You can close this page.
device-account = Your account

# Keys that wait for a second person.
approvals-title = Approvals
approvals-none = No key waits for a second person. When somebody of your company wants to open a product key, another Admin agent agrees here.
approvals-what = { $title }, key of version { $version }, order { $order }, for { $customer }
approvals-some-purchase = A purchase
approvals-some-customer = a customer
approvals-some-program = a program
approvals-purchase = The purchase
approvals-asked = Asked { $asked } by { $name }
approvals-until = Open until { $ends }
approvals-reason = Reason: { $reason }
approvals-mine = Somebody else has to agree.
approvals-agree = Agree<span class="unseen"> to { $what }</span>
approvals-agreed = You agreed. The key can be opened by whoever asked until { $ends }.

# Downloads by link.
download-unknown-title = There is no such download link
download-unknown-lead = Look whether the whole link was copied: it is long, and mail programs break it. Otherwise ask whoever sent it for a new one.
download-expired-title = This download link has expired
download-expired-lead = It ended on { $at }.
download-used-title = This download link is used up
download-used-lead = Every download it allowed was made.
download-revoked-title = This download link was revoked
download-revoked-lead = What it belonged to was cancelled or withdrawn on { $at }. Ask your software partner if you still need it.
download-closed-title = This download link cannot be used now
download-next = Your software partner, or the administrator of your company in its portal under Software, gets a new link with “Get keys and downloads”, as often as needed.
download-later-title = Not now
download-later-full = Too much is being downloaded at this moment; try again in a few seconds.
download-later-unreadable = The file cannot be read at this moment. Whoever runs this was told; try again later.
download-later-busy = The service is busy; try again in a few seconds.
download-medium-unknown-title = There is no such medium
download-medium-unknown-lead = Take the address of its manifest from the page or the answer the download came with.

# When something went wrong.
trouble-not-found-title = Not found
trouble-not-found-lead = This is not here, or not for you.
trouble-not-allowed-title = Not allowed
trouble-not-allowed-lead = Your roles do not allow this. A Global admin of your company can give you the role.
trouble-invalid-title = This cannot be taken
trouble-refused-title = This cannot be done
trouble-signed-out-title = Signed out
trouble-signed-out-lead = Sign in again to go on.
trouble-changed-title = Changed meanwhile
trouble-changed-lead = Somebody changed the same thing at the same moment. Go back and try again.
trouble-busy-title = Busy
trouble-busy-lead = The service is busy. Nothing was changed; try again in a moment.
trouble-broken-title = Something broke
trouble-broken-lead = Nothing was changed. Whoever runs this finds the cause in its log under { $id }.
trouble-back = Back to the start
trouble-sign-in = Sign in
trouble-wrong-password = The name or the password is not right. Try again.
trouble-wrong-current = The current password is not right. Try again.
trouble-wrong-code = The code is not right. Try again.
trouble-wrong-recovery = The recovery code is not right. Try again.
trouble-wrong-passkey = The passkey is not right. Try again.
trouble-wrong-passkey-answer = The passkey's answer is not right. Try again.
trouble-wrong-sign-in = The sign-in is not right. Try again.
trouble-wrong-link = The link is not right. Try again.
trouble-wait = Too many tries. Wait { $seconds } s, then try again.
trouble-over = This sign-in is over, or the step was taken already. Sign in again.
trouble-sign-in-busy = The service is busy. Try again in a moment.
sign-in-portal = For customers: your products, keys and downloads.
sign-in-not-customer = You work for the partner?
sign-in-partners = Partners sign in here
