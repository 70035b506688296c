//! The pages for signing in and for looking after one's account, one struct per template.
//!
//! Never reads the clock, the store or a setting: every text, time and address comes ready from the caller, a time with
//! its zone written in it. Nothing here has Debug or Serialize, because some pages carry a secret.

use askama::Template;

use super::assets;
use super::brand::Shown;
use super::fields::{Difference, Fields};
use super::ward::Head;
use crate::texts::{Html, Language, Reader};

/// Where a link of the navigation leads.
#[derive(Clone)]
pub struct Way {
    /// The address.
    pub href: &'static str,
    /// The id of its label.
    pub label: &'static str,
}

/// What stands around every page: how its reader reads, the navigation and the practice banner.
#[derive(Clone, Default)]
pub struct Frame {
    /// How the reader reads.
    pub reader: Reader,
    /// The name of the person who is signed in; without one the bar has no links.
    pub person: Option<String>,
    /// What tells the person from every other, in a browser that several share; it says nothing else.
    pub who: Option<String>,
    /// The main ways.
    pub ways: Vec<Way>,
    /// What the gear leads to.
    pub gear: Vec<Way>,
    /// Whether the search over everything is offered.
    pub searches: bool,
    /// How many notifications were not read; none where there is no bell.
    pub unread: Option<i64>,
    /// What the house that shows the page is called and coloured.
    pub brand: Shown,
    /// Where the page is, with its query.
    pub path: String,
    /// Whether this is a practice installation, which every page then says.
    pub practice: bool,
}

/// A page says what its reader says.
impl std::ops::Deref for Frame {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Frame {
    /// The page's language.
    pub fn tag(&self) -> &'static str {
        self.reader.language.tag()
    }

    /// What the house that shows the page is called.
    pub fn house(&self) -> &str {
        self.brand.name.as_deref().unwrap_or("Chandlery")
    }

    /// The languages there are: tag, what its speakers call it, whether it is this page's.
    pub fn languages(&self) -> [(&'static str, &'static str, bool); 3] {
        Language::ALL.map(|own| (own.tag(), own.own_name(), own == self.reader.language))
    }

    /// The address of an asset.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// Whether the page lies under this way.
    pub fn at(&self, way: &Way) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        path == way.href || (way.href != "/" && path.starts_with(&format!("{}/", way.href)))
    }
}

/// A role that can be given, as a box to tick.
pub struct RoleBox {
    /// The word the form sends as `roles`.
    pub word: String,
    /// The name people read.
    pub label: String,
    /// One sentence on what the role allows.
    pub about: String,
    /// Whether the box is ticked.
    pub checked: bool,
    /// Whether the reader may change it; if not, the browser does not send the box, ticked or not.
    pub allowed: bool,
}

/// An outside sign-in service.
pub struct ProviderLink {
    /// Its id in `/sign-in/with/{id}`.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// The sign-in page.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    /// What stands around the page.
    pub frame: Frame,
    /// The opaque value that leads back to what the person wanted; may be empty.
    pub flow: String,
    /// The sign-in name as typed last.
    pub upn: String,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// The outside services a person can sign in with.
    pub providers: Vec<ProviderLink>,
    /// A short text above the form, such as that a password was changed.
    pub notice: Option<String>,
    /// The partner at whose customers' door it stands.
    pub door: Option<String>,
}

/// The page that asks for a second factor, at sign-in or before something that matters.
#[derive(Template)]
#[template(path = "second_factor.html")]
pub struct SecondFactor {
    /// What stands around the page.
    pub frame: Frame,
    /// The opaque value of the sign-in under way.
    pub flow: String,
    /// Whether the person has an authenticator app.
    pub has_totp: bool,
    /// Whether the person has a passkey.
    pub has_passkey: bool,
    /// Whether the person has recovery codes left.
    pub has_recovery: bool,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// Whether a signed-in person confirms something, rather than signs in.
    pub step_up: bool,
    /// One sentence on why the second factor is asked for.
    pub lead: String,
}

/// The page on which a person changes the password.
#[derive(Template)]
#[template(path = "change_password.html")]
pub struct ChangePassword {
    /// What stands around the page.
    pub frame: Frame,
    /// The opaque value of the sign-in under way; may be empty.
    pub flow: String,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// Whether a temporary password must be replaced before anything else.
    pub first: bool,
    /// What a password must be, in one or two sentences.
    pub rules: String,
}

