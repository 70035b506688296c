//! The three languages say the same things, and everything that is said stands in them.

mod refusals;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chandlery_domain::access::Role;
use chandlery_domain::audit::{Operation, Outcome, Resource, Side};
use chandlery_domain::calendar::{BillingCycle, Term};
use chandlery_domain::catalog::{Family, Qualification, Segment};
use chandlery_domain::charge::ChargeKind;
use chandlery_domain::customer::NameDoubt;
use chandlery_domain::media::{Bits, Platform};
use chandlery_domain::order::OrderStatus;
use chandlery_domain::subscription::SubscriptionStatus;
use chandlery_domain::support::{Impact, RequestState, Topic};
use fluent_templates::fluent_bundle::FluentResource;

use super::{Complaint, Language, Reader, bad_row, invalid};
use crate::error::{BadRow, Error};
use crate::web::facts;

/// Messages that may read the same in another language as in English.
const SAME: [&str; 55] = [
    "fact-reservation-id",
    "reservation-name",
    "resource-reservation",
    "fact-host",
    "resource-webhook",
    "webhook-title",
    "fact-edition",
    "workload-sql-vm-enterprise",
    "workload-sql-vm-standard",
    "workload-windows",
    "benefit-edition",
    "benefit-in-azure",
    "place-azure",
    "sieve",
    "account-problem",
    "apps-name",
    "customer-tenant",
    "device-code",
    "guide-address",
    "link-downloads",
    "manifest",
    "problem",
    "products-azure",
    "products-segment",
    "products-software",
    "section-software",
    "security-passkeys",
    "software-version",
    "subscription-name",
    "unavailable-alphabet-begin",
    "unavailable-alphabet-end",
    "users-name",
    "log-program",
    "log-subject",
    "order-title",
    "resource-order",
    "bits-arm64",
    "fact-bytes",
    "fact-format",
    "fact-name",
    "fact-sha256",
    "fact-status",
    "fact-version",
    "platform-linux",
    "platform-macos",
    "platform-windows",
    "resource-installation",
    "resource-partner",
    "resource-session",
    "side-partner",
    "way-support",
    "value-added-passkey",
    "value-profile-organization",
    "value-removed-passkey",
    "value-second-factor-passkey",
];

/// A message as its file has it.
struct Message {
    text: String,
    variables: BTreeSet<String>,
    references: BTreeSet<String>,
}

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder whose name ends so, in the order of their names.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{}", folder.display());
    found
}

/// The pieces of a text that follow a mark and hold only such letters.
fn behind(text: &str, mark: &str, fits: impl Fn(char) -> bool) -> Vec<String> {
    text.split(mark).skip(1).map(|rest| rest.chars().take_while(|c| fits(*c)).collect()).collect()
}

fn of_id(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}

/// The messages of one file: a name at the beginning of a line, and everything up to the next one.
fn parsed(source: &str) -> Vec<(String, Message)> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') {
            let (id, text) = line.split_once('=').unwrap_or_else(|| panic!("no = in {line}"));
            texts.push((id.trim().to_owned(), text.trim().to_owned()));
        } else if let Some((_, text)) = texts.last_mut() {
            text.push('\n');
            text.push_str(line.trim());
        }
    }
    texts
        .into_iter()
        .map(|(id, text)| {
            let text = text.trim().to_owned();
            let variables = behind(&text, "$", of_id).into_iter().filter(|name| !name.is_empty()).collect();
            let references = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .map(|(inside, _)| inside.trim().to_owned())
                .filter(|own| own.starts_with(|c: char| c.is_ascii_lowercase()) && own.chars().all(of_id))
                .collect();
            (id, Message { text, variables, references })
        })
        .collect()
}

fn messages(language: Language) -> BTreeMap<String, Message> {
    let folder = crate_folder().join("../../locales").join(language.tag());
    let mut all = BTreeMap::new();
    for file in files(&folder, ".ftl") {
        let source = fs::read_to_string(&file).unwrap();
        if let Err((_, errors)) = FluentResource::try_new(source.clone()) {
            panic!("{}: {errors:?}", file.display());
        }
        for (id, message) in parsed(&source) {
            assert!(!message.text.is_empty(), "{}: {id} is empty", file.display());
            assert!(all.insert(id.clone(), message).is_none(), "{}: {id} stands twice", file.display());
        }
    }
    all
}

