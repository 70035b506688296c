//! The executable as an operator runs it.

use std::path::Path;
use std::process::{Command, Output};

fn chandlery(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chandlery"))
        .args(arguments)
        .env("CHANDLERY_DATA", folder)
        .env_remove("CHANDLERY_DATABASE")
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = chandlery(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output));
    text(&output)
}

#[track_caller]
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = chandlery(folder, arguments);
    assert!(!output.status.success(), "{arguments:?} succeeded: {}", text(&output));
    text(&output)
}

#[test]
fn an_installation_is_set_up_filled_copied_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert!(run(at, &["migrate"]).contains("set up"));
    assert!(run(at, &["migrate"]).contains("current"));
    let prices = at.join("prices.csv");
    std::fs::write(&prices, crate::world::standard_prices()).unwrap();
    let (prices, keys) = (prices.to_str().unwrap().to_owned(), at.join("keys.csv"));
    assert!(refused(at, &["doctor"]).contains("import prices"));
    assert!(run(at, &["import", "prices", &prices]).contains("36 rows read, 36 new or changed"));
    assert!(run(at, &["import", "prices", &prices]).contains("36 rows read, 0 new or changed"));
    std::fs::write(&keys, crate::world::standard_keys(0..3)).unwrap();
    assert!(run(at, &["import", "keys", keys.to_str().unwrap()]).contains("6 new keys"));
    let partner = run(at, &["partner", "add", "Real Partner AB", "--country", "SE"]);
    let application =
        run(at, &["application", "add", "script", "--partner", partner.trim(), "--role", "admin_agent"]);
    assert!(application.contains("client_secret"));
    assert!(run(at, &["key", "rotate"]).contains("2 data key(s)"));
    assert!(run(at, &["key", "rotate", "--drop-old"]).contains("dropped"));
    assert!(run(at, &["doctor"]).contains("36 price rows"));
    let copy = at.join("copy.db");
    run(at, &["backup", copy.to_str().unwrap()]);
    assert!(refused(at, &["backup", copy.to_str().unwrap()]).contains("exists"));
    let restored = tempfile::tempdir().unwrap();
    std::fs::copy(&copy, restored.path().join("chandlery.db")).unwrap();
    std::fs::copy(at.join("keyring.json"), restored.path().join("keyring.json")).unwrap();
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(restored.path().join("keyring.json"), std::fs::Permissions::from_mode(0o600))
        .unwrap();
    assert!(run(restored.path(), &["doctor"]).contains("36 price rows"));
}

/// An installation with a catalogue and a file to add.
fn with_catalogue() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    run(at, &["migrate"]);
    let prices = at.join("prices.csv");
    std::fs::write(&prices, crate::world::standard_prices()).unwrap();
    run(at, &["import", "prices", prices.to_str().unwrap()]);
    let file = at.join("Server_2022.iso");
    std::fs::write(&file, crate::downloads::filling(1)).unwrap();
    (folder, file.to_str().unwrap().to_owned())
}

/// The arguments that add a file as a medium of the standard product.
fn add<'a>(file: &'a str, product: &'a str) -> Vec<&'a str> {
    let what = ["--version", "2022", "--language", "en-us", "--bits", "64", "--type", "iso"];
    ["media", "add", product, file].into_iter().chain(what).collect()
}

#[test]
fn media_are_added_listed_verified_and_removed() {
    let (folder, file) = with_catalogue();
    let (at, product) = (folder.path(), crate::world::SQL.1);
    let told = run(at, &add(&file, product));
    assert!(told.contains("was added") && told.contains("2022 en-US 64 Bit, ISO"), "{told}");
    let id = told.split_whitespace().next().unwrap().to_owned();
    assert!(run(at, &add(&file, product)).contains("was there already"));
    assert_eq!(
        std::fs::read_dir(at.join("media")).unwrap().count(),
        1,
        "one file, however often it is added"
    );
    assert!(run(at, &["media", "list"]).contains(&id));
    assert!(run(at, &["media", "verify"]).contains("1 media read, 0 wrong"));
    assert!(refused(at, &["media", "verify", &uuid::Uuid::from_u128(7).to_string()]).contains("no medium"));
    // A disk that lies is found out.
    let stored = std::fs::read_dir(at.join("media")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&stored).unwrap();
    bytes[1000] ^= 1;
    std::fs::write(&stored, &bytes).unwrap();
    let told = refused(at, &["media", "verify"]);
    assert!(told.contains("WRONG") && told.contains("1 wrong"), "{told}");
    assert!(run(at, &["media", "remove", &id]).contains("was removed"));
    assert_eq!(std::fs::read_dir(at.join("media")).unwrap().count(), 0);
    assert!(refused(at, &["media", "remove", &id]).contains("nothing was removed"));
    assert!(run(at, &add(&file, product)).contains("was added"), "the place is free again");
}

