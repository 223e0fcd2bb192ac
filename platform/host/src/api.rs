//! The description of all routes: OpenAPI 3.1, made of what the modules say, with what is true of
//! every route said once.

mod links;

use std::collections::BTreeSet;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Map, Value, json};
use socle_web::Problem;
use utoipa::{PartialSchema, ToSchema, openapi::OpenApi};

use crate::{
    Catalogue,
    gate::{Rule, Rules},
};

/// What a credential is called in descriptions.
const KEY: &str = "key";

const ABOUT: &str = "\
A key goes into `Authorization: Bearer sk_…`. Amounts are whole numbers of smallest units (cents, \
points). Times are UTC, identifiers have one form (`acc_…`). Every refusal is a problem document \
(RFC 9457) with a stable `code`; `/problems` lists them. A request with an `Idempotency-Key` takes \
effect once and is answered alike for 24 hours. Pages go on with `next` as `after`.";

/// The description, put together.
pub(crate) struct Api {
    document: Value,
}

impl Api {
    /// The description that modules add to.
    pub(crate) fn new(version: &str) -> Self {
        let problem = Problem::schema();
        let field = socle_web::FieldError::schema();
        let document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Socle",
                "version": version,
                "description": ABOUT,
                "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            },
            "servers": [{ "url": "/", "description": "This server." }],
            "tags": [],
            "paths": {},
            "components": {
                "schemas": { Problem::name(): problem, socle_web::FieldError::name(): field },
                "securitySchemes": {
                    KEY: {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "An API key: `sk_<tenant>_<secret>`.",
                    },
                },
            },
        });
        Self { document }
    }

    /// Adds the routes of a module.
    ///
    /// # Panics
    ///
    /// When two modules describe one route, or a route does not say who may call it, or does not
    /// say since when it is deprecated.
    pub(crate) fn add(&mut self, module: &str, routes: &OpenApi, catalogue: &Catalogue) {
        let mut routes = serde_json::to_value(routes).expect("a description is JSON");
        for (path, item) in object(&mut routes["paths"]) {
            for (verb, operation) in object(item).iter_mut().filter(|it| is_verb(it.0)) {
                check(&format!("{verb} {path}"), operation);
                describe(module, operation, catalogue);
            }
        }
        for part in ["paths", "components/schemas"] {
            let pointer = format!("/{part}");
            let Some(Value::Object(new)) = routes.pointer_mut(&pointer).map(Value::take) else {
                continue;
            };
            let all = self.document.pointer_mut(&pointer).expect("the description has this part");
            for (name, value) in new {
                let before = object(all).insert(name.clone(), value.clone());
                assert!(before.is_none_or(|it| it == value), "{name} is described twice");
            }
        }
        let tags = self.document["tags"].as_array_mut().expect("tags are a list");
        tags.push(json!({ "name": module }));
    }

    /// Who may call what, by what is described.
    pub(crate) fn rules(&self) -> Rules {
        let mut rules = Rules::new();
        let paths = self.document["paths"].as_object().expect("paths are an object");
        for (path, item) in paths {
            let verbs = item.as_object().expect("a path is an object");
            for (verb, operation) in verbs.iter().filter(|it| is_verb(it.0)) {
                let method = verb.to_uppercase().parse::<Method>().expect("a verb of OpenAPI");
                let (scopes, ending) = (scopes(operation), ending(operation));
                rules.insert((method, path.clone()), Rule { scopes, ending });
            }
        }
        rules
    }

    pub(crate) fn document(mut self) -> Value {
        links::add(&mut self.document);
        self.document
    }
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().expect("this part of a description is an object")
}

fn is_verb(name: &str) -> bool {
    ["get", "put", "post", "patch", "delete", "head", "options", "trace"].contains(&name)
}

/// Refuses what the gate could not hold: it reads one requirement, of nothing or of a key.
fn check(place: &str, operation: &Value) {
    assert!(!["head ", "options ", "trace "].iter().any(|it| place.starts_with(it)), "{place}");
    let Some(security) = operation["security"].as_array() else {
        panic!("{place} does not say who may call");
    };
    let requirements: Vec<_> = security.iter().filter_map(Value::as_object).collect();
    let is_clear = match requirements[..] {
        [] => true,
        [one] => one.keys().all(|it| it == KEY),
        _ => false,
    };
    assert!(is_clear, "{place} asks for something else than a key");
    let is_dated = operation["x-deprecated-at"].is_i64();
    let is_deprecated = operation["deprecated"] == true;
    assert!(is_dated == is_deprecated, "{place} does not say since when it is deprecated");
}

