//! What says how a medium must look when it arrives: a text that `sha256sum -c` reads, signed so that `minisign` checks it.

use chandlery_domain::media::{FileName, Medium, Sha256};

/// A manifest, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The file's name.
    pub name: FileName,
    /// Its length in bytes.
    pub size: u64,
    /// Its hash.
    pub sha256: Sha256,
}

/// The manifest of a medium of a product with this title.
pub fn write(medium: &Medium, title: &str) -> String {
    let title: String = title.chars().filter(|letter| !letter.is_control()).collect();
    format!(
        "# Chandlery manifest 1\n# product: {} {title}\n# medium: {}\n# size: {}\nSHA256 ({}) = {}\n",
        medium.product, medium.choice, medium.size, medium.name, medium.sha256
    )
}

/// Reads a manifest.
///
/// # Errors
/// Which line is missing or wrong.
pub fn read(text: &str) -> Result<Manifest, &'static str> {
    let mut lines = text.lines();
    if lines.next() != Some("# Chandlery manifest 1") {
        return Err("the first line is not `# Chandlery manifest 1`");
    }
    let size = text.lines().find_map(|line| line.strip_prefix("# size: ")).and_then(|own| own.parse().ok());
    let hash = text.lines().find_map(|line| line.strip_prefix("SHA256 ("));
    let (name, sha256) =
        hash.and_then(|own| own.rsplit_once(") = ")).ok_or("there is no line with a SHA256")?;
    Ok(Manifest {
        name: name.parse().map_err(|_| "the name of the file cannot be read")?,
        size: size.ok_or("there is no line with a size")?,
        sha256: sha256.parse().map_err(|_| "the SHA256 cannot be read")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chandlery_domain::ids::MediumId;
    use chandlery_domain::media::Choice;

    #[test]
    fn a_manifest_is_read_back() {
        let medium = Medium {
            id: MediumId::new(uuid::Uuid::from_u128(1)),
            product: "DG7GMGF0FKZV".parse().unwrap(),
            choice: Choice {
                version: "2022".parse().unwrap(),
                language: "de-DE".parse().unwrap(),
                bits: "64".parse().unwrap(),
                file_type: "iso".parse().unwrap(),
                platform: "any".parse().unwrap(),
            },
            name: "SQL Server (x64).iso".parse().unwrap(),
            size: 5,
            sha256: Sha256([7; 32]),
            added_at: "2020-01-01T00:00:00Z".parse().unwrap(),
        };
        let text = write(&medium, "SQL\nServer");
        let read_back = read(&text).unwrap();
        assert_eq!((read_back.name, read_back.size, read_back.sha256), (medium.name, 5, medium.sha256));
        for broken in [text.replace("# size: 5\n", ""), text.replace("SHA256", "MD5"), String::new()] {
            assert!(read(&broken).is_err());
        }
    }
}