#[test]
fn bad_media_are_refused_and_leave_nothing() {
    let (folder, file) = with_catalogue();
    let (at, product) = (folder.path(), crate::world::SQL.1);
    assert!(refused(at, &add(&file, "DG7GMGF0XXXX")).contains("not in the catalogue"));
    let mut wrong = add(&file, product);
    let hash = "0".repeat(64);
    wrong.extend(["--sha256", &hash]);
    let told = refused(at, &wrong);
    assert!(told.contains(&hash), "both hashes are told: {told}");
    for (name, value, says) in [
        ("--version", "2022/../..", "version"),
        ("--language", "english", "language tag"),
        ("--bits", "16", "32, 64 or arm64"),
        ("--type", ".iso", "file type"),
        ("--name", "../../etc/passwd", "file name"),
    ] {
        let mut arguments = add(&file, product);
        match arguments.iter().position(|own| *own == name) {
            Some(place) => arguments[place + 1] = value,
            None => arguments.extend([name, value]),
        }
        let told = refused(at, &arguments);
        assert!(told.contains(says), "{name}: {told}");
    }
    let empty = at.join("empty.iso");
    std::fs::write(&empty, "").unwrap();
    assert!(refused(at, &add(empty.to_str().unwrap(), product)).contains("is empty"));
    assert!(refused(at, &add("/nowhere/at.all", product)).contains("cannot be read"));
    // Another file in the same place, of another length and of the same.
    run(at, &add(&file, product));
    let other = at.join("other.iso");
    std::fs::write(&other, "short").unwrap();
    assert!(refused(at, &add(other.to_str().unwrap(), product)).contains("remove that first"));
    std::fs::write(&other, crate::downloads::filling(2)).unwrap();
    assert!(refused(at, &add(other.to_str().unwrap(), product)).contains("remove that first"));
    assert_eq!(std::fs::read_dir(at.join("media")).unwrap().count(), 1, "nothing is left behind");
    assert!(run(at, &["media", "verify"]).contains("1 media read, 0 wrong"));
}

#[test]
fn a_download_is_checked_against_its_manifest() {
    use chandlery::log::SigningKey;
    use chandlery::outside::minisign;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (file, manifest) = (at.join("x.iso"), at.join("x.iso.sha256"));
    std::fs::write(&file, crate::downloads::filling(1)).unwrap();
    let hash =
        hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &crate::downloads::filling(1)));
    let said =
        format!("# Chandlery manifest 1\n# size: {}\nSHA256 (x.iso) = {hash}\n", crate::downloads::SIZE);
    std::fs::write(&manifest, &said).unwrap();
    let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    std::fs::write(
        at.join("x.iso.sha256.minisig"),
        minisign::sign(&key, &said, "file:x.iso.sha256").unwrap(),
    )
    .unwrap();
    let public = minisign::public_key(&key).unwrap();
    let check = |public: &str| {
        chandlery(
            at,
            &["media", "check", file.to_str().unwrap(), manifest.to_str().unwrap(), "--key", public],
        )
    };
    assert!(check(&public).status.success(), "{}", text(&check(&public)));
    assert!(text(&check(&minisign::public_key(&other).unwrap())).contains("not made by this key"));
    let mut bytes = crate::downloads::filling(1);
    bytes[5] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let told = check(&public);
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told).contains("WRONG"), "{}", text(&told));
    bytes.truncate(1000);
    std::fs::write(&file, &bytes).unwrap();
    assert!(text(&check(&public)).contains("cut off"));
    std::fs::write(&manifest, said.replace(&hash, &"0".repeat(64))).unwrap();
    assert!(text(&check(&public)).contains("not made by this key"), "a forged manifest");
}

