//! What every experiment stands on, and the parts that children play.

use std::{path::Path, time::Duration};

use ground::{Broker, Fault, Inbox, Part, Postgres, Scene, consume, relay};
use tokio::time::sleep;

use crate::{broker::broker, own, publish::Sender, read::Subscriber, wire};

/// A PostgreSQL and a broker.
pub struct Stage {
    pub postgres: Postgres,
    pub broker: Broker,
}

impl Stage {
    pub async fn build(folder: &Path) -> Result<Self, Fault> {
        let postgres = Postgres::start(&folder.join("pg"))?;
        let mut broker = broker(&folder.join("kafka"))?;
        let took = broker.start().await?;
        println!("Kafka was ready after {:.1} s", took.as_secs_f64());
        Ok(Self { postgres, broker })
    }

    /// An experiment with a topic of four partitions that has `settings`.
    pub async fn scene(&self, name: &str, settings: &[(&str, &str)]) -> Result<Scene, Fault> {
        let database = self.postgres.database(name).await?;
        let part = Part {
            database: database.url.clone(),
            broker: format!("127.0.0.1:{}", self.broker.port),
            topic: name.to_owned(),
            group: format!("{name}.early"),
            partitions: 4,
            batch: 100,
            ..Part::default()
        };
        wire::topic(&part.broker, name, part.partitions, settings).await?;
        Ok(Scene { database, part })
    }
}

/// What a child does until it is killed, or fenced.
pub async fn play(part: &Part) -> Result<(), Fault> {
    loop {
        let mut inbox = Inbox::open(part).await?;
        let ended = match part.role.as_str() {
            "relay" => relay(part, &mut Sender::open(&part.broker, &part.topic)?).await,
            "own-retries" => own::play(part, &mut inbox).await,
            "own-retry-reader" => own::play_again(part, &mut inbox).await,
            _ => consume(part, &mut inbox, &mut Subscriber::open(part)?).await,
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
