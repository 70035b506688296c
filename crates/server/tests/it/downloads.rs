//! Media and the links that lead to them: what is offered, who gets it, and how it is counted.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use chandlery::api;
use chandlery::app::{Context, media as use_cases};
use chandlery::clock::{Clock, wall_clock};
use chandlery::error::Error;
use chandlery::identity::desk::{Desk, Reached};
use chandlery::installation::{Installation, OPERATOR};
use chandlery::outside::webhooks::Reach;
use chandlery_domain::access::Role;
use chandlery_domain::ids::MediumId;
use chandlery_domain::media::{Choice, Medium, Sha256};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower::ServiceExt as _;

use crate::world::{RMS, Reply, SQL, World, standard_keys};

/// The length of the media: more than what is free.
pub const SIZE: usize = 3 * 1024 * 1024;

/// Bytes that differ from place to place.
pub fn filling(seed: u8) -> Vec<u8> {
    (0..SIZE).map(|place| (place.wrapping_mul(31) >> 3) as u8 ^ (place >> 16) as u8 ^ seed).collect()
}

impl World {
    /// Adds a medium of a product; its id.
    pub async fn add_medium(&self, product: &str, version: &str, language: &str, bytes: &[u8]) -> MediumId {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let cx = Context::system(OPERATOR, self.now(), "test");
        let id = MediumId::new(cx.ids()());
        let key = id.uuid().simple().to_string();
        let installation = &self.installation;
        let stored =
            installation.media.upload(file.path(), key, &installation.place.uploads(), None, &|_| {}).await;
        let stored = stored.unwrap();
        let medium = Medium {
            id,
            product: product.parse().unwrap(),
            choice: Choice {
                version: version.parse().unwrap(),
                language: language.parse().unwrap(),
                bits: "64".parse().unwrap(),
                file_type: "ISO".parse().unwrap(),
                platform: "any".parse().unwrap(),
            },
            name: format!("{product}_{version}_{language}.iso").parse().unwrap(),
            size: stored.size,
            sha256: Sha256(stored.sha256),
            added_at: cx.now,
        };
        let object = stored.key;
        installation
            .store
            .write(cx.stamp(), move |tx| {
                let (_, entry) = use_cases::add(tx, &medium, &object)?;
                Ok::<_, Error>(((), entry))
            })
            .await
            .unwrap();
        id
    }

    /// Where the download options of a product are, for a customer.
    pub fn options_path(&self, customer: &str, product: &str, sku: &str) -> String {
        format!("{}/products/{product}/skus/{sku}/downloadoptions", self.path(customer))
    }

    /// Issues a link to a medium; the path behind our address.
    pub async fn link(&self, customer: &str, product: &str, sku: &str, medium: MediumId) -> String {
        let path =
            format!("{}/{}/downloadlink", self.options_path(customer, product, sku), medium.uuid().simple());
        let link = self.get(&path).await;
        let uri = link["uri"].as_str().unwrap();
        uri.split_once("://").unwrap().1.split_once('/').map(|(_, path)| format!("/{path}")).unwrap()
    }

    /// A request for a link from an address; the response with its body still to come.
    pub async fn fetch(&self, path: &str, address: &str, headers: &[(&str, &str)]) -> Response {
        fetch(&self.api, "GET", path, address, headers).await
    }

    /// Fetches a link to its end.
    pub async fn whole(&self, path: &str, address: &str, headers: &[(&str, &str)]) -> (u16, Vec<u8>) {
        let response = self.fetch(path, address, headers).await;
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        self.api.downloads.settle().await;
        (status, bytes)
    }