#[test]
fn stock_and_patterns_of_keys() {
    let (folder, _) = with_catalogue();
    let at = folder.path();
    let keys = at.join("keys.csv");
    std::fs::write(
        &keys,
        format!(
            "ProductId,Version,Key\n{0},2019,SUSE-0001-AB1C\n{0},2019,SUSE-0002-AB1\n",
            crate::world::SQL.1
        ),
    )
    .unwrap();
    let keys = keys.to_str().unwrap();
    let told = refused(at, &["import", "keys", keys, "--format", "pattern:SUSE-####-????"]);
    assert!(
        told.contains("line 3, Key: expected a key like SUSE-####-????") && !told.contains("AB1"),
        "{told}"
    );
    std::fs::write(
        keys,
        format!(
            "ProductId,Version,Key\n{0},2019,SUSE-0001-AB1C\n{0},2019,SUSE-0001-AB1C\n",
            crate::world::SQL.1
        ),
    )
    .unwrap();
    assert!(
        refused(at, &["import", "keys", keys, "--format", "pattern:SUSE-####-????"])
            .contains("the same as in line 2")
    );
    std::fs::write(keys, format!("ProductId,Version,Key\n{},2019,SUSE-0001-AB1C\n", crate::world::SQL.1))
        .unwrap();
    assert!(run(at, &["import", "keys", keys, "--format", "pattern:SUSE-####-????"]).contains("1 new keys"));
    let listed = run(at, &["stock", "list"]);
    assert!(listed.contains("2019  1 keys  LOW"), "{listed}");
    run(at, &["stock", "alarm", crate::world::SQL.1, "2019", "0"]);
    assert!(!run(at, &["stock", "list"]).contains("LOW"));
    assert!(refused(at, &["stock", "alarm", crate::world::SQL.1, "1999", "0"]).contains("stock list"));
    run(at, &["stock", "activations", crate::world::SQL.1, "0"]);
    assert!(refused(at, &["stock", "activations", "DG7GMGF0XXXX", "2"]).contains("not in the catalogue"));
    assert!(
        refused(at, &["import", "keys", keys, "--format", "pattern:ABCD"]).contains("pattern of 4 to 128")
    );
}

#[test]
fn bad_rows_are_printed_and_nothing_is_imported_unless_they_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["migrate"]);
    let sheet =
        crate::world::standard_prices().replacen("1500.00", "1.500,00", 1).replacen("3600.00", "dear", 1);
    let path = folder.path().join("prices.csv");
    std::fs::write(&path, sheet).unwrap();
    let told = refused(folder.path(), &["import", "prices", path.to_str().unwrap()]);
    assert!(told.contains("line 3, UnitPrice: \"dear\": expected a price"), "{told}");
    assert!(told.contains("2 of 36 rows are bad") && told.contains("Nothing was imported"), "{told}");
    assert!(refused(folder.path(), &["doctor"]).contains("no price"));
    assert!(
        run(folder.path(), &["import", "prices", path.to_str().unwrap(), "--skip-bad"])
            .contains("34 rows read, 34 new")
    );
}

#[test]
fn serving_refuses_what_is_not_safe() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    run(at, &["migrate"]);
    let ring = at.join("keyring.json");
    std::fs::set_permissions(&ring, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(refused(at, &["serve"]).contains("may be read by others"));
    std::fs::set_permissions(&ring, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut database = rusqlite::Connection::open(at.join("chandlery.db")).unwrap();
    database
        .execute("insert into __diesel_schema_migrations (version) values ('29990101000000')", [])
        .unwrap();
    assert!(refused(at, &["serve"]).contains("newer program"));
    database.execute("delete from __diesel_schema_migrations where version = '29990101000000'", []).unwrap();
    // A practice key ring beside a real database.
    let change = database.transaction().unwrap();
    change.commit().unwrap();
    let text = std::fs::read_to_string(&ring).unwrap().replace("\"practice\": false", "\"practice\": true");
    std::fs::write(&ring, text).unwrap();
    assert!(refused(at, &["serve"]).contains("practice installation"));
}

#[test]
fn help_teaches() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(folder.path(), &["--help"]);
    assert!(help.contains("demo --walk"), "{help}");
    assert!(refused(folder.path(), &["import", "prices"]).contains("<FILE>"));
    assert!(refused(folder.path(), &["serve", "--database", "mysql://x"]).contains("postgres://"));
}

