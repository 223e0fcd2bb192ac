//! Retries by the broker's own means, to be compared with parking in the consumer's database.

use std::time::Duration;

use ground::{Doing, Fact, Fault, Inbox, Part};
use lapin::{
    options::{BasicAckOptions, BasicNackOptions, BasicPublishOptions},
    types::AMQPValue,
};

use crate::{read::Subscriber, wire};

/// How long the waiting queue keeps a message.
pub const DELAY_MS: i32 = 300;

/// The arguments of a queue that gives a message up after three returns.
pub fn limited(dead: &str) -> Vec<(&'static str, AMQPValue)> {
    vec![
        ("x-delivery-limit", AMQPValue::LongInt(3)),
        ("x-dead-letter-exchange", wire::text("")),
        ("x-dead-letter-routing-key", wire::text(dead)),
    ]
}

/// The arguments of a queue whose messages go to `to` when they have waited.
pub fn waiting(to: &str) -> Vec<(&'static str, AMQPValue)> {
    vec![
        ("x-message-ttl", AMQPValue::LongInt(DELAY_MS)),
        ("x-dead-letter-exchange", wire::text("")),
        ("x-dead-letter-routing-key", wire::text(to)),
    ]
}

/// Handles one by one; what fails goes back to the broker, as `part.manner` says.
pub async fn play(part: &Part, inbox: &mut Inbox) -> Result<(), Fault> {
    let mut subscriber = Subscriber::open(part).await?;
    loop {
        let Some((at, it)) = subscriber.delivery(Duration::from_millis(50)).await? else {
            continue;
        };
        let line = &subscriber.lines[at];
        let fact: Fact = wire::fact(&it.properties, &it.data)?;
        if inbox.attempt(&fact).await? {
            let acked = line.channel.basic_ack(it.delivery_tag, BasicAckOptions::default());
            acked.await.doing("acknowledge")?;
        } else if part.manner == "wait" {
            let (options, properties) = (BasicPublishOptions::default(), wire::properties(&fact));
            let to = format!("{}.wait", line.queue);
            let data = fact.data.as_bytes();
            let sent = line.channel.basic_publish("".into(), to.into(), options, data, properties);
            sent.await.doing("send to the waiting queue")?;
            let acked = line.channel.basic_ack(it.delivery_tag, BasicAckOptions::default());
            acked.await.doing("acknowledge")?;
        } else {
            let back = BasicNackOptions { requeue: true, multiple: false };
            line.channel.basic_nack(it.delivery_tag, back).await.doing("give it back")?;
        }
    }
}
