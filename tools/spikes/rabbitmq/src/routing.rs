//! How keys find their queue: the consistent-hash plugin, or slots that the relay computes.

use std::collections::HashMap;

use ground::{Doing, Fact, Fault};
use lapin::{
    Channel, ExchangeKind,
    options::{
        BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions,
        QueueBindOptions, QueueDeclareOptions,
    },
    types::FieldTable,
};
use uuid::Uuid;

use crate::{publish::Sender, stage::Stage, wire};

const KEYS: u32 = 4_000;

pub async fn run(stage: &Stage) -> Result<(), Fault> {
    println!(
        "\n## routing: {KEYS} keys to 4 queues, then to 5\n{:34} {:24} {:30} moved",
        "", "of 4", "of 5"
    );
    let url = format!("amqp://guest:guest@127.0.0.1:{}/%2f", stage.broker.port);
    for (weight, reversed) in [("1", false), ("100", false), ("100", true)] {
        let order = if reversed { ", bound in reverse" } else { "" };
        let name = format!("plugin, weight {weight}{order}");
        let exchange = format!("hash-{weight}-{reversed}");
        let sender = Sender::open(&url, "unused").await?;
        let kind = ExchangeKind::Custom("x-consistent-hash".into());
        let options = ExchangeDeclareOptions::default();
        let made = sender.channel.exchange_declare(
            exchange.as_str().into(),
            kind,
            options,
            FieldTable::default(),
        );
        made.await.doing("declare the hash exchange")?;
        let mut queues: Vec<_> = (0..4).collect();
        if reversed {
            queues.reverse();
        }
        for queue in queues {
            bind(&sender.channel, &exchange, queue, weight).await?;
        }
        let four = places(&sender.channel, &exchange, 4).await?;
        bind(&sender.channel, &exchange, 4, weight).await?;
        let five = places(&sender.channel, &exchange, 5).await?;
        print(&name, &four, &five);
    }
    let slots = |n: u16| facts().map(|it| (it.key(), it.slot() % n)).collect::<HashMap<_, _>>();
    print("slots of the relay", &slots(4), &slots(5));
    Ok(())
}

fn facts() -> impl Iterator<Item = Fact> {
    (0..KEYS).map(|n| Fact {
        id: Uuid::now_v7(),
        event_type: "spike.thing.done".into(),
        tenantid: format!("t{}", n % 3),
        partitionkey: format!("k{n}"),
        sequence: 1,
        time: String::new(),
        data: "{}".into(),
    })
}

async fn bind(channel: &Channel, exchange: &str, queue: u16, weight: &str) -> Result<(), Fault> {
    let name = format!("{exchange}.{queue}");
    let made = channel.queue_declare(
        name.as_str().into(),
        QueueDeclareOptions::default(),
        FieldTable::default(),
    );
    made.await.doing("declare a queue")?;
    let (options, none) = (QueueBindOptions::default(), FieldTable::default());
    let bound = channel.queue_bind(name.into(), exchange.into(), weight.into(), options, none);
    bound.await.doing("bind a queue")
}

/// Which queue each key reaches.
async fn places(
    channel: &Channel,
    exchange: &str,
    queues: u16,
) -> Result<HashMap<String, u16>, Fault> {
    channel.confirm_select(ConfirmSelectOptions::default()).await.doing("ask for confirms")?;
    let mut confirms = Vec::new();
    for fact in facts() {
        let (key, properties) = (fact.key(), wire::properties(&fact));
        let sent = channel.basic_publish(
            exchange.into(),
            key.into(),
            BasicPublishOptions::default(),
            b"{}",
            properties,
        );
        confirms.push(sent.await.doing("publish")?);
    }
    for confirm in confirms {
        confirm.await.doing("wait for a confirm")?;
    }
    let mut found = HashMap::new();
    for queue in 0..queues {
        let name = format!("{exchange}.{queue}");
        let taken = BasicGetOptions { no_ack: true };
        while let Some(it) = channel.basic_get(name.as_str().into(), taken).await.doing("get")? {
            found.insert(wire::fact(&it.properties, &it.data)?.key(), queue);
        }
    }
    Ok(found)
}

fn print(name: &str, four: &HashMap<String, u16>, five: &HashMap<String, u16>) {
    let shares = |of: &HashMap<String, u16>, n: u16| {
        let counts = (0..n).map(|queue| of.values().filter(|it| **it == queue).count());
        counts.map(|it| it.to_string()).collect::<Vec<_>>().join(" ")
    };
    let moved = four.iter().filter(|(key, queue)| five.get(*key) != Some(*queue)).count();
    let percent = moved * 100 / four.len().max(1);
    println!("{name:34} {:24} {:30} {percent} %", shares(four, 4), shares(five, 5));
}
