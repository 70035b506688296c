//! Mails as people get them: the same words as plain text and as HTML, in the reader's language.
//!
//! Never here: sending, or what stays secret. A link that opens something stands only in the mail it was asked for.

use askama::Template;

use crate::error::Error;
use crate::texts::Reader;

/// A mail to be written.
pub struct Letter<'a> {
    /// How its reader reads.
    pub reader: &'a Reader,
    /// The subject, which is its heading too.
    pub subject: String,
    /// What it says, paragraph by paragraph.
    pub says: Vec<String>,
    /// Where it leads: what the button says, and the whole address.
    pub link: (String, String),
    /// What stands below, smaller.
    pub below: Vec<String>,
    /// Where the reader says which mails it wants, with the words of the link.
    pub settings: Option<(String, String)>,
}

/// A mail as it is sent.
pub struct Written {
    /// The subject, one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

#[derive(Template)]
#[template(path = "mail.txt", escape = "none")]
struct Plain<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Rich<'a> {
    letter: &'a Letter<'a>,
    language: &'static str,
}

impl Letter<'_> {
    /// Writes the mail.
    ///
    /// # Errors
    /// When a template cannot be filled in.
    pub fn write(&self) -> Result<Written, Error> {
        let language = self.reader.language.tag();
        Ok(Written {
            // A name of a customer's may stand in a subject, and a subject is one line.
            subject: self
                .subject
                .chars()
                .map(|own| if own.is_control() { ' ' } else { own })
                .take(150)
                .collect(),
            text: Plain { letter: self }.render().map_err(Error::internal)?,
            html: Rich { letter: self, language }.render().map_err(Error::internal)?,
        })
    }
}
