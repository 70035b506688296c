//! Every route by every role, on one's own customers and on others': generated from the route table, not sampled.

use chandlery::api::{Who, routes};
use chandlery_domain::access::{Door, Matrix, Role};
use uuid::Uuid;

/// A path with its parameters filled in.
fn filled(template: &str, customer: &str) -> String {
    let parts: Vec<String> = template
        .split('/')
        .map(|part| match part {
            "{customer}" => customer.to_owned(),
            part if part.starts_with('{') => Uuid::from_u128(0xDEAD).to_string(),
            part => part.to_owned(),
        })
        .collect();
    parts.join("/")
}

on_both! {
    async fn every_route_keeps_to_the_matrix_for_every_role(world) {
        let (own, foreign) = (world.customers["de"].to_string(), world.customers["theirs"].to_string());
        let matrix = Matrix::default();
        let mut asked = 0;
        for (index, role) in Role::ALL.into_iter().enumerate() {
            let number = 2000 + u128::try_from(index).unwrap();
            let person = world.token_with(number, vec![role]).await;
            let program = world.program_with(number, vec![role]).await;
            for route in routes() {
                let allowed = role.door() == Door::Partner && matrix.allows(role, route.action);
                for (customer, is_own) in [(&own, true), (&foreign, false)] {
                    if !is_own && !route.path.contains("{customer}") {
                        continue;
                    }
                    let path = filled(route.path, customer);
                    let name = format!("{} {} as {role:?}, own: {is_own}", route.method, route.path);
                    let reply = world.call_as(&person, route.method.as_str(), &path, None).await;
                    asked += 1;
                    if allowed && is_own {
                        assert!(![401, 403, 500].contains(&reply.status), "{name}: {} {}", reply.status, reply.body);
                    } else if allowed {
                        assert!([400, 404].contains(&reply.status), "{name}: {} {}", reply.status, reply.body);
                    } else {
                        assert_eq!((reply.status, reply.body["code"].as_u64()), (403, Some(900_150)), "{name}");
                    }
                    let reply = world.call_as(&program, route.method.as_str(), &path, None).await;
                    let refused = (reply.status, reply.body["code"].as_u64());
                    match (route.who, allowed) {
                        (Who::Person, _) => assert_eq!(refused, (403, Some(900_329)), "{name}, alone"),
                        (Who::Anyone, false) => assert_eq!(refused, (403, Some(900_150)), "{name}, alone"),
                        (Who::Anyone, true) => {
                            assert!(![401, 403, 500].contains(&reply.status), "{name}, alone: {}", reply.body);
                            assert!(is_own || [400, 404].contains(&reply.status), "{name}, alone: {}", reply.body);
                        }
                    }
                }
            }
        }
        assert!(asked > 1000, "{asked}");
    }

    async fn another_partners_people_find_nothing_of_ours(world) {
        let own = world.customers["de"].to_string();
        for route in routes().into_iter().filter(|route| route.path.contains("{customer}")) {
            let path = filled(route.path, &own);
            let reply = world.call_as(&world.their_token, route.method.as_str(), &path, None).await;
            assert!([400, 404].contains(&reply.status), "{} {}: {} {}", route.method, route.path, reply.status, reply.body);
        }
    }

    async fn without_a_token_nothing_opens(world) {
        for route in routes() {
            let path = filled(route.path, &world.customers["de"].to_string());
            let reply = world.call_as("", route.method.as_str(), &path, None).await;
            assert_eq!(reply.status, 401, "{} {}", route.method, route.path);
        }
    }
}