/// Fails with everything that is wrong, not only with the first.
fn none(wrong: &[String]) {
    let mut list = String::new();
    for line in wrong {
        list.push_str(&format!("  {line}\n"));
    }
    assert!(wrong.is_empty(), "\n{list}");
}

/// Texts that speak of something else than the glossary's term, or show what is typed rather than say it.
const ELSEWHERE: [&str; 4] =
    ["benefit-columns-text", "held-rate-missing", "import-wrong-tags", "unavailable-caption"];

/// Whether a term stands in a text as a word of its own, in one or in several.
fn speaks_of(text: &str, term: &str) -> bool {
    let is_part = |own: Option<char>| own.is_some_and(char::is_alphanumeric);
    text.match_indices(term).any(|(at, found)| {
        let (before, after) = text.split_at(at);
        let after = after.strip_prefix(found).unwrap_or_default();
        let after = after.strip_prefix('s').unwrap_or(after);
        !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}

#[test]
fn the_products_terms_are_said_as_the_glossary_has_them() {
    let glossary = fs::read_to_string(crate_folder().join("../../locales/glossary.txt")).unwrap();
    let english = messages(Language::En);
    let (german, swedish) = (messages(Language::De), messages(Language::Sv));
    // What is not read: names of values, and the tags around words.
    let plain = |text: &str| {
        let kept = |text: &str, open: char, close: char| {
            let mut parts = text.split(open);
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |all, part| all + part.split_once(close).map_or("", |(_, rest)| rest))
        };
        kept(&kept(text, '<', '>'), '{', '}').to_lowercase()
    };
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for line in glossary.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<String> = line.split('|').map(|part| part.trim().to_lowercase()).collect();
        let [term, de, sv] = parts.as_slice() else { panic!("{line}: a term, German and Swedish") };
        for (id, message) in &english {
            if ELSEWHERE.contains(&id.as_str()) || !speaks_of(&plain(&message.text), term) {
                continue;
            }
            seen += 1;
            for (tag, own, words) in [("de", &german, de), ("sv", &swedish, sv)] {
                let text = own.get(id).map(|own| own.text.to_lowercase()).unwrap_or_default();
                if !words.split(',').any(|word| text.contains(word.trim())) {
                    wrong.push(format!("{tag}: {id} says {term} without {words}: {text}"));
                }
            }
        }
    }
    assert!(seen > 500, "only {seen} texts were held against it");
    none(&wrong);
}

