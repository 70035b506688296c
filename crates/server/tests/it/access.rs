//! Who may do what: the table in git, and that the interface keeps to it.

use std::fmt::Write as _;

use chandlery::api::export::STREAMED;
use chandlery::api::{OPEN_ROUTES, Who, routes};
use chandlery::web::PAGES;
use chandlery_domain::access::{Action, LogReaders, Matrix, ReservationBuyers, Role};
use serde_json::json;

use crate::world::RMS;

/// The table of every route and every action, role by role.
fn table() -> String {
    let mut text = String::from(
        "# Who may do what. Generated from domain/access.rs and the route table; a test compares. Y: allowed.\n\n",
    );
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    writeln!(text, "columns: {}\n", roles.join(" ")).unwrap();
    let by = |matrix: Matrix, action: Action| -> String {
        let mark = |role: &Role| if matrix.allows(*role, action) { "Y" } else { "-" };
        Role::ALL.iter().map(mark).collect::<Vec<_>>().join(" ")
    };
    let marks = |action: Action| by(Matrix::default(), action);
    text.push_str("## Actions (F: needs a second factor shown within the last 15 minutes, in a browser)\n\n");
    for action in Action::ALL {
        let fresh = if action.needs_fresh_factor() { "F" } else { " " };
        writeln!(text, "{} {fresh} {action:?}", marks(*action)).unwrap();
    }
    text.push_str("\n## Where the operator chooses otherwise\n\n");
    for readers in [LogReaders::Seeds, LogReaders::Page2020, LogReaders::Page2023] {
        let matrix = Matrix { log_readers: readers, ..Matrix::default() };
        writeln!(text, "{}   ReadAuditLog with log_readers {readers:?}", by(matrix, Action::ReadAuditLog))
            .unwrap();
    }
    let matrix = Matrix { reservation_buyers: ReservationBuyers::Page2023, ..Matrix::default() };
    for action in [Action::PlaceReservations, Action::FillCart] {
        writeln!(text, "{}   {action:?} with reservation_buyers Page2023", by(matrix, action)).unwrap();
    }
    text.push_str("\n## Who may give and take which role\n\n");
    for giver in Role::ALL {
        let given: Vec<&str> = Role::ALL
            .into_iter()
            .filter(|role| Matrix::default().may_assign(&[giver], *role))
            .map(Role::as_str)
            .collect();
        if !given.is_empty() {
            writeln!(text, "{}: {}", giver.as_str(), given.join(" ")).unwrap();
        }
    }
    text.push_str(
        "\n## Routes of the interface (P: for people through programs only, not for programs alone)\n\n",
    );
    let mut list: Vec<String> = routes()
        .iter()
        .map(|route| {
            let who = if route.who == Who::Person { "P" } else { " " };
            format!("{} {who}  {} {} ({:?})", marks(route.action), route.method, route.path, route.action)
        })
        .collect();
    list.sort_by_key(|line| line.split("  ").nth(1).unwrap().to_owned());
    for line in list {
        writeln!(text, "{line}").unwrap();
    }
    text.push_str("\n## Routes that stream, and the operator's\n\n");
    for (method, path, what) in STREAMED {
        writeln!(text, "{method} {path} ({what})").unwrap();
    }
    text.push_str("\n## Pages (without an action: one's own account, or nobody's)\n\n");
    for (method, path, action) in PAGES.iter().copied() {
        match action {
            Some(action) => writeln!(text, "{}  {method} {path} ({action:?})", marks(action)).unwrap(),
            None => writeln!(text, "{method} {path}").unwrap(),
        }
    }
    text.push_str("\n## Open to everybody\n\n");
    for (method, path) in OPEN_ROUTES {
        writeln!(text, "{method} {path}").unwrap();
    }
    text
}

#[test]
fn permissions_txt_is_the_matrix() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../permissions.txt");
    let now = table();
    if std::env::var_os("CHANDLERY_UPDATE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == now,
        "permissions.txt is not what the code says; look at the change, then run the test with CHANDLERY_UPDATE=1"
    );
}

on_both! {
    async fn a_role_that_lacks_the_right_is_told_so(world) {
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let key = format!("/v1{}", owned["items"][0]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap());
        let order = format!("{}/orders/{}", world.path("de"), order["id"].as_str().unwrap());
        let cancel = Some(json!({ "status": "cancelled" }));
        let subscription = json!({ "status": "deleted" });
        for (number, role) in [(21, Role::GlobalAdmin), (22, Role::SalesAgent), (23, Role::HelpdeskAgent), (24, Role::CustomerGlobalAdmin)] {
            let token = world.token_with(number, vec![role]).await;
            world.call_as(&token, "GET", &key, None).await.refused(403, 900_150);
            world.call_as(&token, "PATCH", &order, cancel.clone()).await.refused(403, 900_150);
        }
        let sql = world.buy(&[world.line(crate::world::SQL.1, "2", 1).await]).await;
        let path = format!("{}/subscriptions/{}", world.path("de"), sql["lineItems"][0]["subscriptionId"].as_str().unwrap());
        let token = world.token_with(25, vec![Role::SalesAgent]).await;
        world.call_as(&token, "PATCH", &path, Some(subscription)).await.refused(403, 900_150);
        world.call_as(&token, "PATCH", &path, Some(json!({ "friendlyName": "x" }))).await.expect(200);
        let token = world.token_with(26, vec![Role::AdminAgent]).await;
        world.call_as(&token, "GET", &key, None).await.expect(200);
        world.call_as(&token, "PATCH", &order, cancel).await.expect(200);
    }
}

on_both! {
    async fn a_helpdesk_agent_orders_reservations_and_no_software(world) {
        let token = world.token_with(21, vec![Role::HelpdeskAgent]).await;
        let carts = format!("{}/carts", world.path("de"));
        let order = async |item: &str, cycle: &str| {
            let line = json!({ "catalogItemId": item, "quantity": 1, "billingCycle": cycle, "termDuration": if cycle == "one_time" { "P1Y" } else { "" } });
            let cart = world.call_as(&token, "POST", &carts, Some(json!({ "lineItems": [line] }))).await.expect(201);
            world.call_as(&token, "POST", &format!("{carts}/{}/checkout", cart["id"].as_str().unwrap()), None).await
        };
        let reservation = world.item("de", crate::world::VM.1, "002L").await;
        order(&reservation, "one_time").await.expect(201);
        let software = world.item("de", crate::world::SQL.1, "2").await;
        order(&software, "one_time").await.refused(403, 900_150);
        let orders = world.get(&format!("{}/orders", world.path("de"))).await;
        assert_eq!(orders["totalCount"], 1, "nothing was ordered that was refused");
    }
}
