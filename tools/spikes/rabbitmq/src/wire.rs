//! Names, declarations and the envelope: what both ends must agree on.

use ground::{Doing, Fact, Fault, SLOTS};
use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties, ExchangeKind,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable, ShortString},
};

/// The prefix of the AMQP binding of `CloudEvents`.
const PREFIX: &str = "cloudEvents:";

pub async fn connect(url: &str) -> Result<Connection, Fault> {
    Connection::connect(url, ConnectionProperties::default()).await.doing("connect to RabbitMQ")
}

/// `<type>.s<slot>`: a group binds the slots of a partition, so that each group chooses its N.
pub fn routing_key(fact: &Fact) -> String {
    format!("{}.s{:02}", fact.event_type, fact.slot())
}

pub fn queue(group: &str, partition: u16) -> String {
    format!("{group}.{partition}")
}

/// The exchange of a producer.
pub async fn declare_exchange(channel: &Channel, exchange: &str) -> Result<(), Fault> {
    let durable = ExchangeDeclareOptions { durable: true, ..Default::default() };
    channel
        .exchange_declare(exchange.into(), ExchangeKind::Topic, durable, FieldTable::default())
        .await
        .doing("declare the exchange")
}

/// The queues of a group, each with one consumer at a time.
pub async fn declare_queues(
    channel: &Channel,
    group: &str,
    partitions: u16,
    more: &[(&str, AMQPValue)],
) -> Result<(), Fault> {
    let mut arguments = vec![
        ("x-queue-type", text("quorum")),
        ("x-single-active-consumer", AMQPValue::Boolean(true)),
    ];
    arguments.extend_from_slice(more);
    for partition in 0..partitions {
        declare_plain(channel, &queue(group, partition), &arguments).await?;
    }
    Ok(())
}

/// A durable queue with these arguments and no others.
pub async fn declare_plain(
    channel: &Channel,
    name: &str,
    arguments: &[(&str, AMQPValue)],
) -> Result<(), Fault> {
    let mut table = FieldTable::default();
    for (name, value) in arguments {
        table.insert((*name).into(), value.clone());
    }
    let durable = QueueDeclareOptions { durable: true, ..Default::default() };
    channel.queue_declare(name.into(), durable, table).await.doing("declare a queue").map(drop)
}

/// How many messages wait in a queue, as AMQP tells it: those that are out are not counted.
pub async fn depth(channel: &Channel, name: &str) -> Result<u32, Fault> {
    let passive = QueueDeclareOptions { passive: true, ..Default::default() };
    let seen = channel.queue_declare(name.into(), passive, FieldTable::default());
    seen.await.doing("look at a queue").map(|it| it.message_count())
}

/// From now on the exchange copies to the queues of `group` what falls into their slots.
pub async fn bind(
    channel: &Channel,
    exchange: &str,
    group: &str,
    partitions: u16,
) -> Result<(), Fault> {
    for slot in 0..SLOTS {
        let to = queue(group, slot % partitions);
        let key = format!("spike.*.*.s{slot:02}");
        let options = QueueBindOptions::default();
        let bound = channel.queue_bind(
            to.into(),
            exchange.into(),
            key.into(),
            options,
            FieldTable::default(),
        );
        bound.await.doing("bind a queue")?;
    }
    Ok(())
}

/// The envelope in binary mode: attributes in headers, the payload as it is.
pub fn properties(fact: &Fact) -> BasicProperties {
    let mut headers = FieldTable::default();
    for (name, value) in fact.attributes() {
        headers.insert(ShortString::from(format!("{PREFIX}{name}")), text(&value));
    }
    BasicProperties::default()
        .with_delivery_mode(2)
        .with_content_type("application/json".into())
        .with_message_id(fact.id.to_string().into())
        .with_headers(headers)
}

/// The fact in a message.
pub fn fact(properties: &BasicProperties, payload: &[u8]) -> Result<Fact, Fault> {
    let headers = properties.headers().clone().unwrap_or_default();
    let named = |name: &str| match headers.inner().get(format!("{PREFIX}{name}").as_str())? {
        AMQPValue::LongString(it) => Some(it.to_string()),
        _ => None,
    };
    Fact::from_attributes(named, payload).ok_or_else(|| Fault::new("a message is no event"))
}

pub fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}