#[test]
fn people_programs_and_providers_are_set_up_and_wrong_input_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    run(at, &["migrate"]);
    let told = run(at, &["user", "create", "root@operator.example", "--operator"]);
    assert!(told.contains("temporary password"), "{told}");
    assert!(refused(at, &["user", "create", "root@operator.example", "--operator"]).contains("is taken"));
    assert!(refused(at, &["user", "create", "no name", "--operator"]).contains("name@domain"));
    let partner = run(at, &["partner", "add", "Real Partner AB", "--country", "SE"]);
    let partner = partner.trim();
    run(at, &["user", "create", "anna@partner.example", "--partner", partner, "--name", "Anna Berg"]);
    let wrong = ["user", "create", "b@partner.example", "--partner", partner, "--role", "operator_admin"];
    assert!(refused(at, &wrong).contains("not a role of this house"));
    assert!(
        run(at, &["user", "reset", "anna@partner.example", "--second-factor"]).contains("temporary password")
    );
    assert!(refused(at, &["user", "reset", "nobody@partner.example"]).contains("nobody signs in"));

    let register =
        ["application", "add", "script", "--partner", partner, "--redirect-uri", "http://app.example/cb"];
    assert!(refused(at, &register).contains("redirect address"));
    let told = run(
        at,
        &["application", "add", "script", "--partner", partner, "--redirect-uri", "https://app.example/cb"],
    );
    let id = told.split_whitespace().nth(1).unwrap().to_owned();
    assert!(run(at, &["application", "secret", "--partner", partner, &id]).contains("client_secret"));
    assert!(refused(at, &["application", "secret", "--partner", partner, &id]).contains("2 count already"));
    assert!(run(at, &["application", "revoke", "--partner", partner, &id]).contains("revoked"));

    let add = [
        "provider",
        "add",
        "Staff",
        "--issuer",
        "https://login.example",
        "--client-id",
        "x",
        "--partner",
        partner,
        "--group",
    ];
    assert!(refused(at, &[&add[..], &["agents=operator_admin"]].concat()).contains("another house's"));
    let told = run(at, &[&add[..], &["agents=admin_agent"]].concat());
    let id = told.lines().next().unwrap().to_owned();
    assert!(run(at, &["provider", "list"]).contains("https://login.example"));
    run(at, &["provider", "remove", &id]);
    assert!(refused(at, &["provider", "remove", &id]).contains("no such provider"));

    let told = run(at, &["api-key", "add", "nightly", "--scope", "log.read"]);
    assert!(told.starts_with("chk_"), "{told}");
    assert!(refused(at, &["api-key", "add", "nightly", "--scope", "everything"]).contains("no scope"));
    assert!(run(at, &["api-key", "list"]).contains("counts"));

    assert!(refused(at, &["setting", "log_readers", "everybody"]).contains("seeds_and_admin_agent"));
    run(at, &["setting", "log_readers", "seeds"]);
    assert!(run(at, &["setting"]).contains("log_readers = seeds"));
    assert!(run(at, &["key", "rotate-signing"]).contains("new key"));
}

