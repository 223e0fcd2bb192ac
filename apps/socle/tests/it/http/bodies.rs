//! Bodies that are none: every route that takes one refuses them alike, and says where.

use serde_json::{Value, json};

use super::{
    rows::{Kind, ROWS, Row},
    site::Site,
};

/// The largest body that a route admits.
fn body_bytes_max(row: &Row) -> usize {
    if row.path.ends_with(":batch") { 8 << 20 } else { 2 << 20 }
}

fn with_body(site: &Site) -> impl Iterator<Item = &'static Row> {
    let takes = |it: &&Row| site.document.find(it.verb(), it.path).body().is_some();
    ROWS.iter().filter(takes)
}

#[test]
fn bodies_that_are_too_large_not_json_or_broken_are_refused() {
    let site = Site::shared();
    for row in with_body(&site) {
        let right = site.right(row);
        let whole = right.body.clone().unwrap();
        let deep = [b"{\"a\":".repeat(10_000), b"1".to_vec(), b"}".repeat(10_000)].concat();
        let bytes = |body: &[u8]| right.clone().bytes(body);
        let kind = |kind: &str| right.clone().header("Content-Type", kind);
        let twice = [&whole[..whole.len() - 1], b",\"reason\":1,\"reason\":2}"].concat();
        let cases = [
            (413, "web.body-too-large", bytes(&vec![b' '; body_bytes_max(row) + 1])),
            (415, "web.not-json", kind("text/plain")),
            (415, "web.not-json", kind("application/x-www-form-urlencoded")),
            (415, "web.not-json", right.clone().without("Content-Type")),
            (400, "web.body-malformed", bytes(b"")),
            (400, "web.body-malformed", bytes(&whole[..whole.len() - 1])),
            (400, "web.body-malformed", bytes(&[&whole[..], b"{}"].concat())),
            (400, "web.body-malformed", bytes(b"{\"a\xff\": 1}")),
            (422, "web.body-invalid", bytes(b"[]")),
            (422, "web.body-invalid", bytes(b"null")),
            (422, "web.body-invalid", bytes(b"\"text\"")),
            (422, "web.body-invalid", bytes(&twice)),
        ];
        for (status, code, ask) in cases {
            let refused = site.send(row, &ask);
            assert_eq!((refused.status, &refused.code()[..]), (status, code), "{}", row.path);
        }
        let refused = site.send(row, &bytes(&deep));
        assert!([400, 422].contains(&refused.status), "{}: {refused:?}", row.path);
    }
}

#[test]
fn fields_that_are_unknown_missing_or_of_another_kind_are_named() {
    let site = Site::shared();
    for row in with_body(&site) {
        let operation = site.document.find(row.verb(), row.path);
        let schema = site.document.resolved(operation.body().unwrap());
        assert_eq!(schema["additionalProperties"], false, "{}", row.path);
        let right = site.right(row);
        let body: Value = serde_json::from_slice(right.body.as_ref().unwrap()).unwrap();
        let refused = |body: &Value, pointer: &str| {
            let refused = site.send(row, &right.clone().json(body));
            let told = (refused.status, refused.code());
            let place = format!("{} {pointer}", row.path);
            assert_eq!(told, (422, "web.body-invalid".to_owned()), "{place}: {refused:?}");
            let told = refused.json()["errors"][0]["pointer"].clone();
            let is_there = told.as_str().is_some_and(|it| it.starts_with(pointer));
            assert!(is_there, "{place}: {refused:?}");
        };

        let mut more = body.clone();
        more["surprise"] = json!(1);
        refused(&more, "");
        for name in schema["required"].as_array().into_iter().flatten() {
            let mut less = body.clone();
            less.as_object_mut().unwrap().remove(name.as_str().unwrap());
            refused(&less, "");
        }
        for name in schema["properties"].as_object().unwrap().keys() {
            let mut other = body.clone();
            other[name] = json!([[true]]);
            refused(&other, &format!("/{name}"));
        }
    }
}

#[test]
fn queries_that_are_unknown_twice_or_missing_are_named() {
    let site = Site::shared();
    for row in ROWS.iter().filter(|it| matches!(it.kind, Kind::Look | Kind::Pages)) {
        let operation = site.document.find(row.verb(), row.path);
        let right = site.call(row, &site.ours);
        for parameter in operation.parameters("query").filter(|it| it["required"] == true) {
            let mut call = right.clone();
            call.query.retain(|it| parameter["name"] != it.0);
            let refused = site.send(row, &Site::ask(row, &site.ours, &call));
            assert_eq!((refused.status, refused.code()), (422, "web.query-invalid".to_owned()));
        }
        if operation.parameters("query").next().is_some() {
            let mut call = right.clone();
            call.query.push(("surprise", "1".to_owned()));
            let refused = site.send(row, &Site::ask(row, &site.ours, &call));
            let told = (refused.status, refused.code());
            assert_eq!(told, (422, "web.query-invalid".to_owned()), "{}", row.path);
        }
    }
}
