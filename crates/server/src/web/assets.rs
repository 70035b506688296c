//! Style, pictures and scripts: embedded, named by their hash, kept by browsers for good.

use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

struct Asset {
    /// The name templates use.
    name: &'static str,
    /// The name in addresses.
    hashed: String,
    kind: &'static str,
    text: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const MODULE: &str = "text/javascript; charset=utf-8";

macro_rules! assets {
    ($($name:literal $kind:expr;)*) => {
        static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
            vec![$(asset($name, $kind, include_str!(concat!("../../assets/", $name)))),*]
        });
    };
}

assets! {
    "site.css" CSS;
    "icon.svg" "image/svg+xml";
    "page.js" MODULE;
    "passkey.js" MODULE;
    "post-back.js" MODULE;
}

fn asset(name: &'static str, kind: &'static str, text: &'static str) -> Asset {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    // Paths are brought into lower case on their way in: so is the hash.
    let hash: String = hex::encode(digest.as_ref()).chars().take(16).collect();
    let hashed = match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash}.{ending}"),
        None => format!("{name}.{hash}"),
    };
    Asset { name, hashed, kind, text }
}

/// The address of an asset, by its plain name.
pub fn address(name: &str) -> String {
    let found = ASSETS.iter().find(|own| own.name == name);
    format!("/assets/{}", found.map_or(name, |own| own.hashed.as_str()))
}

/// `GET /assets/{file}`.
pub fn serve(file: &str) -> Response {
    let Some(own) = ASSETS.iter().find(|own| own.hashed == file || own.name == file) else {
        return (StatusCode::NOT_FOUND, "not found\n").into_response();
    };
    // Under its hash it never changes; under its plain name it may with the next version.
    let keep = if own.hashed == file { "public, max-age=31536000, immutable" } else { "no-cache" };
    (
        [
            (header::CONTENT_TYPE, own.kind),
            (header::CACHE_CONTROL, keep),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        own.text,
    )
        .into_response()
}