#[test]
fn the_log_is_exported_verified_and_a_person_erased_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    run(at, &["migrate"]);
    run(at, &["user", "create", "root@operator.example", "--operator"]);
    let (keys, log) = (at.join("keys.txt"), at.join("log.jsonl"));
    std::fs::write(&keys, run(at, &["audit", "key"])).unwrap();
    let (keys, log) = (keys.to_str().unwrap(), log.to_str().unwrap());
    let export = run(at, &["audit", "export"]);
    std::fs::write(log, &export).unwrap();
    assert!(run(at, &["audit", "verify", log, "--keys", keys]).contains("sound"));
    assert!(refused(at, &["audit", "verify", log]).contains("--keys FILE"));
    assert!(run(at, &["audit", "verify", "--keys", keys]).contains("sound"));
    std::fs::write(log, export.replacen("create_partner_user", "remove_partner_user", 1)).unwrap();
    let told = refused(at, &["audit", "verify", log, "--keys", keys]);
    assert!(told.contains("NOT SOUND: entry") && told.contains("was changed"), "{told}");
    assert!(refused(at, &["person", "erase", "root@operator.example"]).contains("--yes"));
    run(at, &["person", "erase", "root@operator.example", "--yes"]);
    assert!(refused(at, &["person", "erase", "root@operator.example", "--yes"]).contains("nobody signs in"));
    std::fs::write(log, run(at, &["audit", "export"])).unwrap();
    assert!(run(at, &["audit", "verify", log, "--keys", keys]).contains("sound"));
    rusqlite::Connection::open(at.join("chandlery.db"))
        .unwrap()
        .execute_batch("delete from audit where sequence = 3")
        .unwrap();
    let told = refused(at, &["audit", "verify", "--keys", keys]);
    assert!(told.contains("3") && told.contains("NOT SOUND"), "{told}");
    let wrong = ["audit", "stream-add", "siem", "http://siem.example/in"];
    assert!(refused(at, &wrong).contains("on this machine only"));
}

#[test]
fn the_tables_of_the_benefit_are_imported_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    run(at, &["migrate"]);
    let file = |name: &str, text: &[u8]| {
        let path = at.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let licences =
        file("licences.csv", b"product_id,sku_id,edition,cores\r\nDG7GMGF0DVT9,0001,windows_standard,8\r\n");
    assert!(run(at, &["benefit", "licences", &licences]).contains("1 kinds of core licences"));
    let sizes = file("sizes.csv", b"name,cores\nStandard_D4s_v3,4\nStandard_D8s_v3,8\n");
    assert!(run(at, &["benefit", "sizes", &sizes]).contains("2 sizes"));
    let head = "size,region,currency,effective_from,licensed_rate,base_rate\n";
    let rates = file(
        "rates.csv",
        format!("{head}Standard_D4s_v3,northeurope,EUR,2020-01-01,0.376,0.192\n").as_bytes(),
    );
    assert!(run(at, &["benefit", "rates", &rates]).contains("1 rates"));
    // What is wrong is told by line and column, and nothing of the file is taken.
    for (name, text, says) in [
        (
            "licences",
            "product_id;sku_id;edition;cores\nDG7GMGF0DVT9;0001;windows_standard;8\n",
            "line 1, product_id",
        ),
        (
            "licences",
            "product_id,sku_id,edition,cores\nDG7GMGF0DVT9,0001,windows_standard,0\n",
            "line 2, cores",
        ),
        (
            "licences",
            "product_id,sku_id,edition,cores\nDG7GMGF0DVT9,0001,windows_home,8\n",
            "line 2, edition",
        ),
        ("sizes", "name,cores\nStandard_D4s_v3,four\n", "line 2, cores"),
        ("sizes", "name\nStandard_D4s_v3\n", "cores"),
        (
            "rates",
            "size,region,currency,effective_from,licensed_rate,base_rate\nStandard_D4s_v3,northeurope,EUR,2020-01-01,-1,0\n",
            "line 2, licensed_rate",
        ),
        (
            "rates",
            "size,region,currency,effective_from,licensed_rate,base_rate\nStandard_D4s_v3,northeurope,ZZZ,2020-01-01,1,0\n",
            "line 2, currency",
        ),
    ] {
        let wrong = file("wrong.csv", text.as_bytes());
        let told = refused(at, &["benefit", name, &wrong]);
        assert!(told.contains(says) && told.contains("wrong.csv"), "{told}");
    }
    assert!(refused(at, &["benefit", "sizes", "nowhere.csv"]).contains("nowhere.csv"));
    assert!(run(at, &["benefit", "sizes", &sizes]).contains("2 sizes"), "the same again changes nothing");
}