/// The headers of a route that is to end: since when it should not be called, in seconds since
/// 1970 in its description, and until when it can be, as a date of HTTP.
fn ending(operation: &Value) -> HeaderMap {
    let since = operation["x-deprecated-at"].as_i64().map(|it| format!("@{it}"));
    let until = operation["x-sunset"].as_str().map(str::to_owned);
    let named = [("deprecation", since), ("sunset", until)];
    let headers = named.into_iter().filter_map(|(name, value)| {
        let value = HeaderValue::try_from(value?).expect("a date is visible text");
        Some((HeaderName::from_static(name), value))
    });
    headers.collect()
}

/// The scopes of the first requirement; `None` where there is none.
fn scopes(operation: &Value) -> Option<Vec<String>> {
    let scopes = operation["security"].get(0)?.get(KEY)?.as_array()?;
    Some(scopes.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Gives an operation its tag, a name that no other has, and its refusals.
fn describe(module: &str, operation: &mut Value, catalogue: &Catalogue) {
    operation["tags"] = json!([module]);
    let name = operation["operationId"].as_str().expect("a handler has a name");
    operation["operationId"] = json!(format!("{module}.{name}"));
    if let Some(scopes) = scopes(operation).filter(|it| !it.is_empty()) {
        let about = operation["description"].as_str().unwrap_or_default();
        let about = format!("{about}\n\nScope: `{}`.", scopes.join("`, `"));
        operation["description"] = json!(about.trim_start());
    }
    for status in refusals(operation) {
        let answer = refusal(module, status, catalogue);
        let responses = object(&mut operation["responses"]);
        responses.entry(status.as_str()).or_insert(answer);
    }
}

/// How an operation may be refused, by what it takes.
fn refusals(operation: &Value) -> BTreeSet<StatusCode> {
    use StatusCode as S;
    let mut found = BTreeSet::from([S::INTERNAL_SERVER_ERROR, S::SERVICE_UNAVAILABLE]);
    if scopes(operation).is_some() {
        found.extend([S::UNAUTHORIZED, S::FORBIDDEN, S::TOO_MANY_REQUESTS]);
    }
    let parameters = operation["parameters"].as_array();
    for parameter in parameters.into_iter().flatten() {
        match parameter["in"].as_str() {
            Some("path") => drop(found.insert(S::NOT_FOUND)),
            // What is named may not be there.
            Some("query") if names(parameter) => {
                found.extend([S::UNPROCESSABLE_ENTITY, S::NOT_FOUND]);
            }
            Some("query") => drop(found.insert(S::UNPROCESSABLE_ENTITY)),
            _ => found.extend([S::BAD_REQUEST, S::UNPROCESSABLE_ENTITY, S::CONFLICT]),
        }
    }
    if operation.get("requestBody").is_some() {
        found.extend([
            S::BAD_REQUEST,
            S::NOT_FOUND,
            S::CONFLICT,
            S::PAYLOAD_TOO_LARGE,
            S::UNSUPPORTED_MEDIA_TYPE,
            S::UNPROCESSABLE_ENTITY,
        ]);
    }
    found
}

/// Whether a parameter is an identifier; their schemas are called so.
fn names(parameter: &Value) -> bool {
    parameter["schema"]["$ref"].as_str().is_some_and(|it| it.ends_with("Id"))
}

/// A refusal with this status, with an example for each code.
fn refusal(module: &str, status: StatusCode, catalogue: &Catalogue) -> Value {
    let examples: Map<_, _> = catalogue
        .of(module, status)
        .map(|it| {
            let problem = json!({
                "type": format!("/problems/{}", it.code),
                "title": status.canonical_reason(),
                "status": it.status.as_u16(),
                "code": it.code,
                "detail": it.says,
                "request_id": "01980000-0000-7000-8000-000000000001",
            });
            (it.code.clone(), json!({ "summary": it.says, "value": problem }))
        })
        .collect();
    json!({
        "description": status.canonical_reason(),
        "content": {
            "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" },
                "examples": examples,
            },
        },
    })
}
