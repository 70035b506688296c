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