#[test]
fn how_much_a_partner_may_owe_is_said_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    run(at, &["migrate"]);
    let partner = run(at, &["partner", "add", "Real Partner AB", "--country", "SE"]);
    let limit = |more: &[&str]| {
        let own = ["invoice", "limit", "--partner", partner.trim(), "--currency", "EUR"];
        own.into_iter().chain(more.iter().copied()).map(str::to_owned).collect::<Vec<_>>()
    };
    let run_limit = |more: &[&str]| run(at, &limit(more).iter().map(String::as_str).collect::<Vec<_>>());
    assert!(run_limit(&["--amount", "50000"]).contains("may owe 50"));
    assert!(run_limit(&["--amount", "0"]).contains("may owe 0"));
    for wrong in ["--amount=-1", "--amount=1.234"] {
        let own = limit(&[wrong]);
        let told = refused(at, &own.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(told.contains("--amount: 0 or more, with 2 digits"), "{told}");
    }
    assert!(run_limit(&[]).contains("no limit in EUR"));
    let unknown = uuid::Uuid::from_u128(7).to_string();
    let told =
        refused(at, &["invoice", "limit", "--partner", &unknown, "--currency", "EUR", "--amount", "1"]);
    assert!(told.contains("partner"), "{told}");
}

#[test]
fn a_month_is_closed_explained_and_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    run(at, &["migrate"]);
    let month = |what: &'static str, more: &[&str]| {
        let own = ["invoice", what, "--period", "2020-01"];
        own.into_iter().chain(more.iter().copied()).map(str::to_owned).collect::<Vec<_>>()
    };
    let says = |own: &[String]| run(at, &own.iter().map(String::as_str).collect::<Vec<_>>());
    let denies = |own: &[String]| refused(at, &own.iter().map(String::as_str).collect::<Vec<_>>());
    let file = at.join("bill.csv");
    let name = file.to_str().unwrap().to_owned();
    std::fs::write(
        &file,
        "ProductId,SkuId,ChargeType,Quantity,Subtotal,Currency\nDG7GMGF0DWMS,2,New,one,1,EUR\n",
    )
    .unwrap();
    assert!(denies(&month("vendor", &[&name])).contains("line 2, Quantity"));
    std::fs::write(
        &file,
        "ProductId,SkuId,ChargeType,Quantity,Subtotal,Currency\nDG7GMGF0DWMS,2,New,3,9.00,EUR\n",
    )
    .unwrap();
    assert!(says(&month("vendor", &[&name])).contains("1 lines of 1 products"));
    // What differs is listed, and keeps the month open: an answer, and exit code 1.
    let told = denies(&month("close", &[]));
    let listed = text(&chandlery(at, &["invoice", "close", "--period", "2020-01", "--dry-run"]));
    assert!(
        listed.contains("vendor_otherwise DG7GMGF0DWMS:0002: there should be 0, there is 3"),
        "{listed} {told}"
    );
    let gap = ["--gap", "vendor_otherwise", "--subject", "DG7GMGF0DWMS:0002"];
    let reason = |why: &'static str| [&gap[..], &["--reason", why]].concat();
    assert!(denies(&month("explain", &reason("no"))).contains("between 5 and 500 letters"));
    assert!(says(&month("explain", &reason("ordered for ourselves"))).contains("kept"));
    assert!(says(&month("close", &["--dry-run"])).contains("can be closed"));
    assert!(says(&month("close", &[])).contains("2020-01 is closed."));
    assert!(denies(&month("close", &[])).contains("closed"));
    assert!(denies(&month("run", &[])).contains("open it again"));
    assert!(denies(&month("explain", &gap)).contains("closed"));
    assert!(says(&month("reopen", &["--reason", "a bill is missing"])).contains("open again"));
    assert!(says(&month("explain", &gap)).contains("taken back"));
    assert!(denies(&["invoice", "close", "--period", "2999-01"].map(str::to_owned)).contains("not over"));
}
