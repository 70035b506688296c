//! The typesetter: one fixed template, one set of data, pages out.
//!
//! Text from outside reaches the template as JSON values only, never as source. Paths are interned once, because
//! their identifiers are never given back. No files, no packages, no network, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::error::Error;

/// In the order the template asks for them; the latter two take over what Inter has no letters for.
const FACES: [&[u8]; 4] = [
    include_bytes!("../fonts/Inter-Regular.ttf"),
    include_bytes!("../fonts/Inter-SemiBold.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../fonts/NotoSansArabic-Regular.ttf"),
];

/// What is the same for every document.
struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    paths: Paths,
}

struct Paths {
    template: FileId,
    data: FileId,
    logo: FileId,
    code: FileId,
}

static SHOP: LazyLock<Option<Shop>> = LazyLock::new(|| {
    let fonts: Vec<Font> = FACES.iter().flat_map(|face| Font::iter(Bytes::new(*face))).collect();
    let path = |name: &str| {
        VirtualPath::new(name).ok().map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
    };
    let paths = Paths {
        template: path("/invoice.typ")?,
        data: path("/data.json")?,
        logo: path("/logo.png")?,
        code: path("/code.svg")?,
    };
    Some(Shop {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: Source::new(paths.template, include_str!("invoice.typ").to_owned()),
        paths,
    })
});

/// What one document brings along.
pub(crate) struct Sheet {
    /// What the template reads as `/data.json`.
    pub data: Vec<u8>,
    /// A PNG picture, when the data says so.
    pub logo: Option<Vec<u8>>,
    /// An SVG picture, when the data says so.
    pub code: Option<String>,
    /// Tells this document from every other; goes into the PDF as a hash.
    pub identity: String,
}

/// Whether any of the fonts has a picture of the letter.
pub(crate) fn has(letter: char) -> bool {
    SHOP.as_ref()
        .is_some_and(|shop| shop.fonts.iter().any(|font| font.info().coverage.contains(u32::from(letter))))
}

/// Sets the sheet and writes it as PDF/A-3b with tags.
pub(crate) fn set(sheet: Sheet) -> Result<Vec<u8>, Error> {
    let shop = SHOP.as_ref().ok_or_else(|| Error::Typesetting("the template is not usable".to_owned()))?;
    let _forget = Forget;
    let desk = Desk {
        shop,
        data: Bytes::new(sheet.data),
        logo: sheet.logo.map(Bytes::new),
        code: sheet.code.map(Bytes::from_string),
    };
    let pages: PagedDocument = typst::compile(&desk).output.map_err(|found| spoken(&found))?;
    let standards = PdfStandards::new(&[PdfStandard::A_3b])
        .map_err(|reason| Error::Typesetting(reason.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(sheet.identity),
        creator: Smart::Custom(Some("Chandlery".to_owned())),
        timestamp: None,
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    };
    typst_pdf::pdf(&pages, &options).map_err(|found| spoken(&found))
}

/// Empties the typesetter's memory, however the rendering ends.
///
/// Keeping some of it made the next document no faster, and every long one kept cost a hundred megabytes.
struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        comemo::evict(0);
    }
}

fn spoken(found: &[SourceDiagnostic]) -> Error {
    Error::Typesetting(found.iter().map(|one| one.message.to_string()).collect::<Vec<_>>().join("; "))
}

/// The world one rendering sees.
struct Desk {
    shop: &'static Shop,
    data: Bytes,
    logo: Option<Bytes>,
    code: Option<Bytes>,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.book
    }

    fn main(&self) -> FileId {
        self.shop.paths.template
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.shop.paths.template {
            Ok(self.shop.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let paths = &self.shop.paths;
        let found = if id == paths.data {
            Some(self.data.clone())
        } else if id == paths.logo {
            self.logo.clone()
        } else if id == paths.code {
            self.code.clone()
        } else {
            None
        };
        found.ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