    /// Fetches a range to its end while something else is under way.
    pub async fn whole_beside(&self, path: &str, address: &str, range: &str) -> (u16, Vec<u8>) {
        let response = self.fetch(path, address, &[("range", range)]).await;
        let status = response.status().as_u16();
        (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    }

    /// Fetches about so many bytes of a link and hangs up.
    pub async fn part(&self, path: &str, address: &str, headers: &[(&str, &str)], least: usize) -> Vec<u8> {
        let response = self.fetch(path, address, headers).await;
        assert!(response.status().is_success(), "{}", response.status());
        let mut pieces = response.into_body().into_data_stream();
        let mut bytes = Vec::new();
        while bytes.len() < least
            && let Some(piece) = pieces.next().await
        {
            bytes.extend_from_slice(&piece.unwrap());
        }
        drop(pieces);
        self.api.downloads.settle().await;
        bytes
    }

    /// How many downloads of a line's links are counted, the newest link first.
    pub async fn counted(&self, customer: &str, order: &str, line: u32) -> Vec<u64> {
        let made = self.get(&format!("{}/orders/{order}/lines/{line}/downloads", self.path(customer))).await;
        made["links"].as_array().unwrap().iter().map(|own| own["downloads"].as_u64().unwrap()).collect()
    }

    /// The events of downloads in the log, oldest first.
    pub async fn download_events(&self) -> Vec<String> {
        let filter = r#"{"Field":"OperationType","Value":"download_software","Operator":"equals"}"#;
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("filter", filter).finish();
        let log =
            self.get(&format!("/v1/auditrecords?startDate=2020-01-01&endDate=2020-12-31&{query}")).await;
        let events: Vec<String> = log["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|own| {
                let data = own["customizedData"].as_array().unwrap();
                data.iter().find(|own| own["key"] == "Event").unwrap()["value"].as_str().unwrap().to_owned()
            })
            .collect();
        events
    }
}

async fn fetch(
    api: &api::Api,
    method: &str,
    path: &str,
    address: &str,
    headers: &[(&str, &str)],
) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let address: std::net::SocketAddr = format!("{address}:1234").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(address));
    api::normalised(api.clone()).oneshot(request).await.unwrap()
}

async fn bought(world: &World) -> (String, MediumId) {
    let medium = world.add_medium(SQL.1, "2022", "en-US", &filling(1)).await;
    let order = world.buy(&[world.line(SQL.1, "2", 2).await]).await;
    (order["id"].as_str().unwrap().to_owned(), medium)
}

fn headers_of(response: &Response) -> HashMap<String, String> {
    let pairs = response.headers().iter();
    pairs.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
}

