//! Topics, keys and the envelope: what both ends must agree on.

use ground::{Doing, Fact, Fault};
use rdkafka::{
    ClientConfig, Message,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    message::{BorrowedMessage, Header, Headers, OwnedHeaders},
};

/// The prefix of the Kafka binding of `CloudEvents`.
const PREFIX: &str = "ce_";

/// Makes a topic, with settings of its own.
pub async fn topic(
    broker: &str,
    name: &str,
    partitions: u16,
    settings: &[(&str, &str)],
) -> Result<(), Fault> {
    let mut config = ClientConfig::new();
    let admin: AdminClient<DefaultClientContext> =
        config.set("bootstrap.servers", broker).create().doing("connect to Kafka")?;
    let mut topic = NewTopic::new(name, partitions.into(), TopicReplication::Fixed(1));
    for (name, value) in settings {
        topic = topic.set(name, value);
    }
    let made = admin.create_topics(&[topic], &AdminOptions::new()).await;
    let made = made.doing("make a topic")?.pop();
    made.ok_or_else(|| Fault::new("no answer about the topic"))?.doing("make a topic").map(drop)
}

/// The envelope in binary mode: attributes in headers, the payload as it is.
pub fn headers(fact: &Fact) -> OwnedHeaders {
    let with = |headers: OwnedHeaders, name: &str, value: &str| {
        headers.insert(Header { key: name, value: Some(value) })
    };
    let start = with(OwnedHeaders::new(), "content-type", "application/json");
    let attributes = fact.attributes().into_iter();
    attributes
        .fold(start, |headers, (name, value)| with(headers, &format!("{PREFIX}{name}"), &value))
}

/// The fact in a record.
pub fn fact(record: &BorrowedMessage<'_>) -> Result<Fact, Fault> {
    let headers = record.headers().ok_or_else(|| Fault::new("a record has no headers"))?;
    let named = |name: &str| {
        let wanted = format!("{PREFIX}{name}");
        let header = headers.iter().find(|it| it.key == wanted)?;
        String::from_utf8(header.value?.to_vec()).ok()
    };
    let data = record.payload().unwrap_or_default();
    Fact::from_attributes(named, data).ok_or_else(|| Fault::new("a record is no event"))
}
