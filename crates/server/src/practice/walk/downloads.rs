//! The chapter about downloads: what there is, a link, a broken download that is gone on with, the one too many, and the end
//! of links with their purchase.

use anyhow::Context as _;
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;

use super::{Story, decimal, items, text};
use crate::app::manifest;
use crate::outside::minisign;

/// How much arrives before the connection breaks.
const BREAKS_AT: usize = 1_600_000;

/// A download as a program makes it: from a byte on, and only so much of it where the connection breaks.
async fn fetch(
    url: &str,
    from: usize,
    etag: &str,
    breaks_at: Option<usize>,
) -> anyhow::Result<(u16, Vec<u8>)> {
    // A client of its own: hanging up closes the connection.
    let http = reqwest::Client::builder().no_proxy().build()?;
    let mut request = http.get(url);
    if from > 0 {
        request = request.header("Range", format!("bytes={from}-")).header("If-Range", etag);
    }
    let mut answer = request.send().await?;
    let (status, mut bytes) = (answer.status().as_u16(), Vec::new());
    while let Some(piece) = answer.chunk().await? {
        bytes.extend_from_slice(&piece);
        if breaks_at.is_some_and(|most| bytes.len() >= most) {
            bytes.truncate(breaks_at.unwrap_or_default());
            break;
        }
    }
    Ok((status, bytes))
}

/// How many downloads of the newest link are counted; asked until it is what is expected, because the end of a download
/// is noted a moment later.
async fn counted(story: &Story<'_>, customer: &str, order: &str, expected: i64) -> anyhow::Result<bool> {
    let path = format!("/v1/customers/{customer}/orders/{order}/lines/0/downloads");
    for _ in 0..100 {
        let made = story.client.get(&path).await?;
        if made.pointer("/links/0/downloads").and_then(Value::as_i64) == Some(expected) {
            return Ok(true);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    Ok(false)
}

async fn issue(story: &Story<'_>, option: &Value) -> anyhow::Result<(String, Value)> {
    let link = story.client.get(&format!("/v1{}", text(option, "/downloadLink/uri")?)).await?;
    Ok((text(&link, "/uri")?, link))
}

/// Downloads what was bought; returns a link that could still be used.
pub async fn walk(story: &mut Story<'_>, customer: &str, order: &Value) -> anyhow::Result<String> {
    let id = text(order, "/id")?;
    let item = text(order, "/lineItems/0/offerId")?;
    let mut parts = item.split(':');
    let (product, sku) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    story.title("What can be downloaded: versions, languages, bitness and file types");
    let path = format!("/v1/customers/{customer}/products/{product}/skus/{sku}/downloadoptions");
    let options = story.client.get(&path).await?;
    for own in items(&options) {
        story.say(format!(
            "{:<8} {:<26} {:<12} {:>9} bytes",
            text(own, "/version")?,
            text(own, "/languageName")?,
            text(own, "/cpUandFileType")?,
            decimal(own, "/fileSize")?
        ));
    }
    let wanted = items(&options).iter().find(|own| {
        text(own, "/languageCode").is_ok_and(|tag| tag == "de-DE")
            && text(own, "/version").is_ok_and(|version| version == "2022")
    });
    let option = wanted.context("there is no German medium")?.clone();

    story.title(
        "A download link is issued for the customer: two weeks or 50 downloads, whichever comes first",
    );
    let (url, link) = issue(story, &option).await?;
    let until = text(&link, "/expiryDate")?;
    story.say(format!("until {until}, {} downloads", decimal(&link, "/maximumDownloads")?));
    story.check("it ends two weeks later", until.starts_with("2020-02-07T10:00:00"));

    story.title("The connection breaks in the middle; the download goes on where it was, and counts once");
    let head = reqwest::Client::builder().no_proxy().build()?.head(&url).send().await?;
    let etag = head.headers().get("etag").and_then(|own| own.to_str().ok()).unwrap_or_default().to_owned();
    let (_, first) = fetch(&url, 0, &etag, Some(BREAKS_AT)).await?;
    story.say(format!("{} bytes arrived before it broke", first.len()));
    let (status, rest) = fetch(&url, first.len(), &etag, None).await?;
    let whole = [first, rest].concat();
    let hash = hex::encode(digest(&SHA256, &whole));
    story.check("the rest is sent with 206", status == 206);
    story.check("both parts together have the hash of the catalogue", hash == text(&option, "/sha256")?);
    story.check("one download is counted", counted(story, customer, &id, 1).await?);

    story.title("The manifest is signed: what arrived can be checked without trusting the line");
    let manifest_url = text(&option, "/manifest/uri")?;
    let address =
        manifest_url.strip_prefix(&story.client.url).context("the manifest is elsewhere")?.to_owned();
    let said = story.client.text(&address).await?;
    let signature = story.client.text(&format!("{address}.minisig")).await?;
    let key = story.client.text("/.well-known/chandlery-media-key").await?;
    let checked = minisign::check(&key, said.as_bytes(), &signature);
    let read = manifest::read(&said).map_err(|why| anyhow::anyhow!(why))?;
    let fits = read.sha256.to_string() == hash && usize::try_from(read.size)? == whole.len();
    story.check("the signature is right, and size and hash are those of the file", checked.is_ok() && fits);

    story.title("The fiftieth download succeeds, the next one is refused and told what to do");
    let mut succeeded = 1;
    for _ in 0..49 {
        let (status, bytes) = fetch(&url, 0, &etag, None).await?;
        succeeded += u32::from(status == 200 && bytes.len() == whole.len());
    }
    story.check("50 downloads succeeded", succeeded == 50);
    let (status, told) = fetch(&url, 0, &etag, None).await?;
    story.say(String::from_utf8_lossy(&told).trim().to_owned());
    story.check("the 51st is answered with 410", status == 410);
    let (again, _) = issue(story, &option).await?;
    let (status, _) = fetch(&again, 0, &etag, None).await?;
    story.check("another link is issued and works", status == 200);
    Ok(again)
}

/// The links after their purchase was cancelled.
pub async fn after_cancelling(story: &mut Story<'_>, link: &str) -> anyhow::Result<()> {
    let (status, told) = fetch(link, 0, "", None).await?;
    story.say(String::from_utf8_lossy(&told).trim().to_owned());
    story.check("its download links ended with it: 410", status == 410);
    Ok(())
}
