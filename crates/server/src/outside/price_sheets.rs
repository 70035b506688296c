//! Uploaded price sheets, between being looked at and being imported: files in the installation's folder, named by their
//! SHA-256, so that what is imported is what was looked at. Gone after a day.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{Context, SHA256};
use tempfile::NamedTempFile;

/// How long a sheet is kept.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// The folder with the sheets.
#[derive(Debug, Clone)]
pub struct PriceSheets(PathBuf);

impl PriceSheets {
    /// The sheets in a folder, which is made when the first one comes.
    pub const fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// A file to write a sheet to; it is gone when it is dropped.
    ///
    /// # Errors
    /// The disk's own.
    pub fn begin(&self) -> io::Result<NamedTempFile> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        tempfile::Builder::new().prefix("upload-").tempfile_in(&self.0)
    }

    /// Keeps a sheet that was written in full, and tells the name it has from now on.
    ///
    /// # Errors
    /// The disk's own.
    pub fn keep(&self, file: NamedTempFile) -> io::Result<String> {
        let name = sum(file.path())?;
        file.as_file().sync_all()?;
        file.persist(self.path(&name)).map_err(|error| error.error)?;
        Ok(name)
    }

    /// Where a sheet lies, once it was made sure that it is there unchanged.
    ///
    /// # Errors
    /// When it is not, or the name is none.
    pub fn find(&self, name: &str) -> io::Result<PathBuf> {
        let right = name.len() == 64 && name.bytes().all(|own| matches!(own, b'0'..=b'9' | b'a'..=b'f'));
        let path = if right { self.path(name) } else { return Err(io::ErrorKind::NotFound.into()) };
        if sum(&path)? == name { Ok(path) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    /// Removes what has been there for longer than a day.
    ///
    /// # Errors
    /// The disk's own.
    pub fn forget_old(&self, now: SystemTime) -> io::Result<()> {
        let list = match fs::read_dir(&self.0) {
            Ok(list) => list,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in list {
            let entry = entry?;
            let written = entry.metadata()?.modified()?;
            if now.duration_since(written).is_ok_and(|age| age > KEPT) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.csv"))
    }
}

fn sum(path: &Path) -> io::Result<String> {
    let (mut file, mut hash) = (File::open(path)?, Context::new(&SHA256));
    let mut piece = vec![0_u8; 64 * 1024];
    loop {
        let read = file.read(&mut piece)?;
        match piece.get(..read) {
            Some([]) | None => return Ok(hex::encode(hash.finish())),
            Some(part) => hash.update(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn now() -> SystemTime {
        SystemTime::from(crate::clock::wall_clock())
    }

    #[test]
    fn a_sheet_is_found_unchanged_and_for_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let sheets = PriceSheets::at(folder.path().join("price-sheets"));
        sheets.forget_old(now()).unwrap();
        let mut file = sheets.begin().unwrap();
        file.write_all(b"a,b\n").unwrap();
        let name = sheets.keep(file).unwrap();
        let path = sheets.find(&name).unwrap();
        assert!(sheets.find(&"0".repeat(64)).is_err() && sheets.find("../keyring.json").is_err());
        sheets.forget_old(now() + Duration::from_secs(23 * 3600)).unwrap();
        assert!(path.exists());
        fs::write(&path, b"a,c\n").unwrap();
        assert!(sheets.find(&name).is_err(), "what was changed is not what was looked at");
        sheets.forget_old(now() + Duration::from_secs(25 * 3600)).unwrap();
        assert!(!path.exists());
    }
}
