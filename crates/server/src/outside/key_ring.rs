//! The installation's key ring: a small file that only its owner may read.
//!
//! It wraps the data keys in the database; without it the product keys stay sealed. Never here: what is sealed.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A key of the ring: 256 random bits.
pub type RingKey = Zeroizing<[u8; 32]>;

/// The keys, newest first. No Debug and no Serialize, so that none of them reaches a log.
pub struct KeyRing {
    /// Whether it belongs to a practice installation.
    pub practice: bool,
    keys: Vec<(String, RingKey)>,
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    practice: bool,
    keys: Vec<StoredKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredKey {
    id: String,
    key: String,
}

impl KeyRing {
    /// The ring at `path`; made anew, with mode 0600, where there is none.
    ///
    /// # Errors
    /// When the file cannot be read or written, others may read it, or its content is no key ring.
    pub fn open_or_create(path: &Path, practice: bool) -> anyhow::Result<Self> {
        if path.exists() {
            return Self::open(path);
        }
        let mut ring = Self { practice, keys: Vec::new(), path: path.to_owned() };
        ring.push_fresh();
        ring.save(true)?;
        Ok(ring)
    }

    /// The ring at `path`.
    ///
    /// # Errors
    /// When the file cannot be read, others may read it, or its content is no key ring.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let metadata =
            fs::metadata(path).with_context(|| format!("the key ring {} cannot be read", path.display()))?;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            bail!(
                "the key ring {path} may be read by others (mode {mode:04o}); run `chmod 600 {path}`, and rotate its key if others had the chance to copy it",
                path = path.display()
            );
        }
        let text = Zeroizing::new(
            fs::read_to_string(path)
                .with_context(|| format!("the key ring {} cannot be read", path.display()))?,
        );
        let stored: Stored = serde_json::from_str(&text).map_err(|error| {
            anyhow::anyhow!("{} is not a key ring (line {})", path.display(), error.line())
        })?;
        let keys = stored
            .keys
            .into_iter()
            .map(|StoredKey { id, key }| {
                let bytes =
                    Zeroizing::new(STANDARD.decode(Zeroizing::new(key).as_bytes()).unwrap_or_default());
                let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| {
                    anyhow::anyhow!("key {id} of {} is not 32 bytes in base64", path.display())
                })?;
                Ok((id, Zeroizing::new(key)))
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        if keys.is_empty() {
            bail!("the key ring {} holds no key", path.display());
        }
        Ok(Self { practice: stored.practice, keys, path: path.to_owned() })
    }

    /// The newest key, which wraps whatever is wrapped from now on.
    pub fn current(&self) -> Option<(&str, &RingKey)> {
        self.keys.first().map(|(id, key)| (id.as_str(), key))
    }

    /// A key by its id.
    pub fn key(&self, id: &str) -> Option<&RingKey> {
        self.keys.iter().find(|(own, _)| own == id).map(|(_, key)| key)
    }

    /// The ring as its file is now: another process may have added a key.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn read_again(&self) -> anyhow::Result<Self> {
        Self::open(&self.path)
    }

    /// The ids of all keys, newest first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(id, _)| id.as_str())
    }

    /// Adds a fresh key in front and saves the ring; the older keys stay until nothing is wrapped by them.
    ///
    /// # Errors
    /// When the file cannot be written; the old file is whole then.
    pub fn add_fresh(&mut self) -> anyhow::Result<()> {
        self.push_fresh();
        self.save(false)
    }

    /// Drops every key but the newest and saves the ring.
    ///
    /// # Errors
    /// When the file cannot be written; the old file is whole then.
    pub fn drop_old(&mut self) -> anyhow::Result<()> {
        self.keys.truncate(1);
        self.save(false)
    }

    fn push_fresh(&mut self) {
        let mut key = Zeroizing::new([0; 32]);
        crate::ids::fill(key.as_mut());
        self.keys.insert(0, (crate::ids::random_text(9), key));
    }

    /// Writes beside the file and moves into place, so that a crash leaves the old ring or the new one.
    fn save(&self, new: bool) -> anyhow::Result<()> {
        let stored = Stored {
            practice: self.practice,
            keys: self
                .keys
                .iter()
                .map(|(id, key)| StoredKey { id: id.clone(), key: STANDARD.encode(key.as_slice()) })
                .collect(),
        };
        let text = Zeroizing::new(serde_json::to_string_pretty(&stored)?);
        let target = if new { self.path.clone() } else { self.path.with_extension("json.new") };
        let problem = || format!("the key ring {} cannot be written", target.display());
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(new)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&target)
            .with_context(problem)?;
        file.write_all(text.as_bytes()).with_context(problem)?;
        file.sync_all().with_context(problem)?;
        if !new {
            fs::rename(&target, &self.path).with_context(problem)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_ring_is_private_and_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring.json");
        let mut ring = KeyRing::open_or_create(&path, true).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let first = ring.current().unwrap().0.to_owned();
        ring.add_fresh().unwrap();
        let again = KeyRing::open(&path).unwrap();
        assert!(again.practice);
        assert_eq!(again.ids().count(), 2);
        assert_ne!(again.current().unwrap().0, first);
        assert!(again.key(&first).is_some());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_ring_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring.json");
        KeyRing::open_or_create(&path, false).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = KeyRing::open(&path).err().unwrap().to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }

    #[test]
    fn a_broken_ring_is_named_without_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring.json");
        KeyRing::open_or_create(&path, false).unwrap();
        fs::write(&path, r#"{"practice":false,"keys":[{"id":"a","key":"c2VjcmV0"}]}"#).unwrap();
        let error = KeyRing::open(&path).err().unwrap().to_string();
        assert!(error.contains("32 bytes") && !error.contains("c2VjcmV0"), "{error}");
    }
}
