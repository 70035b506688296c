//! What a house is called and coloured: chosen by it, seen by its customers.

use chandlery::installation::OPERATOR;
use chandlery_domain::access::Role;

use crate::people::{Browser, someone};
use crate::software::{agent, customers_person};

on_both! {
    async fn a_partners_customers_see_its_name_and_colour(world) {
        let boss = someone(&world, world.partner.id, 640, &[Role::GlobalAdmin]).await;
        let operator = someone(&world, OPERATOR, 641, &[Role::OperatorAdmin]).await;
        let (mut partner, mut desk) = (Browser::default(), Browser::default());
        partner.sign_in(&world, &boss).await;
        desk.sign_in(&world, &operator).await;
        let mut customer = customers_person(&world, world.customers["de"], 642, Role::CustomerGlobalAdmin).await;
        customer.get(&world, "/software").await.says(200, ">Chandlery</a>");
        // The operator's choice is everybody's, before anybody signs in too.
        let form = [("name", "Nordic Clouds"), ("colour", ""), ("seen", "0")];
        desk.post(&world, "/operator/look", &form).await.leads_to("/operator/look?done=saved");
        Browser::default().get(&world, "/sign-in").await.says(200, ">Nordic Clouds</span>");
        customer.get(&world, "/software").await.says(200, ">Nordic Clouds</a>");
        // The partner's own goes before it, part by part.
        let page = partner.get(&world, "/company/look").await.says(200, ">Nordic Clouds</a>");
        assert!(page.text.contains("name=\"seen\" value=\"0\""));
        let form = [("name", "Erste <Software>"), ("colour", "#FFE100"), ("seen", "0")];
        partner.post(&world, "/company/look", &form).await.leads_to("/company/look?done=saved");
        let page = customer.get(&world, "/software").await.says(200, "Erste &#60;Software&#62;</a>");
        assert!(page.text.contains("<html lang=\"en\" data-brand=\"ffe100\">"));
        assert!(page.text.contains("href=\"/assets/brand.ffe100.css?"));
        // Its own people go on seeing the operator's.
        partner.get(&world, "/customers").await.says(200, ">Nordic Clouds</a>");
        // The style has a shade of the colour that can be read, not the colour.
        let style = customer.get(&world, "/assets/brand.ffe100.css").await.says(200, "[data-brand=\"ffe100\"]");
        assert!(style.headers["cache-control"].contains("immutable"));
        assert!(!style.text.split("@media").next().unwrap().contains("#ffe100"), "{}", style.text);
        assert!(style.text.split("@media").nth(1).unwrap().contains("--accent: #ffe100"), "{}", style.text);
        for wrong in ["/assets/brand.ffe10.css", "/assets/brand.red%7d%7b.css", "/assets/brand..css"] {
            assert_eq!(customer.get(&world, wrong).await.status, 404, "{wrong}");
        }
    }

    async fn a_look_is_taken_whole_or_not_at_all(world) {
        let boss = someone(&world, world.partner.id, 640, &[Role::AccountAdmin]).await;
        let mut partner = Browser::default();
        partner.sign_in(&world, &boss).await;
        let long = "x".repeat(61);
        for (form, field) in [
            ([("name", "Erste"), ("colour", "red"), ("seen", "0")], "colour"),
            ([("name", long.as_str()), ("colour", "#0b5a7a"), ("seen", "0")], "name"),
        ] {
            let page = partner.post(&world, "/company/look", &form).await;
            let page = page.says(422, &format!("id=\"{field}-fault\""));
            assert!(page.text.contains(&format!("value=\"{}\"", form[0].1)), "what was typed stays");
        }
        let form = [("name", "Erste"), ("colour", "#0b5a7a"), ("seen", "0")];
        partner.post(&world, "/company/look", &form).await.leads_to("/company/look?done=saved");
        // A form that was open meanwhile changes nothing, and shows what stands.
        let stale = [("name", "Zweite"), ("colour", ""), ("seen", "0")];
        let page = partner.post(&world, "/company/look", &stale).await.says(422, "Somebody changed this meanwhile");
        assert!(page.text.contains(">Zweite<") && page.text.contains(">#0b5a7a<"), "what differs is told");
        assert!(page.text.contains("value=\"Erste\"") && page.text.contains("name=\"seen\" value=\"1\""));
        // Whoever may not say what the company is, does not say what it is called; the operator's is the operator's.
        let (mut other, _) = agent(&world, 643).await;
        assert_eq!(other.get(&world, "/company/look").await.status, 403);
        assert_eq!(other.post(&world, "/company/look", &stale).await.status, 403);
        assert_eq!(partner.post(&world, "/operator/look", &stale).await.status, 403);
    }
}
