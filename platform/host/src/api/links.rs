//! Links (OpenAPI 3.1, Link Object): what a `POST` makes is found, and worked on, below its path.
//!
//! They follow from the paths: `POST /things` answers with an `id`, so every `/things/{id}…` takes
//! it.

use serde_json::{Map, Value, json};

/// Where the identifier stands in the answer.
const MADE: &str = "$response.body#/id";

/// Links every operation that makes something to those that take what was made.
pub(super) fn add(document: &mut Value) {
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    for (path, item) in &paths {
        let links = links_from(path, &paths);
        let Some(responses) = item.pointer("/post/responses").and_then(Value::as_object) else {
            continue;
        };
        for (status, response) in responses.iter().filter(|it| it.0.starts_with('2')) {
            if !links.is_empty() && has_id(document, response) {
                document["paths"][path]["post"]["responses"][status]["links"] = json!(links);
            }
        }
    }
}

fn links_from(path: &str, paths: &Map<String, Value>) -> Map<String, Value> {
    let below = format!("{path}/{{id}}");
    let taking = paths.iter().filter(|(it, _)| it.starts_with(&below));
    let operations = taking.filter_map(|it| it.1.as_object()).flat_map(Map::values);
    operations
        .filter_map(|it| it["operationId"].as_str())
        .map(|name| (name.to_owned(), json!({ "operationId": name, "parameters": { "id": MADE } })))
        .collect()
}

/// Whether the answer says the identifier of what it tells of.
fn has_id(document: &Value, response: &Value) -> bool {
    let schema = response.pointer("/content/application~1json/schema/$ref");
    let name = schema.and_then(Value::as_str).and_then(|it| it.rsplit('/').next());
    let made = name.map(|it| &document["components"]["schemas"][it]);
    made.is_some_and(|it| it["properties"].get("id").is_some())
}