#[test]
fn the_languages_say_the_same_things_with_the_same_values() {
    let english = messages(Language::En);
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let tag = language.tag();
        let own = messages(language);
        wrong.extend(english.keys().filter(|id| !own.contains_key(*id)).map(|id| format!("{tag}: no {id}")));
        for (id, message) in &own {
            let Some(first) = english.get(id) else {
                wrong.push(format!("{tag}: {id} is not in en"));
                continue;
            };
            if message.variables != first.variables {
                wrong.push(format!("{tag}: {id} has {:?}, en {:?}", message.variables, first.variables));
            }
            for reference in message.references.iter().filter(|other| !own.contains_key(*other)) {
                wrong.push(format!("{tag}: {id} refers to {reference}, which is nowhere"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn nothing_is_left_in_english() {
    let english = messages(Language::En);
    let mut wrong = Vec::new();
    for language in [Language::De, Language::Sv] {
        for (id, message) in messages(language) {
            let same = english.get(&id).is_some_and(|first| first.text == message.text);
            // What holds nothing but values has no language.
            let outside: String =
                message.text.split('{').map(|part| part.rsplit('}').next().unwrap()).collect();
            if same && outside.chars().any(char::is_alphabetic) && !SAME.contains(&id.as_str()) {
                wrong.push(format!("{}: {id} = {}", language.tag(), message.text));
            }
        }
    }
    none(&wrong);
}

/// The ids a source names: literals in calls that say something, and labels of links.
fn named(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let literal = |rest: &str| {
        let inside = rest.trim_start().strip_prefix('"')?;
        inside.split_once('"').map(|(text, _)| text.to_owned())
    };
    let id_like = |text: &String| {
        text.contains('-')
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    for call in [".t(", ".t1(", ".t2(", ".html(", ".html1(", "Complaint::of("] {
        found.extend(source.split(call).skip(1).filter_map(literal));
    }
    // Others have a method of this name, and fields called label too.
    for call in [".with(", "label:", "label =", "LABEL: &str ="] {
        found.extend(source.split(call).skip(1).filter_map(literal).filter(id_like));
    }
    // The navigation: pairs of an address and a label. Complaints whose ids are handed on.
    for start in ["way-", "import-", "elsewhere-"] {
        let rest = behind(source, &format!("\"{start}"), of_id);
        found.extend(rest.into_iter().map(|rest| format!("{start}{rest}")));
    }
    found
}

#[test]
fn what_pages_say_stands_in_the_languages() {
    let known = messages(Language::En);
    let mut wrong = Vec::new();
    let mut sources = files(&crate_folder().join("templates"), ".html");
    sources.extend(files(&crate_folder().join("src"), ".rs"));
    for file in sources.iter().filter(|file| !file.ends_with("texts/tests.rs")) {
        let source = fs::read_to_string(file).unwrap();
        wrong.extend(
            named(&source)
                .into_iter()
                .filter(|id| !known.contains_key(id))
                .map(|id| format!("{}: {id}", file.display())),
        );
    }
    none(&wrong);
}

/// Where an input may be refused in English: no page shows what is said there.
const ENGLISH: [&str; 7] = [
    "src/api/",
    "src/cli/",
    "src/practice/",
    "src/error.rs",
    // The command line's.
    "src/app/media.rs",
    "src/installation.rs",
    // Told to a page's script, which says it in its own words.
    "src/web/account.rs",
];

#[test]
fn what_is_wrong_with_an_input_is_said_in_every_language() {
    let known = messages(Language::En);
    let mut wrong = Vec::new();
    let mut fields = 0;
    for file in
        files(&crate_folder().join("src"), ".rs").iter().filter(|file| !file.ends_with("texts/tests.rs"))
    {
        let name = file.strip_prefix(crate_folder()).unwrap().display().to_string();
        let source = fs::read_to_string(file).unwrap();
        let is_english = ENGLISH.iter().any(|own| name.starts_with(own));
        if !is_english && ["Error::invalid(", "Complaint::plain("].iter().any(|call| source.contains(call)) {
            wrong.push(format!("{name} says in English what is wrong"));
        }
        for rest in source.split("Error::complaint(").skip(1) {
            let Some((field, _)) = rest.trim_start().strip_prefix('"').and_then(|own| own.split_once('"'))
            else {
                continue;
            };
            fields += 1;
            if !known.contains_key(&format!("input-{}", field.replace('_', "-").to_lowercase())) {
                wrong.push(format!("{name}: pages have no name for {field}"));
            }
        }
    }
    assert!(fields >= 30, "inputs are refused otherwise by now");
    none(&wrong);
}

#[test]
fn a_complaint_is_english_to_programs_and_in_each_readers_language_on_pages() {
    let why = Complaint::of("complaint-name-taken");
    assert_eq!(
        Error::complaint("userPrincipalName", why.clone()).to_string(),
        "userPrincipalName is taken; choose another one"
    );
    let said = Language::ALL.map(|language| invalid(&Reader::new(language, None), "userPrincipalName", &why));
    assert_eq!(
        said,
        [
            "The sign-in name is taken; choose another one.",
            "Der Anmeldename ist vergeben; wählen Sie einen anderen.",
            "Inloggningsnamnet är upptaget; välj ett annat.",
        ]
    );
    let own = Complaint::of("import-keys-twice").with("first", 2);
    let bad = BadRow { line: 3, column: "Key", message: own };
    assert_eq!(Error::from(bad.clone()).to_string(), "line 3, Key: is the same as in line 2");
    let said = Language::ALL.map(|language| bad_row(&Reader::new(language, None), &bad));
    assert_eq!(said[0], bad.to_string());
    assert_eq!(said[1], "Zeile 3, Key: ist derselbe wie in Zeile 2");
    assert_eq!(said[2], "rad 3, Key: är samma som på rad 2");
    // What somebody typed is a value and no sentence.
    assert_eq!(Complaint::plain("a { $b } { c-d }").to_string(), "a { $b } { c-d }");
}

#[test]
fn the_search_for_ids_finds_them() {
    let source = r#"{{ frame.t("a-b") }} reader.t1(
        "c-d", "x", y) Way { label: "e-f" } ("/x", "way-g", true) reply.with("plain") label: "Name" .word("h-i")
        Complaint::of("j-k").with("l", m) cells.wrong(1, text, "import-n")"#;
    let found: Vec<String> = named(source).into_iter().collect();
    assert_eq!(found, ["a-b", "c-d", "e-f", "import-n", "j-k", "way-g"]);
    let message = &parsed("# no\nx = { $n ->\n    [one] a { y-z }\n   *[other] { $n } b\n}\nk = l\n")[0];
    assert_eq!((message.0.as_str(), message.1.variables.len()), ("x", 1));
    assert_eq!(message.1.references.iter().collect::<Vec<_>>(), ["y-z"]);
}

/// The words of the activity log, as the domain's source lists them.
fn words_of_the_log() -> Vec<(&'static str, String)> {
    let source = fs::read_to_string(crate_folder().join("../domain/src/audit.rs")).unwrap();
    let mut words = Vec::new();
    for line in source.lines() {
        let Some((_, rest)) = line.split_once(" = \"") else { continue };
        let Some(word) = rest.strip_suffix("\",") else { continue };
        // A word may stand in several of the lists.
        let kinds = [
            ("operation", word.parse::<Operation>().is_ok()),
            ("resource", word.parse::<Resource>().is_ok()),
            ("log-status", word.parse::<Outcome>().is_ok()),
            ("side", word.parse::<Side>().is_ok()),
        ];
        words
            .extend(kinds.into_iter().filter(|(_, fits)| *fits).map(|(prefix, _)| (prefix, word.to_owned())));
    }
    assert!(words.len() > 70, "the words of the log are written otherwise by now");
    words
}

/// The names of facts, wherever one is noted.
fn names_of_facts() -> Vec<(&'static str, String)> {
    let mut names = BTreeSet::new();
    let mut sources = files(&crate_folder().join("src"), ".rs");
    sources.extend(files(&crate_folder().join("../domain/src"), ".rs"));
    for file in sources.iter().filter(|file| !file.ends_with("texts/tests.rs")) {
        let source = fs::read_to_string(file).unwrap();
        for call in ["Fact::new(", "Fact::of_line("] {
            let inside = source.split(call).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
            names.extend(inside.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()));
        }
    }
    assert!(names.len() > 70, "facts are noted otherwise by now");
    names.into_iter().map(|name| ("fact", name)).collect()
}

/// Facts whose values are words, as the sources write them down: in the call, or in one of the branches of an `if` in it.
fn words_of_facts() -> Vec<(String, String)> {
    let mut words = Vec::new();
    let mut sources = files(&crate_folder().join("src"), ".rs");
    sources.extend(files(&crate_folder().join("../domain/src"), ".rs"));
    for file in sources.iter().filter(|file| !["tests.rs", "sample.rs"].iter().any(|own| file.ends_with(own)))
    {
        let source = fs::read_to_string(file).unwrap();
        for rest in source.split("Fact::new(").skip(1) {
            let mut depth = 1_u32;
            let inside: String = rest
                .chars()
                .take_while(|letter| {
                    match letter {
                        '(' => depth += 1,
                        ')' => depth -= 1,
                        _ => {}
                    }
                    depth > 0
                })
                .collect();
            let literals: Vec<&str> = inside.split('"').skip(1).step_by(2).collect();
            let Some((name, values)) = literals.split_first() else { continue };
            // Not what stands in a call within the call, such as a separator.
            if !inside.contains(".join(") && !inside.contains("format!(") {
                words.extend(values.iter().map(|value| ((*name).to_owned(), (*value).to_owned())));
            }
        }
    }
    assert!(words.len() > 15, "facts are noted otherwise by now: {words:?}");
    words
}

#[test]
fn what_facts_say_in_words_is_said_in_every_language() {
    let mut words = words_of_facts();
    let mut add = |name: &str, list: &[&str]| {
        words.extend(list.iter().map(|word| (name.to_owned(), (*word).to_owned())))
    };
    // Chosen before they are noted.
    add("stage", &["the password must be changed", "a second factor must be set up", "complete"]);
    add("stage", &["the second factor is asked for"]);
    add("event", &["started", "resumed", "completed", "given_back", "counted_again"]);
    add("why", &["an authorization code was used twice", "a refresh token was used twice"]);
    add("by", &["authorization code", "refresh token", "device code"]);
    add("changed", &["user_principal_name", "display_name", "first_name", "last_name"]);
    add("changed", &["usage_location", "phone_number"]);
    add("acknowledged", &["no_cancellation"]);
    add("tax_change", &["seller", "profile", "rates", "begin"]);
    add("method", &["pwd"]);
    add("profile", &["legalbusiness", "billing", "organization", "support"]);
    add("state", &["active", "inactive", "attention_needed"]);
    add("roles", &["global_admin admin_agent"]);
    add("country", &["SE"]);
    add("family", &Family::ALL.map(Family::as_str));
    add("topic", &Topic::ALL.map(Topic::as_str));
    add("severity", &Impact::ALL.map(Impact::as_str));
    add("state", &RequestState::ALL.map(RequestState::as_str));
    add("billing_cycle", &BillingCycle::ALL.map(BillingCycle::as_str));
    add("status", &["pending", "completed", "cancelled"]);
    add("issued_side", &["partner", "customer", "operator"]);
    for name in ["public", "auto_renew_enabled", "log_key_destroyed"] {
        add(name, &["true", "false"]);
    }
    for kind in ["MicrosoftCustomerAgreement", "MicrosoftCloudAgreement"] {
        add("type", &[kind]);
    }
    add("reason", &["DG7GMGF0FKZV has no product keys in stock"]);
    let mut wrong = Vec::new();
    for language in [Language::De, Language::Sv] {
        let reader = Reader::new(language, None);
        for (name, word) in &words {
            let said = facts::value(&reader, name, word);
            if said == *word || said.contains('⟦') {
                wrong.push(format!("{}: {name} = {said}", language.tag()));
            }
        }
        for (name, text) in
            [("reason", "closed"), ("answer", "yes, of course"), ("name", "active"), ("roles", "x")]
        {
            assert_eq!(facts::value(&reader, name, text), text, "what somebody typed stays");
        }
    }
    none(&wrong);
}

#[test]
fn every_stored_word_is_said() {
    let mut words: Vec<(&str, String)> = Vec::new();
    let mut add = |prefix: &'static str, list: &[&'static str]| {
        words.extend(list.iter().map(|word| (prefix, (*word).to_owned())));
    };
    add("family", &Family::ALL.map(Family::as_str));
    add("family-one", &Family::ALL.map(Family::as_str));
    add("segment", &Segment::ALL.map(Segment::as_str));
    add("qualification", &Qualification::ALL.map(Qualification::as_str));
    add("term", &Term::ALL.map(Term::as_str));
    add("cycle", &BillingCycle::ALL.map(BillingCycle::as_str));
    add("role", &Role::ALL.map(Role::as_str));
    let statuses = [OrderStatus::Pending, OrderStatus::Completed, OrderStatus::Cancelled];
    add("order-status", &statuses.map(OrderStatus::as_str));
    let statuses = [SubscriptionStatus::Active, SubscriptionStatus::Deleted, SubscriptionStatus::Expired];
    add("subscription-status", &statuses.map(SubscriptionStatus::as_str));
    add("charge", &ChargeKind::ALL.map(ChargeKind::as_str));
    add("support-topic", &Topic::ALL.map(Topic::as_str));
    add("support-impact", &Impact::ALL.map(Impact::as_str));
    add("support-state", &RequestState::ALL.map(RequestState::as_str));
    add("line-state", &["pending", "fulfilled", "ended", "cancelled"]);
    add("key-state", &["assigned", "revealed", "revoked"]);
    add("link-standing", &["live", "expired", "used-up", "revoked"]);
    let platforms: Vec<&str> = Platform::ALL.iter().map(|own| own.as_str()).collect();
    add("platform", &platforms);
    let bits: Vec<&str> = Bits::ALL.iter().map(|own| own.as_str()).collect();
    add("bits", &bits);
    add("notice-kind", &chandlery_domain::notice::Kind::ALL.map(chandlery_domain::notice::Kind::as_str));
    add("customer-name-doubt", &NameDoubt::ALL.map(NameDoubt::as_str));
    words.extend(words_of_the_log());
    words.extend(names_of_facts());

    let mut wrong = Vec::new();
    for language in Language::ALL {
        let reader = Reader::new(language, None);
        for (prefix, word) in &words {
            let said = reader.word(prefix, word);
            if said.contains('⟦') {
                wrong.push(format!("{}: {said}", language.tag()));
            }
        }
    }
    none(&wrong);
}
