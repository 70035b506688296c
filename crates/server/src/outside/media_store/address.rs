//! Reading `s3://bucket/prefix` and the variables that go with it.
//!
//! Never here: a request, a variable's value in an error.

use std::net::IpAddr;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use reqwest::Url;

use super::MediaError;
use super::bucket::Bucket;

const CONNECT_TIME: Duration = Duration::from_secs(5);
/// Until the next bytes of an answer.
const READ_TIME: Duration = Duration::from_secs(30);
/// Until a part has been sent and answered: four of 16 MiB at once need 110 kB/s. A peer that is gone is noticed
/// earlier.
const SEND_TIME: Duration = Duration::from_secs(10 * 60);
/// Some 30 s and some 5 s in all, when the storage refuses the connection at once.
const SEND_RETRIES: usize = 7;
const READ_RETRIES: usize = 4;
/// A signature is good for 15 minutes, and a request is not signed again.
const RETRY_TIME: Duration = Duration::from_secs(2 * 60);
const BUCKET_LENGTHS: std::ops::RangeInclusive<usize> = 3..=63;

const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const ALLOW_HTTP: &str = "AWS_ALLOW_HTTP";
/// The first that is set is the address, as it is for others' tools.
const ENDPOINTS: [&str; 2] = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];
const REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];
/// Credentials that are neither of the two: together they are enough.
const IDENTITIES: [&[&str]; 3] = [
    &["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
    &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"],
    &["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"],
];
/// What else is taken from the environment.
const OTHERS: [&str; 8] = [
    KEY_ID,
    SECRET,
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_ENDPOINT_URL_STS",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_SERVER_SIDE_ENCRYPTION",
    "AWS_SSE_KMS_KEY_ID",
];

impl Bucket {
    /// Reads the address; nothing is sent.
    pub(super) fn open(place: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, MediaError> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let (bucket, prefix) = parse(place)?;
        credentials_are_there(&variable)?;
        let endpoint = ENDPOINTS.into_iter().find_map(&variable);
        let plain = match &endpoint {
            Some(endpoint) => speaks_plain_http(endpoint, &variable)?,
            None => false,
        };
        let region = REGIONS.into_iter().find_map(&variable);
        if endpoint.is_none() && region.is_none() {
            return Err(MediaError::bad_place(
                "AWS_REGION must be set; for a storage other than that of AWS, AWS_ENDPOINT_URL",
            ));
        }
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
        for name in OTHERS.iter().chain(IDENTITIES.into_iter().flatten()) {
            let key = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>();
            if let (Some(value), Ok(key)) = (variable(name), key) {
                builder = builder.with_config(key, value);
            }
        }
        if let Some(region) = region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        // Not every storage knows the request that deletes many.
        builder = builder.with_disable_bulk_delete(true);
        let at = endpoint.as_deref().unwrap_or("aws");
        Ok(Self {
            patient: build(builder.clone(), plain, SEND_TIME, SEND_RETRIES)?,
            brisk: build(builder, plain, READ_TIME, READ_RETRIES)?,
            name: format!("s3://{bucket}/{prefix} {at}"),
            prefix,
        })
    }
}

/// No limit for a whole answer: media of many GiB take hours for some.
fn build(
    builder: AmazonS3Builder,
    plain: bool,
    answer_time: Duration,
    retries: usize,
) -> Result<AmazonS3, MediaError> {
    let options = ClientOptions::new()
        .with_timeout_disabled()
        .with_connect_timeout(CONNECT_TIME)
        .with_read_timeout(answer_time)
        .with_allow_http(plain);
    let retry = RetryConfig {
        // Each pause is about twice the one before it.
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(10),
            base: 4.0,
        },
        max_retries: retries,
        retry_timeout: RETRY_TIME,
    };
    let built = builder.with_client_options(options).with_retry(retry).build();
    built.map_err(MediaError::bad_place)
}

/// The bucket, and the prefix: empty or ending in a slash.
fn parse(place: &str) -> Result<(&str, String), MediaError> {
    let wrong = |why: &str| MediaError::bad_place(format!("{place:?}: {why}"));
    let rest = place.strip_prefix("s3://").ok_or_else(|| wrong("it must be s3://bucket/prefix"))?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let right = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_');
    if !BUCKET_LENGTHS.contains(&bucket.len()) || !bucket.bytes().all(right) {
        return Err(wrong(
            "a bucket has 3 to 63 letters, digits, dots and hyphens, as in s3://bucket/prefix",
        ));
    }
    let prefix = prefix.trim_end_matches('/');
    let right = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'/' | b'-' | b'_' | b'.');
    if Path::parse(prefix).is_err() || prefix.starts_with('/') || !prefix.bytes().all(right) {
        return Err(wrong("the prefix may hold letters, digits and - _ . between single slashes"));
    }
    Ok((bucket, if prefix.is_empty() { String::new() } else { format!("{prefix}/") }))
}

fn credentials_are_there(variable: &dyn Fn(&str) -> Option<String>) -> Result<(), MediaError> {
    let is_set = |name: &str| variable(name).is_some();
    match (is_set(KEY_ID), is_set(SECRET)) {
        (true, true) => Ok(()),
        (true, false) => Err(MediaError::bad_place(format!("{KEY_ID} is set, and {SECRET} is missing"))),
        (false, true) => Err(MediaError::bad_place(format!("{SECRET} is set, and {KEY_ID} is missing"))),
        // The address of a cloud machine's own credentials is not asked: elsewhere it would be waited for in vain.
        (false, false) if IDENTITIES.iter().any(|names| names.iter().all(|name| is_set(name))) => Ok(()),
        (false, false) => {
            Err(MediaError::bad_place(format!("{KEY_ID} and {SECRET} must be set for an s3:// place")))
        }
    }
}

/// Whether the address is http, which is for this machine and for whom says so.
fn speaks_plain_http(endpoint: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<bool, MediaError> {
    let wrong = |why: &str| MediaError::bad_place(format!("AWS_ENDPOINT_URL {why}"));
    let url = Url::parse(endpoint).map_err(|error| wrong(&format!("is no URL: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must not hold a user or password"));
    }
    match url.scheme() {
        "https" => Ok(false),
        "http" if loopback(url.host_str().unwrap_or_default()) => Ok(true),
        "http"
            if variable(ALLOW_HTTP)
                .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1") =>
        {
            Ok(true)
        }
        "http" => {
            Err(wrong("must begin with https://, or AWS_ALLOW_HTTP be true where the network is trusted"))
        }
        _ => Err(wrong("must begin with https://")),
    }
}

/// Whether a host is this machine, spelled as `localhost` or as an address.
fn loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
