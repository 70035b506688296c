//! Writing signed checkpoints to a place outside the database, so that a rewritten log can be told from the true one.
//!
//! Never here: what a checkpoint says or how it is signed; a line that was written is never read back, changed or
//! removed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url};

pub use super::reach::Failure;
use super::reach::{send, web_address, web_client};

const LONGEST_LINE: usize = 64 * 1024;
const FILE_TIME: Duration = Duration::from_secs(30);

/// Where checkpoints go. No Debug: an address may hold a token.
pub enum Anchor {
    /// A file that grows by one line each time, made with mode 0600.
    File(PathBuf),
    /// A web endpoint that takes one line per POST as `text/plain`.
    Url {
        /// The address: `https`, or `http` on this machine.
        url: Url,
        /// The client that reaches it, with the system's trust roots.
        client: Client,
    },
}

impl Anchor {
    /// Reads `file:/absolute/path` (also `file:///absolute/path`; taken literally, nothing is decoded) or `https://…`
    /// (`http://` on this machine only).
    ///
    /// # Errors
    /// When the text is neither, or the system's trust roots cannot be read. All are permanent.
    pub fn parse(target: &str) -> Result<Self, Failure> {
        let Some(path) = target.strip_prefix("file:") else {
            let url = web_address(target)?;
            let client = web_client(&url, None)?;
            return Ok(Self::Url { url, client });
        };
        let path = Path::new(path.strip_prefix("//").unwrap_or(path));
        if !path.is_absolute() || path.file_name().is_none() || target.contains('\0') {
            return Err(Failure::permanent("file: must be followed by the absolute path of a file"));
        }
        Ok(Self::File(path.to_owned()))
    }

    /// Writes one line (without a line break, at most 64 KiB) and returns when it is safe: synced to the disk, or
    /// answered with 2xx. After an error the line may still be there; writing it again is right.
    ///
    /// # Errors
    /// When the line holds a line break or is too long (permanent), or the place does not take it within 30 s.
    pub async fn put(&self, line: &str) -> Result<(), Failure> {
        if line.is_empty() || line.len() > LONGEST_LINE || line.contains(['\n', '\r']) {
            return Err(Failure::permanent("a checkpoint is one line of at most 64 KiB"));
        }
        match self {
            Self::File(path) => {
                let (path, line) = (path.clone(), line.to_owned());
                let writing = tokio::task::spawn_blocking(move || append(&path, &line));
                match tokio::time::timeout(FILE_TIME, writing).await {
                    Ok(Ok(Ok(()))) => Ok(()),
                    Ok(Ok(Err(error))) => Err(Failure::passing(format!("the anchor file: {error}"))),
                    Ok(Err(error)) => Err(Failure::passing(format!("the anchor file: {error}"))),
                    Err(_) => Err(Failure::passing("the anchor file was not written within 30 s")),
                }
            }
            Self::Url { url, client } => {
                let request = client.post(url.clone()).header(CONTENT_TYPE, "text/plain; charset=utf-8");
                send(request.body(line.to_owned())).await
            }
        }
    }
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    let (mut file, new) = open(path)?;
    // One write, so that a second writer's line lands before or after it and not inside.
    let mut text = String::with_capacity(line.len().saturating_add(2));
    if torn(&mut file)? {
        text.push('\n');
    }
    text.push_str(line);
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if new && let Some(folder) = path.parent() {
        // The file's name is safe only when its folder is.
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn open(path: &Path) -> io::Result<(File, bool)> {
    let mut options = OpenOptions::new();
    options.read(true).append(true);
    match options.clone().create_new(true).mode(0o600).open(path) {
        Ok(file) => Ok((file, true)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Opening a pipe would wait for its reader.
            if !std::fs::metadata(path)?.is_file() {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
            }
            Ok((options.open(path)?, false))
        }
        Err(error) => Err(error),
    }
}

/// Whether the last line has no end: an earlier write was cut short by a full disk or a power cut.
fn torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0_u8; 1];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn failure(target: &str) -> Failure {
        Anchor::parse(target).err().unwrap()
    }

    #[test]
    fn only_absolute_files_and_safe_addresses_are_anchors() {
        assert!(
            matches!(Anchor::parse("file:/a/b").unwrap(), Anchor::File(path) if path == Path::new("/a/b"))
        );
        assert!(
            matches!(Anchor::parse("file:///a/b%20c").unwrap(), Anchor::File(path) if path == Path::new("/a/b%20c"))
        );
        assert!(matches!(Anchor::parse("http://127.0.0.1:1/x").unwrap(), Anchor::Url { .. }));
        for wrong in ["file:", "file:a", "file:/", "file://host/a", "http://example.com/", "/a/b", "ftp://x/"]
        {
            assert!(failure(wrong).is_permanent(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_file_grows_by_whole_lines_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anchor");
        let anchor = Anchor::parse(&format!("file:{}", path.display())).unwrap();
        anchor.put("one å").await.unwrap();
        anchor.put("two").await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one å\ntwo\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "one\nto").unwrap();
        anchor.put("three").await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\nto\nthree\n");
        for wrong in ["", "a\nb", "a\r", &"x".repeat(LONGEST_LINE + 1)] {
            assert!(anchor.put(wrong).await.unwrap_err().is_permanent());
        }
    }

    #[tokio::test]
    async fn many_at_once_leave_whole_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anchor");
        let target = format!("file:{}", path.display());
        let mut writing = tokio::task::JoinSet::new();
        for number in 0..40 {
            let anchor = Anchor::parse(&target).unwrap();
            writing.spawn(async move { anchor.put(&format!("line {number:02}")).await });
        }
        while let Some(done) = writing.join_next().await {
            done.unwrap().unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).collect();
        lines.sort_unstable();
        assert_eq!(lines, (0..40).map(|number| format!("line {number:02}")).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn what_is_no_regular_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let anchor = Anchor::File(folder.path().to_owned());
        assert!(anchor.put("x").await.is_err());
        let missing = Anchor::File(folder.path().join("none/anchor"));
        assert!(!missing.put("x").await.unwrap_err().is_permanent());
        let device = Anchor::File("/dev/null".into());
        assert!(device.put("x").await.unwrap_err().to_string().contains("regular"));
    }
}