on_both! {
    async fn options_say_what_exists_and_a_link_leads_to_it(world) {
        let (_, medium) = bought(&world).await;
        world.add_medium(SQL.1, "2019", "de-DE", &filling(2)).await;
        let options = world.get(&world.options_path("de", SQL.1, "2")).await;
        assert_eq!(options["totalCount"], 2);
        let first = &options["items"][0];
        assert_eq!(first["cpUandFileType"], "64 Bit, ISO");
        assert_eq!((first["languageCode"].as_str(), first["languageName"].as_str()), (Some("en-US"), Some("English (United States)")));
        assert_eq!(first["fileSize"], SIZE);
        assert_eq!(first["optionKey"], medium.uuid().simple().to_string());
        let by_country = world.get(&format!("/v1/products/{}/skus/2/downloadoptions?country=DE", SQL.1)).await;
        assert_eq!(by_country["totalCount"], 2);
        let link = world.get(&format!("/v1{}", by_country["items"][0]["downloadLink"]["uri"].as_str().unwrap())).await;
        assert_eq!((link["maximumDownloads"].as_u64(), link["expiryDate"].as_str()), (Some(50), Some("2020-02-15T10:00:00Z")));
        let path = world.link("de", SQL.1, "2", medium).await;
        let response = world.fetch(&path, "192.0.2.1", &[]).await;
        let headers = headers_of(&response);
        assert_eq!(headers["content-disposition"], format!("attachment; filename=\"{}_2022_en-US.iso\"", SQL.1));
        assert_eq!((headers["accept-ranges"].as_str(), headers["content-length"].as_str()), ("bytes", "3145728"));
        assert!(headers["repr-digest"].starts_with("sha-256=:") && headers["digest"].starts_with("SHA-256="));
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(bytes == filling(1));
    }

    async fn what_does_not_exist_is_refused_with_what_does(world) {
        let (_, _) = bought(&world).await;
        let path = format!("{}/{}/downloadlink", world.options_path("de", SQL.1, "2"), uuid::Uuid::from_u128(9).simple());
        let told = world.call("GET", &path, None).await.refused(404, 1000);
        assert!(told.contains("2022 en-US 64 Bit, ISO"), "{told}");
        let medium = world.add_medium(RMS.1, "2022", "en-US", &filling(3)).await;
        let path = format!("{}/{}/downloadlink", world.options_path("de", RMS.1, "7"), medium.uuid().simple());
        world.call("GET", &path, None).await.refused(403, 1000);
        world.call("GET", &format!("/v1/products/{}/skus/2/downloadoptions", SQL.1), None).await.refused(400, 3000);
        world.call("GET", &format!("/v1/products/{}/skus/2/downloadoptions?country=XX", SQL.1), None).await.refused(400, 3000);
        world.call("GET", &world.options_path("de", SQL.1, "99"), None).await.refused(404, 400_018);
    }

    async fn only_an_admin_agent_gets_a_link(world) {
        let (_, medium) = bought(&world).await;
        let path = format!("{}/{}/downloadlink", world.options_path("de", SQL.1, "2"), medium.uuid().simple());
        let admin = world.token_with(3001, vec![Role::GlobalAdmin]).await;
        world.call_as(&admin, "GET", &path, None).await.refused(403, 900_150);
        assert_eq!(world.call_as(&world.their_token, "GET", &path, None).await.status, 404);
        let told = world.get("/v1/auditrecords?startDate=2020-01-01").await;
        let tried = told["items"].as_array().unwrap().iter().any(|own| {
            own["operationType"] == "get_software_download_link" && own["operationStatus"] == "failed"
        });
        assert!(tried, "the refused attempt is in the log");
    }

    async fn a_broken_download_is_gone_on_with_and_counts_once(world) {
        let (order, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        let first = world.part(&path, "192.0.2.1", &[], 2 * 1024 * 1024).await;
        let head = fetch(&world.api, "HEAD", &path, "192.0.2.1", &[]).await;
        let etag = headers_of(&head)["etag"].clone();
        let range = format!("bytes={}-", first.len());
        let (status, rest) = world.whole(&path, "192.0.2.1", &[("range", &range), ("if-range", &etag)]).await;
        assert_eq!(status, 206);
        assert!([first, rest].concat() == filling(1));
        assert_eq!(world.counted("de", &order, 0).await, [1]);
        assert_eq!(world.download_events().await, ["started", "resumed", "completed"]);
        let (status, _) = world.whole(&path, "192.0.2.1", &[]).await;
        assert_eq!((status, world.counted("de", &order, 0).await), (200, vec![2]));
        let made = world.get(&format!("{}/orders/{order}/lines/0/downloads", world.path("de"))).await;
        assert_eq!((made["downloads"][0]["address"].as_str(), made["downloads"][0]["bytes"].as_u64()), (Some("192.0.2.1"), Some(SIZE as u64)));
    }

    async fn looking_costs_nothing(world) {
        let (order, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        for _ in 0..60 {
            assert_eq!(fetch(&world.api, "HEAD", &path, "192.0.2.1", &[]).await.status(), 200);
        }
        for number in 0..60 {
            let address = format!("192.0.2.{number}");
            let (status, _) = world.whole(&path, &address, &[("range", "bytes=0-65535")]).await;
            assert_eq!(status, 206);
        }
        // A scanner asks for everything and hangs up.
        drop(world.fetch(&path, "198.51.100.1", &[]).await);
        world.api.downloads.settle().await;
        world.part(&path, "198.51.100.2", &[], 1).await;
        assert_eq!(world.counted("de", &order, 0).await, [0]);
        let (status, _) = world.whole(&path, "198.51.100.3", &[]).await;
        assert_eq!((status, world.counted("de", &order, 0).await), (200, vec![1]));
    }

    async fn the_fiftieth_succeeds_and_the_next_is_told_what_to_do(world) {
        let (order, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        for _ in 0..50 {
            assert_eq!(world.whole(&path, "192.0.2.1", &[]).await.0, 200);
        }
        let (status, page) = world.whole(&path, "192.0.2.1", &[("accept", "text/html")]).await;
        let page = String::from_utf8(page).unwrap();
        assert_eq!(status, 410);
        assert!(page.contains("used up") && page.contains("Get keys and downloads"), "{page}");
        assert_eq!(fetch(&world.api, "HEAD", &path, "192.0.2.9", &[]).await.status(), 410);
        // Another link has counters of its own, and the old one stays as it is.
        let again = world.link("de", SQL.1, "2", medium).await;
        assert_eq!(world.whole(&again, "192.0.2.1", &[]).await.0, 200);
        assert_eq!(world.counted("de", &order, 0).await, [1, 50]);
    }

    async fn two_weeks_and_not_a_second_more(world) {
        let (_, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        world.set_clock("2020-02-15T09:59:59Z");
        assert_eq!(world.whole(&path, "192.0.2.1", &[]).await.0, 200);
        world.set_clock("2020-02-15T10:00:00Z");
        let (status, text) = world.whole(&path, "192.0.2.1", &[]).await;
        assert_eq!(status, 410);
        assert!(String::from_utf8(text).unwrap().contains("15 Feb 2020, 10:00 UTC"));
        // A clock that is set back makes nothing of it.
        world.set_clock("2020-01-01T00:00:00Z");
        assert_eq!(world.whole(&path, "192.0.2.1", &[]).await.0, 200);
    }

    async fn cancelling_kills_links_at_once_and_streams_within_a_second(world) {
        let (order, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        let (_stop, stopped) = tokio::sync::watch::channel(false);
        tokio::spawn(Arc::clone(&world.api.downloads).watch(stopped));
        let mut pieces = world.fetch(&path, "192.0.2.1", &[]).await.into_body().into_data_stream();
        pieces.next().await.unwrap().unwrap();
        let body = json!({ "status": "cancelled" });
        world.call("PATCH", &format!("{}/orders/{order}", world.path("de")), Some(body)).await.expect(200);
        let (status, page) = world.whole(&path, "192.0.2.2", &[]).await;
        assert_eq!(status, 410);
        assert!(String::from_utf8(page).unwrap().contains("revoked"));
        tokio::time::sleep(std::time::Duration::from_millis(900)).await;
        let mut ended = false;
        while let Some(piece) = pieces.next().await {
            if piece.is_err() {
                ended = true;
                break;
            }
        }
        assert!(ended, "the stream ended with an error, not cleanly");
        let link = format!("{}/{}/downloadlink", world.options_path("de", SQL.1, "2"), medium.uuid().simple());
        world.call("GET", &link, None).await.refused(403, 1000);
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let artifact = &owned["items"][0]["entitledArtifacts"][0];
        assert_eq!((artifact["state"].as_str(), artifact.get("link")), (Some("Revoked"), None));
    }

    async fn strange_requests_get_the_answers_of_the_standard(world) {
        let (_, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        let ask = async |headers: &[(&str, &str)]| {
            let response = world.fetch(&path, "192.0.2.1", headers).await;
            (response.status().as_u16(), headers_of(&response))
        };
        let (status, headers) = ask(&[("range", "bytes=99999999-")]).await;
        assert_eq!((status, headers["content-range"].as_str()), (416, "bytes */3145728"));
        assert_eq!(ask(&[("range", "bytes=oops")]).await.0, 200);
        assert_eq!(ask(&[("range", "bytes=0-1,9-10")]).await.0, 200);
        let (status, headers) = ask(&[("range", "bytes=-5")]).await;
        assert_eq!((status, headers["content-range"].as_str()), (206, "bytes 3145723-3145727/3145728"));
        let etag = headers["etag"].clone();
        assert_eq!(ask(&[("if-none-match", &etag)]).await.0, 304);
        assert_eq!(ask(&[("if-match", "\"other\"")]).await.0, 412);
        for bad in ["/d/abc", "/d/", "/d/..%2f..%2fetc/passwd", &format!("/d/{}", "0".repeat(96)), &path[..path.len() / 2]] {
            assert_eq!(world.whole(bad, "192.0.2.1", &[]).await.0, 404, "{bad}");
        }
        // The token of another partner's link opens nothing of ours: the partner is part of it.
        let theirs = path.replacen(&world.partner.id.uuid().simple().to_string(), &world.other.id.uuid().simple().to_string(), 1);
        assert_eq!(world.whole(&theirs, "192.0.2.1", &[]).await.0, 404);
        assert_eq!(world.whole(&path.to_uppercase().replacen("/D/", "/d/", 1), "192.0.2.1", &[]).await.0, 200);
    }

    async fn no_token_stands_in_the_database(world) {
        let (_, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        let secret = &path[3 + 32..3 + 96];
        let text = world.whole_text().await;
        assert!(text.contains(&medium.to_string()) && !text.contains(secret));
    }

    async fn what_a_dead_server_left_is_settled(world) {
        let (order, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        // The server ends without noting anything: its memory is gone, the promise stands.
        let dead = world.restarted();
        let mut pieces = dead.fetch(&path, "192.0.2.1", &[]).await.into_body().into_data_stream();
        pieces.next().await.unwrap().unwrap();
        std::mem::forget(pieces);
        assert_eq!(world.counted("de", &order, 0).await, [1]);
        assert_eq!(world.api.downloads.give_up_silent().await.unwrap(), 0, "it may still be alive");
        let long_ago = wall_clock().as_microsecond() - 600_000_000;
        world.tamper(&format!("update downloads set beat_at = {long_ago}")).await;
        assert_eq!(world.api.downloads.give_up_silent().await.unwrap(), 1);
        assert_eq!(world.counted("de", &order, 0).await, [0]);
        assert_eq!(world.api.downloads.give_up_silent().await.unwrap(), 0);
    }

    async fn a_medium_in_use_is_removed_only_by_force(world) {
        let (_, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        let remove = async |forced| {
            let cx = Context::system(OPERATOR, world.now(), "test");
            let inner = cx.clone();
            world.installation.store.write(cx.stamp(), move |tx| use_cases::remove(tx, &inner, medium, forced)).await
        };
        let told = remove(false).await.unwrap_err().to_string();
        assert!(told.contains("1 download link"), "{told}");
        assert_eq!(world.whole(&path, "192.0.2.1", &[]).await.0, 200);
        remove(true).await.unwrap();
        assert_eq!(world.whole(&path, "192.0.2.1", &[]).await.0, 410);
        assert_eq!(world.get(&world.options_path("de", SQL.1, "2")).await["totalCount"], 0);
        // A link that is over needs nothing.
        let other = world.add_medium(SQL.1, "2022", "sv-SE", &filling(4)).await;
        world.link("de", SQL.1, "2", other).await;
        world.set_clock("2020-03-01T00:00:00Z");
        let cx = Context::system(OPERATOR, world.now(), "test");
        let inner = cx.clone();
        world.installation.store.write(cx.stamp(), move |tx| use_cases::remove(tx, &inner, other, false)).await.unwrap();
    }

    async fn five_days_from_the_first_download_in_the_profile_of_2021(world) {
        world.tamper("update settings set value = '2021-06' where name = 'policy_profile'").await;
        world.set_clock("2021-07-01T00:00:00Z");
        let (order, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        world.set_clock("2021-09-01T00:00:00Z");
        for number in 0..51 {
            assert_eq!(world.whole(&path, "192.0.2.1", &[]).await.0, 200, "{number}");
        }
        assert_eq!(world.counted("de", &order, 0).await, [51]);
        world.set_clock("2021-09-05T23:59:59Z");
        assert_eq!(world.whole(&path, "192.0.2.1", &[]).await.0, 200);
        world.set_clock("2021-09-06T00:00:00Z");
        assert_eq!(world.whole(&path, "192.0.2.1", &[]).await.0, 410);
    }

    async fn manifests_are_signed_and_checked_by_others(world) {
        let medium = world.add_medium(SQL.1, "2022", "en-US", &filling(1)).await;
        let text = async |path: String| {
            String::from_utf8(world.whole(&path, "192.0.2.1", &[]).await.1).unwrap()
        };
        let key = text("/.well-known/chandlery-media-key".into()).await;
        let base = format!("/media/{}/manifest", medium.uuid().simple());
        let (manifest, signature) = (text(base.clone()).await, text(format!("{base}.minisig")).await);
        let public = minisign_verify::PublicKey::decode(&key).unwrap();
        let parsed = minisign_verify::Signature::decode(&signature).unwrap();
        public.verify(manifest.as_bytes(), &parsed, false).unwrap();
        assert!(public.verify(manifest.replace("3145728", "3145729").as_bytes(), &parsed, false).is_err());
        // And the file they speak of, by the program everybody has.
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(format!("{}_2022_en-US.iso", SQL.1)), filling(1)).unwrap();
        std::fs::write(folder.path().join("manifest"), &manifest).unwrap();
        let checked = std::process::Command::new("sha256sum").args(["-c", "manifest"]).current_dir(folder.path()).output().unwrap();
        assert!(checked.status.success(), "{checked:?}");
        assert_eq!(world.whole(&format!("/media/{}/manifest", uuid::Uuid::from_u128(5)), "192.0.2.1", &[]).await.0, 404);
    }

    async fn an_older_version_has_a_key_of_its_own(world) {
        world.import_keys(&standard_keys(0..3).replace("2022", "2019").replace("FAKE", "OLDE")).await.unwrap();
        world.buy(&[world.line(SQL.1, "2", 2).await]).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let own = &owned["items"][0];
        let open = |artifact: &Value| format!("/v1{}", artifact["link"]["uri"].as_str().unwrap());
        let newest = world.get(&open(&own["entitledArtifacts"][0])).await;
        assert!(newest["productKey"].as_str().unwrap().contains("FAKE"));
        assert_eq!(own["includedEntitlements"].as_array().unwrap().len(), 1);
        let older = open(&own["includedEntitlements"][0]["entitledArtifacts"][0]);
        let first = world.get(&older).await;
        assert!(first["productKey"].as_str().unwrap().contains("OLDE"));
        assert_eq!(world.get(&older).await["productKey"], first["productKey"], "one key per entitlement and version");
        // Two other customers take the other two; then there is none, and it says so.
        for _ in 0..2 {
            world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        }
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let mut answers = Vec::new();
        for own in &owned["items"].as_array().unwrap()[1..] {
            answers.push(world.call("GET", &open(&own["includedEntitlements"][0]["entitledArtifacts"][0]), None).await);
        }
        let last: Reply = answers.pop().unwrap();
        assert!(answers.iter().all(|own| own.status == 200));
        let told = last.refused(409, 800_010);
        assert!(told.contains("2019"), "{told}");
        world.import_keys(&standard_keys(3..5).replace("2022", "2019").replace("FAKE", "OLDE")).await.unwrap();
        let path = open(&owned["items"][3]["includedEntitlements"][0]["entitledArtifacts"][0]);
        assert_eq!(world.call("GET", &path, None).await.status, 200);
    }
}

on_both! {
    async fn whoever_cancels_leaves_no_link_and_no_key_behind(world) {
        let medium = world.add_medium(SQL.1, "2022", "en-US", &filling(1)).await;
        world.import_keys(&standard_keys(0..20).replace("2022", "2019").replace("FAKE", "OLDE")).await.unwrap();
        let world = Arc::new(world);
        for round in 0..8 {
            let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
            let id = order["id"].as_str().unwrap().to_owned();
            let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
            let own = owned["items"].as_array().unwrap().iter().find(|own| own["referenceOrder"]["id"] == *id).unwrap();
            let older = own["includedEntitlements"][0]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap();
            let link = format!("{}/{}/downloadlink?orderId={id}", world.options_path("de", SQL.1, "2"), medium.uuid().simple());
            let cancel = format!("{}/orders/{id}", world.path("de"));
            let mut calls = vec![("PATCH", cancel.clone(), Some(json!({ "status": "cancelled" })))];
            for _ in 0..4 {
                calls.push(("GET", link.clone(), None));
                calls.push(("GET", format!("/v1{older}"), None));
            }
            let by = round % calls.len();
            calls.rotate_left(by);
            let mut running = tokio::task::JoinSet::new();
            for (method, path, body) in calls {
                let world = Arc::clone(&world);
                running.spawn(async move { world.call(method, &path, body).await });
            }
            let mut links = Vec::new();
            let mut keys = std::collections::BTreeSet::new();
            while let Some(reply) = running.join_next().await {
                let reply = reply.unwrap();
                assert!(reply.status < 500, "{}", reply.body);
                links.extend(reply.body["uri"].as_str().map(str::to_owned));
                keys.extend(reply.body["productKey"].as_str().map(str::to_owned));
            }
            assert!(keys.len() <= 1, "one key for each version: {keys:?}");
            for link in links {
                let path = link.split_once("://").unwrap().1.split_once('/').map(|(_, path)| format!("/{path}")).unwrap();
                assert_eq!(world.whole(&path, "192.0.2.1", &[]).await.0, 410, "a link outlived its purchase");
            }
            let certified = world.call("GET", &format!("{cancel}/lines/0/neveropened"), None).await;
            assert_eq!(certified.status == 200, keys.is_empty(), "round {round}: {}", certified.body);
        }
        let left = world.whole_text().await;
        assert!(!left.contains("|revealed|"), "every key of a cancelled purchase that was shown is revoked");
    }

    async fn a_program_that_splits_what_it_fetches_counts_once(world) {
        let (order, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        let mut first = world.fetch(&path, "192.0.2.1", &[]).await.into_body().into_data_stream();
        let mut bytes = first.next().await.unwrap().unwrap().to_vec();
        // All behind the middle: the first is stopped there, whatever its client does.
        let range = format!("bytes={}-", SIZE / 2);
        let (status, rest) = world.whole_beside(&path, "192.0.2.1", &range).await;
        assert_eq!((status, rest.len()), (206, SIZE / 2));
        while let Some(Ok(piece)) = first.next().await {
            bytes.extend_from_slice(&piece);
        }
        drop(first);
        world.api.downloads.settle().await;
        assert!((SIZE / 2..SIZE - 1024 * 1024).contains(&bytes.len()), "{} bytes", bytes.len());
        assert!([&bytes[..SIZE / 2], &rest[..]].concat() == filling(1));
        assert_eq!(world.counted("de", &order, 0).await, [1]);
    }

    async fn a_term_that_is_over_opens_nothing(world) {
        let (_, medium) = bought(&world).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let key = format!("/v1{}", owned["items"][0]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap());
        let link = format!("{}/{}/downloadlink", world.options_path("de", SQL.1, "2"), medium.uuid().simple());
        world.set_clock("2021-01-31T23:59:59Z");
        world.get(&key).await;
        world.get(&link).await;
        world.set_clock("2021-02-01T00:00:00Z");
        assert!(world.call("GET", &key, None).await.refused(403, 1000).contains("2021-01-31"));
        world.call("GET", &link, None).await.refused(403, 1000);
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        assert_eq!(owned["items"][0]["entitledArtifacts"][0]["state"], "Expired");
    }

    async fn where_somebody_downloaded_is_forgotten_after_ninety_days(world) {
        let (order, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        world.whole(&path, "192.0.2.77", &[]).await;
        let made = async || {
            world.get(&format!("{}/orders/{order}/lines/0/downloads", world.path("de"))).await["downloads"][0]["address"].clone()
        };
        world.set_clock("2020-04-30T00:00:00Z");
        world.runner.forget_ended().await.unwrap();
        assert_eq!(made().await, "192.0.2.77");
        world.set_clock("2020-05-02T00:00:00Z");
        world.runner.forget_ended().await.unwrap();
        assert_eq!(made().await, "");
    }

    async fn whoever_hangs_up_before_the_answer_is_settled(world) {
        let (order, medium) = bought(&world).await;
        let path = world.link("de", SQL.1, "2", medium).await;
        for number in 0..40_u64 {
            let (api, path) = (world.api.clone(), path.clone());
            let asking = tokio::spawn(async move { fetch(&api, "GET", &path, "192.0.2.1", &[]).await });
            tokio::time::sleep(std::time::Duration::from_micros(number * 150)).await;
            asking.abort();
            drop(asking.await);
        }
        for _ in 0..100 {
            if world.counted("de", &order, 0).await == [0] {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(world.counted("de", &order, 0).await, [0]);
        assert!(!world.whole_text().await.contains("0-3145728|"), "nothing stays promised");
    }
}

/// Five hundred ask at once, at two servers on one database: fifty get it.
async fn five_hundred_at_once(world: World, second: Installation) {
    let (order, medium) = bought(&world).await;
    let path = world.link("de", SQL.1, "2", medium).await;
    let desk = Desk::new(second, Reached::at("http://localhost"), Clock::real()).unwrap();
    let other = api::Api::new(desk, true, Reach::Practice, Arc::new(Notify::new()));
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..500_u32 {
        let api = if number % 2 == 0 { world.api.clone() } else { other.clone() };
        let (path, address) = (path.clone(), format!("10.0.{}.{}", number / 250, number % 250 + 1));
        asking.spawn(async move {
            loop {
                let response = fetch(&api, "GET", &path, &address, &[]).await;
                let status = response.status().as_u16();
                if status == 503 {
                    // Busy: as the answer says, it is asked again.
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                    continue;
                }
                let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
                return (status, bytes.len());
            }
        });
    }
    let (mut got, mut refused) = (0, 0);
    while let Some(done) = asking.join_next().await {
        match done.unwrap() {
            (200, SIZE) => got += 1,
            (410, _) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    world.api.downloads.settle().await;
    other.downloads.settle().await;
    assert_eq!((got, refused), (50, 450));
    assert_eq!(world.counted("de", &order, 0).await, [50]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_at_once_on_sqlite() {
    let world = World::sqlite().await;
    let second = world.installation.clone();
    five_hundred_at_once(world, second).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_at_once_on_two_servers() {
    let world = World::postgres().await;
    let second = Installation::open(world.installation.place.clone()).await.unwrap();
    second.clock.set(world.installation.clock.as_practice().unwrap());
    five_hundred_at_once(world, second).await;
}
