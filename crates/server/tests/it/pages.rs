//! What must hold on every page: a strict content policy, names for all controls, forms that stay here.
//! Never looks at colours or sizes; those are looked at in a browser.

use std::collections::{HashMap, HashSet};

use crate::samples::all;

/// One opening tag.
struct Tag {
    name: String,
    attributes: HashMap<String, String>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// Reads the opening tags, and complains of an attribute that stands twice or without quotes.
fn tags(html: &str) -> Vec<Tag> {
    let mut found = vec![];
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        rest = &rest[name.len()..];
        let mut attributes = HashMap::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = rest.find(|c: char| c == '=' || c == '>' || c.is_whitespace()).unwrap();
            let key = rest[..end].to_owned();
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix('=') {
                let after = after.strip_prefix('"').unwrap_or_else(|| panic!("{name} {key} has no quotes"));
                let end = after.find('"').unwrap();
                value = after[..end].to_owned();
                rest = &after[end + 1..];
            }
            assert!(attributes.insert(key.clone(), value).is_none(), "{name} has {key} twice");
        }
        found.push(Tag { name, attributes });
    }
    found
}

#[test]
fn every_page_keeps_to_a_strict_content_policy() {
    for (page, html) in all().unwrap() {
        for tag in tags(&html) {
            assert!(tag.name != "style", "{page}: a style element");
            assert!(tag.name != "script" || tag.get("src").is_some(), "{page}: an inline script");
            for key in tag.attributes.keys() {
                assert!(key != "style" && !key.starts_with("on"), "{page}: {} has {key}", tag.name);
            }
            for place in ["src", "href"] {
                let address = tag.get(place).unwrap_or("/");
                assert!(
                    address.starts_with(['/', '#']) && !address.starts_with("//"),
                    "{page}: leads to {address}"
                );
            }
        }
        assert!(!html.contains("<?xml"), "{page}: an XML declaration");
    }
}

#[test]
fn every_form_posts_and_stays_here() {
    for (page, html) in all().unwrap() {
        for form in tags(&html).iter().filter(|tag| tag.name == "form") {
            // What only looks for something is asked by its address.
            let asks = if form.get("role") == Some("search") { "get" } else { "post" };
            assert_eq!(form.get("method"), Some(asks), "{page}");
            let action = form.get("action").unwrap();
            assert!(action.starts_with('/') || page == "post-back", "{page}: posts to {action}");
        }
    }
}

#[test]
fn every_control_has_a_name_and_every_reference_an_end() {
    for (page, html) in all().unwrap() {
        let tags = tags(&html);
        let mut ids = HashSet::new();
        for id in tags.iter().filter_map(|tag| tag.get("id")) {
            assert!(ids.insert(id), "{page}: id {id} twice");
            assert!(!id.contains(' '), "{page}: id {id} has a space");
        }
        let labelled: HashSet<&str> =
            tags.iter().filter(|t| t.name == "label").filter_map(|t| t.get("for")).collect();
        for tag in &tags {
            let control =
                tag.name == "textarea" || (tag.name == "input" && tag.get("type") != Some("hidden"));
            if control {
                assert!(labelled.contains(tag.get("id").unwrap()), "{page}: a control without label");
            }
            for key in ["aria-describedby", "aria-labelledby", "for"] {
                for end in tag.get(key).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(end), "{page}: {key} leads to {end}, which is not there");
                }
            }
        }
        assert_eq!(tags.iter().filter(|tag| tag.name == "h1").count(), 1, "{page}: one heading");
        assert!(
            tags.iter().filter(|tag| tag.attributes.contains_key("autofocus")).count() <= 1,
            "{page}: autofocus"
        );
        assert!(html.contains("<title>") && !html.contains("<title> –"), "{page}: a title");
    }
}

#[test]
fn every_opened_element_is_closed() {
    for (page, html) in all().unwrap() {
        for name in [
            "div", "section", "form", "p", "ul", "ol", "li", "dl", "details", "a", "button", "span", "main",
            "code", "fieldset",
        ] {
            let opened = tags(&html).iter().filter(|tag| tag.name == name).count();
            assert_eq!(opened, html.matches(&format!("</{name}>")).count(), "{page}: {name}");
        }
    }
}

#[test]
fn what_people_typed_is_escaped() {
    let pages: HashMap<_, _> = all().unwrap().into_iter().collect();
    assert!(!pages["security"].contains("<security>"));
    assert!(pages["post-back"].contains("value=\"abc&#34;&#60;&#62;\""));
    assert!(pages["sign-in"].contains("/sign-in/with/corp%20id?flow=f%2F1%2B%22%3Cx%3E\""));
}

#[test]
fn passkey_forms_have_what_the_script_looks_for() {
    let pages: HashMap<_, _> = all().unwrap().into_iter().collect();
    for (page, kind, challenge) in [
        ("second-factor", "sign-in", "/sign-in/passkey/challenge"),
        ("security", "register", "/account/passkeys/challenge"),
    ] {
        let html = &pages[page];
        let form = tags(html).into_iter().find(|tag| tag.get("data-passkey") == Some(kind)).unwrap();
        assert_eq!(form.get("data-challenge-url"), Some(challenge));
        assert!(html.contains("<script src=\"/assets/passkey."));
        let inside = html.split("data-passkey=").nth(1).unwrap().split("</form>").next().unwrap();
        let inside = tags(inside);
        assert!(inside.iter().any(|tag| tag.name == "input" && tag.get("name") == Some("answer")));
        assert!(inside.iter().any(|tag| tag.attributes.contains_key("data-passkey-error")));
        assert!(inside.iter().any(|tag| tag.name == "button" && tag.attributes.contains_key("hidden")));
    }
}

#[test]
fn a_sent_form_for_a_forgotten_password_asks_nothing() {
    let pages: HashMap<_, _> = all().unwrap().into_iter().collect();
    let forms: Vec<&str> = pages["forgot-sent"].split("<form ").skip(1).collect();
    assert!(matches!(forms.as_slice(), [one] if one.contains("action=\"/language\"")), "{forms:?}");
}
