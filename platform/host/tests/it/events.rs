//! The description of what modules publish.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socle_host::{Host, Module};
use socle_kernel::{Amount, Event, Revision};
use socle_testkit::{Believing, TestDatabase};
use utoipa::ToSchema;

use crate::{
    probe::TABLES,
    site::{Site, catalogue, settings},
};

#[derive(Serialize, Deserialize, ToSchema)]
struct ThingMade {
    parts: Vec<Part>,
}

#[derive(Serialize, Deserialize, ToSchema)]
struct Part {
    amount: Amount,
}

#[derive(Serialize, Deserialize, ToSchema)]
struct ThingBroken {
    amount: Amount,
}

#[derive(Serialize, Deserialize, ToSchema)]
struct Stranger {}

macro_rules! event {
    ($event:ty, $name:literal) => {
        impl Event for $event {
            const TYPE: &str = $name;
            const TOPIC: &str = "probe.things.v1";
            fn partition_key(&self) -> String {
                "thing".to_owned()
            }
            fn sequence(&self) -> Revision {
                Revision::FIRST
            }
        }
    };
}

event!(ThingMade, "probe.thing.made");
event!(ThingBroken, "probe.thing.broken");
event!(Stranger, "other.thing.made");

/// Why a host of this module does not start.
async fn refusal(module: Module) -> String {
    let database = TestDatabase::of(&[TABLES]).await.database.clone();
    let starting = AssertUnwindSafe(async {
        let _ = Host::new(database, vec![module], Believing::ports(), catalogue(), &settings());
    });
    let panic = starting.catch_unwind().await.expect_err("it does not start");
    panic.downcast_ref::<String>().cloned().expect("text")
}

/// Every reference of a document.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(all) => all.iter().flat_map(references).collect(),
        Value::Object(all) => {
            let own = all.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(all.values().flat_map(references)).collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn what_is_published_is_described_by_topic_with_its_payload_and_envelope() {
    let publishing = |module: Module| module.publishes::<ThingMade>().publishes::<ThingBroken>();
    let site = Site::of(settings(), Arc::new(Believing), |probe| vec![publishing(probe.module())]);
    let site = site.await;

    let document = site.get("/asyncapi.json").await.assert_status(200).body.clone();

    assert_eq!(
        (&document["asyncapi"], &document["info"]["version"]),
        (&"3.0.0".into(), &"1.2.3".into())
    );
    let messages =
        document["channels"]["probe.things.v1"]["messages"].as_object().expect("messages");
    assert_eq!(messages.keys().collect::<Vec<_>>(), ["probe.thing.broken", "probe.thing.made"]);
    let made = &document["components"]["messages"]["probe.thing.made"];
    assert_eq!(made["payload"]["$ref"], "#/components/schemas/ThingMade");
    let references = references(&document);
    let pointers = references.iter().map(|it| it.strip_prefix('#').expect("within the document"));
    let missing: Vec<_> = pointers.filter(|it| document.pointer(it).is_none()).collect();
    assert!(missing.is_empty() && 7 < references.len(), "{missing:?} of {references:?}");
}

#[tokio::test]
async fn an_event_outside_its_module_s_domain_or_published_twice_does_not_start() {
    let twice = Module::new(TABLES).publishes::<ThingMade>().publishes::<ThingMade>();

    assert_eq!(refusal(twice).await, "probe.thing.made is published twice");
    assert_eq!(
        refusal(Module::new(TABLES).publishes::<Stranger>()).await,
        "other.thing.made is published by probe, whose domain it is not"
    );
}
