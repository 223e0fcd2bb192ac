//! The description of the routes: complete, and true of what they take.

use std::{fs, path::Path};

use axum::http::Request;
use serde_json::Value;
use socle_testkit::golden;

use super::Site;

async fn document(site: &Site) -> Value {
    site.world.get(&site.us, "/openapi.json").await.assert_status(200).body.clone()
}

#[tokio::test]
async fn the_description_is_as_agreed() {
    let site = Site::empty().await;
    let mut document = document(&site).await;
    // What every route shares is the host's: refusals, and how a key is sent.
    document
        .as_object_mut()
        .expect("an object")
        .retain(|it, _| it == "paths" || it == "components");
    for item in document["paths"].as_object_mut().expect("paths").values_mut() {
        for operation in item.as_object_mut().expect("operations").values_mut() {
            let answers = operation["responses"].as_object_mut().expect("answers");
            answers.retain(|status, _| status.starts_with('2'));
        }
    }
    document["paths"].as_object_mut().expect("paths").retain(|it, _| it.starts_with("/v1/ledger/"));

    let text = serde_json::to_string_pretty(&document).expect("JSON");

    golden("tests/it/golden/openapi.json", &format!("{text}\n"));
}

/// Every operation with a body, and the example of that body.
fn examples(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let body = &item["post"]["requestBody"]["content"]["application/json"]["schema"];
        if let Some(name) = body["$ref"].as_str() {
            let schema = document.pointer(name.trim_start_matches('#')).expect("a schema");
            let example = schema["examples"][0].clone();
            assert!(example.is_object(), "{path} has no example");
            found.push((path.clone(), example));
        }
    }
    found
}

#[tokio::test]
async fn every_body_has_an_example_that_is_read() {
    let site = Site::new().await;
    let examples = examples(&document(&site).await);
    assert_eq!(examples.len(), 12);

    for (path, example) in examples {
        let path = path.replace("{id}", &super::nobody(prefix(&path)));
        let answer = site.world.post(&site.us, &path, &example).await;

        let code = answer.body["code"].as_str().unwrap_or_default();
        assert!(!code.starts_with("web.") && answer.status != 500, "{path}: {}", answer.text);
    }
}

fn prefix(path: &str) -> &'static str {
    if path.contains("holds") { "hld" } else { "txn" }
}

#[tokio::test]
async fn nobody_comes_in_without_a_key_and_its_scopes() {
    let site = Site::new().await;
    let weak = site.us.clone().with_scopes(&[]);

    for (path, item) in document(&site).await["paths"].as_object().expect("paths") {
        if !path.starts_with("/v1/") {
            continue;
        }
        for verb in ["get", "post"].into_iter().filter(|it| item.get(it).is_some()) {
            let request = || {
                Request::builder()
                    .method(verb.to_uppercase().as_str())
                    .uri(path.replace("{id}", "x"))
            };
            let nobody = site.world.send(None, request(), "").await;
            let weak = site.world.send(Some(&weak), request(), "").await;

            nobody.assert_problem(401, "unauthenticated");
            weak.assert_problem(403, "denied");
        }
    }
}

#[test]
fn the_page_quotes_the_clients_that_are_run() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs");
    let read = |name: &str| fs::read_to_string(docs.join(name)).expect("a file of the docs");
    let page = read("http.md");

    for (client, fence) in [("clients/earn.sh", "sh"), ("clients/earn.py", "python")] {
        let quoted = format!("<!-- {client} -->\n```{fence}\n{}```\n", read(client));
        assert!(page.contains(&quoted), "docs/http.md quotes another {client}");
    }
}
