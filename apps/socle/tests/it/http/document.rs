//! What the program says about itself: its routes, their answers, and its codes.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::client::{Answer, Ask, Client};

/// The description and the catalogue, as served.
pub(crate) struct Document {
    pub(crate) value: Value,
    /// The status of each code.
    pub(crate) codes: BTreeMap<String, u64>,
}

/// What is described of one route.
#[derive(Debug)]
pub(crate) struct Operation<'d> {
    pub(crate) verb: String,
    pub(crate) path: &'d str,
    described: &'d Value,
}

impl Document {
    pub(crate) fn of(client: &Client, codes: &Value) -> Self {
        let value = client.send(&Ask::get("/openapi.json")).assert_status(200).json();
        let codes =
            codes["codes"].as_array().unwrap().iter().map(|it| {
                (it["code"].as_str().unwrap().to_owned(), it["status"].as_u64().unwrap())
            });
        Self { value, codes: codes.collect() }
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        self.value["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(verb, described)| Operation {
                verb: verb.to_uppercase(),
                path,
                described,
            })
        })
    }

    pub(crate) fn find(&self, verb: &str, path: &str) -> Operation<'_> {
        let mut all = self.operations();
        all.find(|it| it.verb == verb && it.path == path).unwrap()
    }

    /// Follows references to the schema itself.
    pub(crate) fn resolved<'d>(&'d self, schema: &'d Value) -> &'d Value {
        match schema["$ref"].as_str() {
            Some(place) => {
                let found = self.value.pointer(place.trim_start_matches('#'));
                self.resolved(found.unwrap_or_else(|| panic!("nothing at {place}")))
            }
            None => schema,
        }
    }

    /// What is wrong with an answer by its description; nothing, usually.
    pub(crate) fn differences(&self, of: &Operation<'_>, answer: &Answer) -> Vec<String> {
        let status = answer.status.to_string();
        let Some(described) = of.described["responses"].get(&status) else {
            return vec![format!("{status} is not described: {}", answer.text)];
        };
        let Some(content) = described.get("content") else {
            return if answer.text.is_empty() { vec![] } else { vec!["a body".to_owned()] };
        };
        let Some(content) = content.get(answer.media_type()) else {
            return vec![format!("{} is not described", answer.media_type())];
        };
        if answer.media_type() == "text/csv" {
            return vec![];
        }
        let validator = self.validator(&content["schema"]);
        let body = answer.json();
        validator.iter_errors(&body).map(|it| format!("{}: {it}", it.instance_path())).collect()
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut whole = schema.as_object().unwrap_or(&Map::new()).clone();
        whole.insert("components".to_owned(), self.value["components"].clone());
        let options = jsonschema::options().should_validate_formats(true);
        options.build(&Value::Object(whole)).unwrap()
    }
}

impl Operation<'_> {
    /// The scope that a key needs; none where any key does.
    pub(crate) fn scope(&self) -> Option<&str> {
        self.described["security"][0]["key"][0].as_str()
    }

    pub(crate) fn parameters(&self, place: &str) -> impl Iterator<Item = &Value> {
        let all = self.described["parameters"].as_array().into_iter().flatten();
        all.filter(move |it| it["in"] == place)
    }

    pub(crate) fn takes(&self, place: &str, name: &str) -> bool {
        self.parameters(place).any(|it| it["name"] == name)
    }

    pub(crate) fn body(&self) -> Option<&Value> {
        self.described.pointer("/requestBody/content/application~1json/schema")
    }

    /// The example of the body, where there is a body.
    pub(crate) fn example(&self, document: &Document) -> Value {
        let Some(body) = self.body() else { return json!(null) };
        let body = document.resolved(body);
        let example = body.get("example").or(body["examples"].get(0));
        example.unwrap_or_else(|| panic!("no example for {} {}", self.verb, self.path)).clone()
    }
}
