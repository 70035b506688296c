//! The pages about support requests, one struct per template: every text comes ready.

use askama::Template;
use chandlery_domain::support::{ENDINGS, FILE_BYTES_MAX, FILES_MAX};

use super::fields::Fields;
use super::pages::Frame;
use crate::texts::Html;

/// A request in a list.
pub struct RequestRow {
    /// Its address.
    pub address: String,
    /// Its number.
    pub number: String,
    /// One line.
    pub title: String,
    /// What it is about.
    pub topic: String,
    /// How much depends on it.
    pub impact: String,
    /// For whom, or the partner it comes from.
    pub who: String,
    /// Where it is in its life.
    pub state: String,
    /// How that is coloured.
    pub tone: &'static str,
    /// When something last happened.
    pub changed: Html,
    /// Until when the first answer is due; none where it was given.
    pub due: Option<Html>,
    /// Whether that is past.
    pub overdue: bool,
    /// Whether there is an answer not seen yet.
    pub unread: bool,
}

/// One's own requests.
#[derive(Template)]
#[template(path = "support.html")]
pub struct Mine {
    /// What stands around the page.
    pub frame: Frame,
    /// The requests.
    pub rows: Vec<RequestRow>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// Where files are chosen: the bounds the page and the server hold.
pub struct FileBounds {
    /// How many.
    pub most: usize,
    /// How large each may be, in bytes.
    pub each: usize,
    /// What is told of it.
    pub hint: String,
    /// What is told when the choice is wrong.
    pub wrong: String,
    /// The endings, for the browser.
    pub accept: String,
}

impl FileBounds {
    /// The bounds, for somebody who reads.
    pub fn new(frame: &Frame) -> Self {
        let size = frame.reader.size(u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX));
        Self {
            most: FILES_MAX,
            each: FILE_BYTES_MAX,
            hint: frame.t2("support-files-hint", "count", FILES_MAX, "size", size.clone()),
            wrong: frame.t2("support-files-broken", "count", FILES_MAX, "size", size),
            accept: ENDINGS.map(|own| format!(".{own}")).join(","),
        }
    }
}

/// The form: *Report a problem with Partner Center*.
#[derive(Template)]
#[template(path = "support_new.html")]
pub struct Report {
    /// What stands around the page.
    pub frame: Frame,
    /// What was typed.
    pub fields: Fields,
    /// The types of problems: word and name.
    pub topics: Vec<(String, String)>,
    /// The impacts: word and name with the answer's time.
    pub impacts: Vec<(String, String)>,
    /// Whether one may speak for customers.
    pub for_customers: bool,
    /// The bounds of files.
    pub files: FileBounds,
    /// Whether files were chosen and have to be chosen again.
    pub choose_again: bool,
    /// What is wrong beside the fields.
    pub error: Option<String>,
}

/// A file that was sent along.
pub struct FileRow {
    /// Its address.
    pub address: String,
    /// Its name.
    pub name: String,
    /// How large it is.
    pub size: String,
}

/// Something that was said.
pub struct Said {
    /// By whom.
    pub who: String,
    /// Whether by the operator.
    pub operator: bool,
    /// When.
    pub at: Html,
    /// What.
    pub text: String,
    /// What came with it.
    pub files: Vec<FileRow>,
}

/// What can be done with a request.
#[derive(Default)]
pub struct Can {
    /// Say something.
    pub say: bool,
    /// Close it.
    pub close: bool,
    /// Open it again.
    pub reopen: bool,
    /// Ask something back: the operator's.
    pub ask_back: bool,
    /// Grant or refuse activations: the operator's.
    pub activations: Option<u32>,
    /// Decide an exceptional credit: the operator's.
    pub credit: bool,
}

/// A request with its conversation.
#[derive(Template)]
#[template(path = "support_request.html")]
pub struct Conversation {
    /// What stands around the page.
    pub frame: Frame,
    /// The list it stands in: address and the id of its name.
    pub list: (&'static str, &'static str),
    /// Its address.
    pub address: String,
    /// The request.
    pub row: RequestRow,
    /// What it is for: name and value.
    pub facts: Vec<(String, String)>,
    /// When it was asked.
    pub asked: Html,
    /// Whom to reach.
    pub contact: Vec<String>,
    /// Where older notes are, if there are more than are shown.
    pub earlier: Option<String>,
    /// What was said, oldest first; the first is the description.
    pub said: Vec<Said>,
    /// What can be done.
    pub can: Can,
    /// What was typed.
    pub fields: Fields,
    /// The bounds of files.
    pub files: FileBounds,
    /// Whether files were chosen and have to be chosen again.
    pub choose_again: bool,
    /// What was done.
    pub message: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
}

/// The operator's queue.
#[derive(Template)]
#[template(path = "operator_requests.html")]
pub struct QueuePage {
    /// What stands around the page.
    pub frame: Frame,
    /// What is looked for.
    pub fields: Fields,
    /// The states: word and name.
    pub states: Vec<(String, String)>,
    /// The topics: word and name.
    pub topics: Vec<(String, String)>,
    /// The requests.
    pub rows: Vec<RequestRow>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// The decision on an exceptional credit.
#[derive(Template)]
#[template(path = "operator_credit.html")]
pub struct CreditPage {
    /// What stands around the page.
    pub frame: Frame,
    /// The request's address.
    pub address: String,
    /// Its number.
    pub number: String,
    /// What was asked for.
    pub asked: Option<String>,
    /// The lines: number, what was bought with what is left.
    pub lines: Vec<(String, String)>,
    /// What was typed.
    pub fields: Fields,
    /// What is wrong beside the fields.
    pub error: Option<String>,
}