/// The page on which a person adds an authenticator app (TOTP, RFC 6238).
#[derive(Template)]
#[template(path = "enrol_totp.html")]
pub struct EnrolTotp {
    /// What stands around the page.
    pub frame: Frame,
    /// The opaque value of the sign-in under way; may be empty.
    pub flow: String,
    /// The QR picture as SVG markup. Written as it is: it must be made by this server and have no `style` in it.
    pub qr_svg: String,
    /// The secret in base32, in groups of four with spaces.
    pub secret: String,
    /// The account's name in the app.
    pub account: String,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
}

/// The page that shows fresh recovery codes, once.
#[derive(Template)]
#[template(path = "recovery_codes.html")]
pub struct RecoveryCodes {
    /// What stands around the page.
    pub frame: Frame,
    /// The codes.
    pub codes: Vec<String>,
    /// The address to go on to.
    pub next: String,
}

/// A passkey on the security page.
pub struct PasskeyRow {
    /// Its id.
    pub id: String,
    /// The name its owner gave it.
    pub name: String,
    /// When it was added.
    pub added: Html,
    /// When it was last used.
    pub last_used: Option<Html>,
}

/// A session on the security page.
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// Browser and system, such as "Firefox on Windows".
    pub what: String,
    /// The network address it was last seen from.
    pub address: String,
    /// When it began.
    pub began: Html,
    /// When it was last seen.
    pub last_seen: Html,
    /// Whether it is the one that reads this page.
    pub current: bool,
}

/// What an application was allowed by the person, on the security page.
pub struct GrantRow {
    /// Its id.
    pub id: String,
    /// The application's name.
    pub application: String,
    /// When it was allowed.
    pub began: Html,
    /// When it was last used.
    pub last_used: Html,
}

/// The page on which a person looks after the ways to sign in, the sessions and the applications allowed.
#[derive(Template)]
#[template(path = "security.html")]
pub struct Security {
    /// What stands around the page.
    pub frame: Frame,
    /// Since when an authenticator app is set up.
    pub totp_since: Option<Html>,
    /// The passkeys.
    pub passkeys: Vec<PasskeyRow>,
    /// How many recovery codes are left.
    pub recovery_left: u32,
    /// The sessions.
    pub sessions: Vec<SessionRow>,
    /// The applications allowed.
    pub grants: Vec<GrantRow>,
    /// What was just done.
    pub message: Option<String>,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
}

/// The page for a forgotten password. Once `sent`, it says the same whether or not the person exists.
#[derive(Template)]
#[template(path = "forgot.html")]
pub struct Forgot {
    /// What stands around the page.
    pub frame: Frame,
    /// Whether the form was sent.
    pub sent: bool,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
}

/// The page a mailed link leads to, for a new password.
#[derive(Template)]
#[template(path = "reset.html")]
pub struct Reset {
    /// What stands around the page.
    pub frame: Frame,
    /// The token of the link.
    pub token: String,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// What a password must be, in one or two sentences.
    pub rules: String,
}

/// The page that makes the first operator administrator of a fresh installation.
#[derive(Template)]
#[template(path = "set_up.html")]
pub struct SetUp {
    /// What stands around the page.
    pub frame: Frame,
    /// The token of the set-up link.
    pub token: String,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// The sign-in name as typed last.
    pub upn: String,
    /// The person's name as typed last.
    pub name: String,
    /// What a password must be, in one or two sentences.
    pub rules: String,
}

/// The page of the device flow (RFC 8628, section 3.3): asks for the code, then for a decision.
#[derive(Template)]
#[template(path = "device.html")]
pub struct Device {
    /// What stands around the page.
    pub frame: Frame,
    /// The user code as typed or as it came with the link.
    pub code: String,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// The application the code belongs to; none while the code is still asked for.
    pub application: Option<String>,
}

/// The page that posts an answer back to an application (OAuth 2.0 Form Post Response Mode, section 2).
#[derive(Template)]
#[template(path = "post_back.html")]
pub struct PostBack {
    /// What stands around the page.
    pub frame: Frame,
    /// The redirect address of the application: an https address, or http on the person's own machine.
    pub action: String,
    /// The fields, as name and value.
    pub fields: Vec<(String, String)>,
}

