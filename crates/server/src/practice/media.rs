//! The twin's media: a few small files made up here, and one of five gibibytes that takes no room, because it is all
//! zeros.

use std::io::Write as _;

use anyhow::Context as _;
use aws_lc_rs::digest::{SHA256, digest};
use chandlery_domain::ids::MediumId;
use chandlery_domain::media::{Choice, Medium, Sha256};

use crate::app::{Context, media};
use crate::cli::media as commands;
use crate::error::Error;
use crate::installation::{Installation, OPERATOR};

/// The length of the large medium.
pub const LARGE: u64 = 5 * 1024 * 1024 * 1024;
/// The SHA-256 of five gibibytes of zeros.
const LARGE_SHA256: &str = "7f06c62352aebd8125b2a1841e2b9e1ffcbed602f381c3dcb3200200e383d1d5";

/// Product, version, language, bits, type and kibibytes of each small medium.
const SMALL: [(&str, &str, &str, &str, &str, usize); 8] = [
    ("DG7GMGF0FKZV", "2022", "en-US", "64", "ISO", 3 * 1024),
    ("DG7GMGF0FKZV", "2022", "de-DE", "64", "ISO", 3 * 1024),
    ("DG7GMGF0FKZV", "2022", "sv-SE", "64", "ISO", 3 * 1024),
    ("DG7GMGF0FKZV", "2019", "en-US", "64", "ISO", 2 * 1024),
    ("DG7GMGF0FKZV", "2019", "de-DE", "64", "ISO", 2 * 1024),
    ("DG7GMGF0FKZV", "2019", "en-US", "32", "EXE", 1536),
    ("DG7GMGF0DVT9", "2022", "de-DE", "64", "ISO", 2 * 1024),
    ("DG7GMGF0DVT9", "2019", "en-US", "64", "ISO", 2 * 1024),
];

fn name_of(product: &str, choice: &Choice) -> String {
    let title = if product == "DG7GMGF0FKZV" { "SQL_Server" } else { "Windows_Server" };
    let bits = choice.bits.as_str();
    let ending = choice.file_type.as_str().to_lowercase();
    format!("{title}_{}_{}_x{bits}_practice.{ending}", choice.version, choice.language)
}

/// Bytes that look like nothing and are the same each time.
fn filling(seed: &str, kibibytes: usize) -> Vec<u8> {
    let mut block = digest(&SHA256, seed.as_bytes()).as_ref().to_vec();
    while block.len() < 1024 {
        block.extend_from_slice(digest(&SHA256, &block).as_ref());
    }
    (0..kibibytes)
        .flat_map(|number| {
            let mut own = block.clone();
            own.splice(0..8, u64::try_from(number).unwrap_or(0).to_be_bytes());
            own
        })
        .collect()
}

/// Adds the media.
///
/// # Errors
/// When they cannot be stored.
pub async fn add(installation: &Installation) -> anyhow::Result<()> {
    for (product, version, language, bits, file_type, kibibytes) in SMALL {
        let choice = Choice {
            version: version.parse()?,
            language: language.parse()?,
            bits: bits.parse()?,
            file_type: file_type.parse()?,
            platform: "windows".parse()?,
        };
        let name = name_of(product, &choice);
        let mut file = tempfile::NamedTempFile::new_in(&installation.place.data)?;
        file.write_all(&filling(&name, kibibytes))?;
        commands::add(installation, (product.parse()?, choice), (file.path(), name.parse()?), None).await?;
    }
    add_large(installation).await.context("the large medium could not be made")
}

async fn add_large(installation: &Installation) -> anyhow::Result<()> {
    let cx = Context::system(OPERATOR, installation.clock.now(), "practice");
    let medium = Medium {
        id: MediumId::new(cx.ids()()),
        product: "DG7GMGF0DVT9".parse()?,
        choice: Choice {
            version: "2022".parse()?,
            language: "en-US".parse()?,
            bits: "64".parse()?,
            file_type: "ISO".parse()?,
            platform: "windows".parse()?,
        },
        name: "Windows_Server_2022_en-US_x64_practice.iso".parse()?,
        size: LARGE,
        sha256: LARGE_SHA256.parse::<Sha256>()?,
        added_at: cx.now,
    };
    let object = medium.id.uuid().simple().to_string();
    installation.media.place_sparse(&object, LARGE).await?;
    installation
        .store
        .write(cx.stamp(), move |tx| {
            let (_, entry) = media::add(tx, &medium, &object)?;
            Ok::<_, Error>(((), entry))
        })
        .await?;
    Ok(())
}
