//! What every experiment stands on, and the parts that children play.

use std::{path::Path, process::Stdio, time::Duration};

use ground::{Broker, Fault, Inbox, Part, Postgres, Scene, consume, relay};
use lapin::types::AMQPValue;
use tokio::time::sleep;

use crate::{broker::broker, late, own, publish::Sender, read::Subscriber, wire};

/// A PostgreSQL and a broker.
pub struct Stage {
    pub postgres: Postgres,
    pub broker: Broker,
    names: u16,
}

impl Stage {
    pub async fn build(folder: &Path) -> Result<Self, Fault> {
        let postgres = Postgres::start(&folder.join("pg"))?;
        let (mut broker, names) = broker(&folder.join("mq"))?;
        let took = broker.start().await?;
        println!("RabbitMQ was ready after {:.1} s", took.as_secs_f64());
        Ok(Self { postgres, broker, names })
    }

    /// An experiment with one group, bound before anything is sent.
    pub async fn scene(&self, name: &str) -> Result<Scene, Fault> {
        let database = self.postgres.database(name).await?;
        let part = Part {
            database: database.url.clone(),
            broker: format!("amqp://guest:guest@127.0.0.1:{}/%2f?heartbeat=2", self.broker.port),
            topic: name.to_owned(),
            group: format!("{name}.early"),
            partitions: 4,
            batch: 100,
            ..Part::default()
        };
        let scene = Scene { database, part };
        group(&scene, &scene.part.group, &[]).await?;
        Ok(scene)
    }
}

/// Declares and binds the queues of a group.
pub async fn group(scene: &Scene, group: &str, more: &[(&str, AMQPValue)]) -> Result<(), Fault> {
    let sender = Sender::open(&scene.part.broker, &scene.part.topic).await?;
    wire::declare_queues(&sender.channel, group, scene.part.partitions, more).await?;
    wire::bind(&sender.channel, &scene.part.topic, group, scene.part.partitions).await
}

impl Drop for Stage {
    fn drop(&mut self) {
        let mut end = std::process::Command::new("epmd");
        let ended = end
            .arg("-kill")
            .env("ERL_EPMD_PORT", self.names.to_string())
            .stdout(Stdio::null())
            .status();
        if !ended.is_ok_and(|it| it.success()) {
            eprintln!("Erlang's name server was not stopped");
        }
    }
}

/// What a child does until it is killed, or fenced.
pub async fn play(part: &Part) -> Result<(), Fault> {
    loop {
        let mut inbox = Inbox::open(part).await?;
        let ended = match part.role.as_str() {
            "relay" => play_relay(part).await,
            "late-relay" => late::play(part).await,
            "own-retries" => own::play(part, &mut inbox).await,
            _ => play_consumer(part, &mut inbox).await,
        };
        let Err(fault) = ended else { return Ok(()) };
        let what = fault.to_string();
        // The inbox's own connection may be what failed.
        Inbox::open(part).await?.note(&what).await?;
        if what.contains("fenced") {
            return Ok(());
        }
        sleep(Duration::from_millis(100)).await;
    }
}

async fn play_relay(part: &Part) -> Result<(), Fault> {
    let mut sender = Sender::open(&part.broker, &part.topic).await?;
    relay(part, &mut sender).await
}

async fn play_consumer(part: &Part, inbox: &mut Inbox) -> Result<(), Fault> {
    let mut subscriber = Subscriber::open(part).await?;
    consume(part, inbox, &mut subscriber).await
}
