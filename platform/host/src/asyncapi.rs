//! The description of all events: `AsyncAPI` 3.0, made of what the modules publish.

use serde_json::{Value, json};
use socle_kernel::Event;
use utoipa::ToSchema;

const ABOUT: &str = "\
Facts, each written in the transaction that makes it true. An event is a CloudEvent 1.0: its \
attributes are the headers, its payload is `data`. Delivered at least once, in the order of \
`sequence` within one `partitionkey` of a tenant; `id` tells a repetition.";

/// An event that a module publishes, described.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    pub(crate) event_type: &'static str,
    topic: &'static str,
    dataversion: i16,
    payload: String,
    schemas: Vec<(String, Value)>,
}

impl Published {
    pub(crate) fn of<E: Event + ToSchema>() -> Self {
        let payload = E::name().into_owned();
        let mut schemas = vec![(payload.clone(), E::schema())];
        E::schemas(&mut schemas);
        let to_json = |it| serde_json::to_value(it).expect("a schema is JSON");
        let schemas = schemas.into_iter().map(|(name, it)| (name, to_json(it))).collect();
        let (event_type, topic, dataversion) = (E::TYPE, E::TOPIC, E::DATAVERSION);
        Self { event_type, topic, dataversion, payload, schemas }
    }
}

/// The document over what each module publishes.
///
/// # Panics
///
/// When an event is published by two modules, or outside its module's own domain, and when two
/// payloads have one name.
pub(crate) fn document(version: &str, modules: &[(&str, Vec<Published>)]) -> Value {
    let mut document = json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Socle",
            "version": version,
            "description": ABOUT,
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "channels": {},
        "operations": {},
        "components": {
            "messages": {},
            "schemas": {},
            "messageTraits": { "envelope": envelope() },
        },
    });
    for (module, published) in modules {
        for event in published {
            add(&mut document, module, event);
        }
    }
    document
}

fn add(document: &mut Value, module: &str, event: &Published) {
    let name = event.event_type;
    let domain = name.split('.').next().unwrap_or_default();
    assert!(domain == module, "{name} is published by {module}, whose domain it is not");
    let messages = &mut document["components"]["messages"];
    assert!(messages[name].is_null(), "{name} is published twice");
    messages[name] = json!({
        "name": name,
        "title": event.payload,
        "contentType": "application/json",
        "traits": [{ "$ref": "#/components/messageTraits/envelope" }],
        "payload": { "$ref": format!("#/components/schemas/{}", event.payload) },
        "x-dataversion": event.dataversion,
    });
    for (schema, value) in &event.schemas {
        let place = &mut document["components"]["schemas"][schema];
        assert!(place.is_null() || place == value, "{schema} is two payloads");
        *place = value.clone();
    }
    let topic = event.topic;
    let channel = &mut document["channels"][topic];
    if channel.is_null() {
        *channel = json!({ "address": topic, "messages": {} });
    }
    channel["messages"][name] = json!({ "$ref": format!("#/components/messages/{name}") });
    document["operations"][format!("{module}.{topic}")] = json!({
        "action": "send",
        "channel": { "$ref": format!("#/channels/{topic}") },
        "summary": format!("What {module} publishes on {topic}."),
        "tags": [{ "name": module }],
    });
}

/// The attributes of every event: `CloudEvents` 1.0 with its extensions for distributed tracing,
/// partitioning and sequence, and ours.
fn envelope() -> Value {
    let text = |says: &str| json!({ "type": "string", "description": says });
    let uuid = |says: &str| json!({ "type": "string", "format": "uuid", "description": says });
    json!({
        "headers": {
            "type": "object",
            "required": [
                "specversion", "id", "source", "type", "time", "datacontenttype", "dataversion",
                "tenantid", "actortype", "actorid", "correlationid", "partitionkey", "sequence",
            ],
            "properties": {
                "specversion": { "type": "string", "const": "1.0" },
                "id": text("`evt_…`; the same in every repetition."),
                "source": text("The module: `/socle/ledger`."),
                "type": text("`<domain>.<entity>.<past participle>`."),
                "time": { "type": "string", "format": "date-time" },
                "datacontenttype": { "type": "string", "const": "application/json" },
                "dataversion": {
                    "type": "integer",
                    "description": "Grows when readers must look twice.",
                },
                "tenantid": text("`ten_…`"),
                "actortype": {
                    "type": "string",
                    "enum": ["person", "app", "agent", "system"],
                },
                "actorid": text("Who made it happen."),
                "onbehalfof": text("The person an app or an agent acted for: `per_…`."),
                "correlationid": uuid("What it belongs to, across modules and processes."),
                "causationid": uuid("What made it happen: an event, a job, a request."),
                "partitionkey": text("Events of one key of a tenant keep their order."),
                "sequence": {
                    "type": "integer",
                    "minimum": 1,
                    "description": "The key's own counter: tells a late event from news.",
                },
                "traceparent": text("W3C trace context of what made it happen."),
            },
        },
    })
}
