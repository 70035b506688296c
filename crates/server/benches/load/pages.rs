//! Pages as a partner's agent reads them, beside the statement under the list of orders run raw.

use std::time::Instant;

use chandlery::practice::browser::Browser;

use crate::client::Call;
use crate::report::Report;
use crate::{Bench, raw};

/// The address of a page, each time another where there are several.
type Address<'a> = Box<dyn Fn(usize) -> String + 'a>;

pub async fn measure(bench: &Bench, report: &mut Report, ids: &[String]) {
    let agent = bench.twin.users.iter().find(|own| own.role == "admin_agent").unwrap();
    let mut browser = Browser::new(&format!("http://{}", bench.address)).unwrap();
    browser.sign_in(agent, "").await.unwrap();
    let base = format!("/customers/{}", bench.customer);
    let order = |number: usize| &ids[number * 7919 % ids.len()];
    // The charts of the first page are added up once in five minutes, apart from the page.
    let begun = Instant::now();
    while browser.go("/", None).await.unwrap().2.contains("are being added up") {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    report.note(format!(
        "the charts of the first page were there after {:.1} s",
        begun.elapsed().as_secs_f64()
    ));
    // Software in its window, the newest of the customer's.
    let newest = (0..ids.len()).rev().find(|at| (at * 10) % 3 == 0).map(|at| &ids[at]).unwrap();
    let pages: [(&str, Address<'_>); 10] = [
        ("the first page", Box::new(|_| "/".into())),
        ("page of customers", Box::new(|_| "/customers".into())),
        ("page of a search", Box::new(|_| "/search?q=con".into())),
        ("page of a customer", Box::new(|_| base.clone())),
        ("page of orders", Box::new(|_| format!("{base}/orders"))),
        ("page of an order", Box::new(|number| format!("{base}/orders/{}", order(number)))),
        ("page of software", Box::new(|_| format!("{base}/software"))),
        ("dialog that cancels", Box::new(|_| format!("{base}/software/{newest}/0/cancel"))),
        ("page of billing", Box::new(|_| format!("{base}/billing?month=2019-12"))),
        ("page of the renewal calendar", Box::new(|_| "/renewals".into())),
    ];
    for (name, path) in &pages {
        for (clients, count) in [(1, 300), (16, 1500)] {
            let call = |number| Call {
                cookie: Some(browser.cookie().to_owned()),
                ..bench.call("GET", path(number), String::new())
            };
            let calls = (0..count).map(call).collect();
            let raw = raw::order_page(bench, clients, count).await;
            report.add(bench.measure(name, clients, calls, raw).await);
        }
    }
}
