//! What is published of the program: its descriptions, and the lists of its codes and events.

use std::{env, fs, path::Path};

use serde_json::Value;

use crate::place::Place;

/// Compares with the file at `path`, from the root; writes it when it is to be blessed.
#[track_caller]
fn published(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if env::var_os("SOCLE_BLESS").is_some() {
        fs::write(file, text).unwrap();
        return;
    }
    let before = fs::read_to_string(file).unwrap_or_default();
    assert!(before == text, "{path} is out of date: `cargo xtask bless`, and read the difference");
}

/// Leaves out how refusals look, which is alike everywhere and the larger part by far.
fn without_refusals(document: &mut Value) {
    let items = document["paths"].as_object_mut().unwrap().values_mut();
    for operation in items.flat_map(|it| it.as_object_mut().unwrap().values_mut()) {
        let responses = operation["responses"].as_object_mut().unwrap();
        for (_, refusal) in responses.iter_mut().filter(|it| "400" <= it.0.as_str()) {
            refusal.as_object_mut().unwrap().remove("content");
        }
    }
}

fn page(codes: &Value) -> String {
    let mut page = "\
# Error codes

Every refusal is a problem document with one of these codes. A code is never reused and never
reworded. `socle errors` prints this list, `/problems` of your server shows it.

| code | status | says |
|---|---|---|
"
    .to_owned();
    for it in codes["codes"].as_array().unwrap() {
        let text = |name: &str| it[name].as_str().unwrap().replace('|', "\\|");
        let row = [&*format!("`{}`", text("code")), &it["status"].to_string(), &text("says")];
        page += &["| ", &row.join(" | "), " |\n"].concat();
    }
    page
}

const EVENTS: &str = "\
# Events

What the modules publish, each in the transaction that makes it true. An event is a CloudEvent 1.0
with the attributes that `socle asyncapi` and `/asyncapi.json` describe: `tenantid`, `actorid`,
`correlationid`, `causationid`, `partitionkey`, `sequence` and the rest. Within one `partitionkey` of
a tenant they are delivered in the order of `sequence`, at least once; `id` tells a repetition.
";

/// The page of events: each with its topic and the fields of its payload.
fn page_of_events(document: &Value) -> String {
    let channels = document["channels"].as_object().unwrap().iter();
    let events = channels.flat_map(|(topic, channel)| {
        let names = channel["messages"].as_object().unwrap().keys();
        names.map(move |it| event(document, topic, it))
    });
    [EVENTS.to_owned()].into_iter().chain(events).collect()
}

fn event(document: &Value, topic: &str, name: &str) -> String {
    let message = &document["components"]["messages"][name];
    let payload = message["title"].as_str().unwrap();
    let schema = &document["components"]["schemas"][payload];
    let (about, version) = (schema["description"].as_str().unwrap(), &message["x-dataversion"]);
    let required = schema["required"].as_array().unwrap();
    let rows = schema["properties"].as_object().unwrap().iter().map(|(field, of)| {
        let always = if required.iter().any(|it| it == field) { "yes" } else { "" };
        let says = of["description"].as_str().unwrap_or_default().replace(['\n', '|'], " ");
        format!("| `{field}` | {always} | {says} |\n")
    });
    let heading = format!(
        "\n## `{name}`\n\n{about}\n\nTopic `{topic}`, version {version}.\n\n\
         | field | always there | says |\n|---|---|---|\n"
    );
    [heading].into_iter().chain(rows).collect()
}

#[test]
fn every_event_is_as_published() {
    let reply = Place::new().run(&["asyncapi"]);
    assert_eq!(reply.code, Some(0), "{reply:?}");
    let document: Value = serde_json::from_str(&reply.stdout).unwrap();
    let text = serde_json::to_string_pretty(&document).unwrap() + "\n";

    published("docs/asyncapi.json", &text);
    published("docs/events.md", &page_of_events(&document));
}

#[test]
fn the_description_is_as_published() {
    let reply = Place::new().run(&["openapi"]);
    assert_eq!(reply.code, Some(0), "{reply:?}");
    let mut document: Value = serde_json::from_str(&reply.stdout).unwrap();
    without_refusals(&mut document);
    let text = serde_json::to_string_pretty(&document).unwrap() + "\n";

    published("apps/socle/tests/it/golden/openapi.json", &text);
}

#[test]
fn every_code_is_in_the_published_list_once() {
    let codes = Place::new().ask(&["errors"]);
    let mut names: Vec<_> =
        codes["codes"].as_array().unwrap().iter().map(|it| it["code"].to_string()).collect();
    let all = names.len();
    names.sort();
    names.dedup();

    assert_eq!(names.len(), all);
    published("docs/errors.md", &page(&codes));
}