/// A person in the list of users.
pub struct PersonRow {
    /// The id in `/users/{id}`.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// The sign-in name.
    pub upn: String,
    /// The roles, as ready text; may be empty.
    pub roles: String,
    /// The state, as ready text.
    pub state: String,
    /// Whether a second factor is set up.
    pub second_factor: bool,
}

/// The list of users.
#[derive(Template)]
#[template(path = "users.html")]
pub struct Users {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above pages about a customer's people.
    pub head: Option<Head>,
    /// Where the pages about these people begin.
    pub base: String,
    /// Whether they can be changed.
    pub can_change: bool,
    /// The people on this page of the list.
    pub people: Vec<PersonRow>,
    /// The address of the next page of the list.
    pub next: Option<String>,
    /// What was just done.
    pub message: Option<String>,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
}

/// The page for one user, new or known.
#[derive(Template)]
#[template(path = "edit_user.html")]
pub struct EditUser {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above pages about a customer's people.
    pub head: Option<Head>,
    /// Where the pages about these people begin.
    pub base: String,
    /// The id of a known user; none for a new one.
    pub id: Option<String>,
    /// The sign-in name.
    pub upn: String,
    /// The person's name.
    pub name: String,
    /// The roles to tick.
    pub roles: Vec<RoleBox>,
    /// Whether a known user can sign in.
    pub active: bool,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// What stands there, for the form to send back.
    pub seen: String,
    /// What somebody else changed meanwhile.
    pub differences: Vec<Difference>,
    /// What was just done.
    pub message: Option<String>,
    /// Whether the reader looks at the own account.
    pub is_self: bool,
}

/// The page that shows a temporary password, once.
#[derive(Template)]
#[template(path = "temporary_password.html")]
pub struct TemporaryPassword {
    /// What stands around the page.
    pub frame: Frame,
    /// The sign-in name.
    pub upn: String,
    /// The password.
    pub password: String,
    /// The address to go back to.
    pub back: String,
}

/// A credential of an application: a secret or a public key.
pub struct SecretRow {
    /// Its id.
    pub id: String,
    /// "Secret" or "Public key", as people read it.
    pub kind: String,
    /// What tells it from others without giving it away.
    pub hint: String,
    /// When it was added.
    pub added: Html,
    /// When it ends.
    pub expires: Html,
}

/// An application in the list.
pub struct ApplicationRow {
    /// The client id, also in `/applications/{id}/…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The roles, as ready text; may be empty.
    pub roles: String,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Whether it cannot keep a secret (RFC 6749, section 2.1).
    pub public: bool,
    /// Its credentials.
    pub secrets: Vec<SecretRow>,
    /// Whether it was taken out of use for good.
    pub revoked: bool,
}

/// The list of applications, with the form for a new one.
#[derive(Template)]
#[template(path = "applications.html")]
pub struct Applications {
    /// What stands around the page.
    pub frame: Frame,
    /// The applications.
    pub list: Vec<ApplicationRow>,
    /// The roles a new one can be given.
    pub roles: Vec<RoleBox>,
    /// What was typed for a new one.
    pub fields: Fields,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// What was just done.
    pub message: Option<String>,
}

/// The page that shows an application's secret, once.
#[derive(Template)]
#[template(path = "application_secret.html")]
pub struct ApplicationSecret {
    /// What stands around the page.
    pub frame: Frame,
    /// The application's name.
    pub name: String,
    /// Its client id.
    pub client_id: String,
    /// The secret.
    pub secret: String,
    /// The address to go back to.
    pub back: String,
}

/// A page with nothing but a short text: an error, or a notice.
#[derive(Template)]
#[template(path = "message.html")]
pub struct Message {
    /// What stands around the page.
    pub frame: Frame,
    /// The heading.
    pub title: String,
    /// One or two sentences; for an error with what to do next.
    pub lead: String,
    /// The way on: its address, then its words.
    pub link: Option<(String, String)>,
    /// Whether it is an error, which screen readers then say at once.
    pub alert: bool,
}
