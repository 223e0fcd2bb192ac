//! Routes that do not start, and the description of those that do.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use serde_json::Value;
use socle_host::{Host, Module};
use socle_testkit::{Believing, TestDatabase};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    probe::{Probe, TABLES},
    site::{Site, catalogue, settings},
};

/// A route as `get /v1/it`, described with these attributes.
macro_rules! route {
    ($($described:tt)*) => {{
        #[utoipa::path(get, path = "/v1/it", $($described)* responses((status = 200, description = "It")))]
        async fn it() {}
        OpenApiRouter::new().routes(routes!(it))
    }};
}

/// Why a host with these routes, each of a module, does not start.
async fn refusal(routes: Vec<OpenApiRouter>) -> String {
    let database = TestDatabase::of(&[TABLES]).await;
    let modules = routes.into_iter().map(|it| Module::new(TABLES).routes(it)).collect();
    let pool = database.database.clone();
    let starting = AssertUnwindSafe(async {
        let _ = Host::new(pool, modules, Believing::ports(), catalogue(), &settings());
    });
    let panic = starting.catch_unwind().await.expect_err("it does not start");
    let said = panic.downcast_ref::<String>().cloned();
    said.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned())).expect("text")
}

#[tokio::test]
async fn a_route_that_is_not_clear_does_not_start_and_is_named() {
    for (routes, why) in [
        (route!(), "get /v1/it does not say who may call"),
        (route!(security(("other" = [])),), "get /v1/it asks for something else than a key"),
        (route!(security((), ("key" = [])),), "get /v1/it asks for something else than a key"),
        (
            route!(security(()), extensions(("x-deprecated-at" = json!(1))),),
            "get /v1/it does not say since when it is deprecated",
        ),
    ] {
        assert_eq!(refusal(vec![routes]).await, why);
    }
}

#[tokio::test]
async fn two_modules_with_one_route_do_not_start() {
    let why = refusal(vec![route!(security(()),), route!(security(()),)]).await;

    assert!(why.contains("/v1/it"), "{why}");
}

#[tokio::test]
async fn the_description_says_what_is_true_of_every_route_and_refers_to_nothing_that_is_missing() {
    let site = Site::open().await;

    let document = site.get("/openapi.json").await.assert_status(200).body.clone();

    assert_eq!(
        (&document["openapi"], &document["info"]["version"]),
        (&"3.1.0".into(), &"1.2.3".into())
    );
    let create = &document["paths"]["/v1/probe/things"]["post"];
    assert_eq!(
        (&create["operationId"], &create["tags"][0]),
        (&"probe.create".into(), &"probe".into())
    );
    assert!(
        create["description"].as_str().is_some_and(|it| it.ends_with("Scope: `ledger:write`."))
    );
    let answers: Vec<_> = create["responses"].as_object().expect("answers").keys().collect();
    let expected =
        ["201", "400", "401", "403", "404", "409", "413", "415", "422", "429", "500", "503"];
    assert_eq!(answers, expected);
    let examples = &create["responses"]["409"]["content"]["application/problem+json"]["examples"];
    assert_eq!(examples["probe.short"]["value"]["code"], "probe.short");
    let missing = &create["responses"]["404"]["content"]["application/problem+json"]["examples"];
    assert_eq!(missing.as_object().expect("codes").keys().collect::<Vec<_>>(), ["not-found"]);
    let open =
        document["paths"]["/v1/probe/open"]["get"]["responses"].as_object().expect("answers");
    assert_eq!(open.keys().collect::<Vec<_>>(), ["200", "500", "503"]);
    assert_eq!(document["paths"]["/v1/probe/old"]["get"]["deprecated"], true);
    for it in references(&document) {
        let found = document.pointer(it.trim_start_matches('#'));
        assert!(it.starts_with("#/") && found.is_some(), "{it} leads nowhere");
    }
}

/// Every `$ref` of a document.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(parts) => {
            let own = parts.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(parts.values().flat_map(references)).collect()
        }
        Value::Array(parts) => parts.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_host_that_serves_nothing_still_describes_its_routes() {
    let database = TestDatabase::of(&[TABLES]).await;
    let (pool, modules) = (database.database.clone(), vec![Probe::new().module()]);

    let host = Host::new(pool, modules, Believing::ports(), catalogue(), &settings());

    assert!(host.document()["paths"]["/v1/probe/things"]["get"].is_object());
}
