//! The receiving half on Kafka: a member of the group, whose offsets follow the commits.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use ground::{Doing, Fact, Fault, Page, Part, Reader};
use rdkafka::{
    ClientConfig, ClientContext, Message, Offset, TopicPartitionList,
    consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance, StreamConsumer},
    error::KafkaError,
    types::RDKafkaErrorCode,
};
use tokio::{task::block_in_place, time::timeout};

use crate::wire;

const FIRST_WAIT: Duration = Duration::from_millis(50);
const NEXT_WAIT: Duration = Duration::from_millis(3);

/// Counts what was taken away: a page that was read before must not be committed after.
#[derive(Default)]
pub struct Assignments(AtomicU64);

/// One process's membership of a group.
pub struct Subscriber {
    consumer: StreamConsumer<Assignments>,
    topic: String,
    is_guarded: bool,
}

impl ClientContext for Assignments {}

impl ConsumerContext for Assignments {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, what: &Rebalance<'_>) {
        if !matches!(what, Rebalance::Assign(_)) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Subscriber {
    pub fn open(part: &Part) -> Result<Self, Fault> {
        let mut config = ClientConfig::new();
        let reset = if part.manner.contains("strict") { "error" } else { "earliest" };
        config
            .set("bootstrap.servers", &part.broker)
            .set("group.id", &part.group)
            .set("client.id", &part.name)
            .set("enable.auto.commit", "false")
            .set("auto.offset.reset", reset)
            .set("fetch.wait.max.ms", "50")
            .set("max.poll.interval.ms", "6000");
        if part.manner.contains("consumer") {
            config.set("group.protocol", "consumer");
        } else {
            config.set("session.timeout.ms", "3000").set("heartbeat.interval.ms", "500");
        }
        let consumer: StreamConsumer<Assignments> =
            config.create_with_context(Assignments::default()).doing("make a consumer")?;
        consumer.subscribe(&[&part.topic]).doing("subscribe")?;
        let is_guarded = part.manner.contains("guarded");
        Ok(Self { consumer, topic: part.topic.clone(), is_guarded })
    }

    fn taken_away(&self) -> u64 {
        self.consumer.context().0.load(Ordering::SeqCst)
    }
}

/// Where a page ends, and what had been taken away when it began.
pub struct Position {
    /// The next offset of each partition.
    offsets: BTreeMap<i32, i64>,
    taken_away: u64,
}

impl Reader for Subscriber {
    type Position = Position;

    async fn next(&mut self, most: usize) -> Result<Page<Position>, Fault> {
        let mut facts: Vec<Fact> = Vec::new();
        let mut offsets = BTreeMap::new();
        let taken_away = self.taken_away();
        let mut wait = FIRST_WAIT;
        while facts.len() < most {
            let record = match timeout(wait, self.consumer.recv()).await {
                Err(_) => break,
                Ok(Err(cause)) if is_passing(&cause) => break,
                Ok(record) => record.doing("receive a record")?,
            };
            facts.push(wire::fact(&record)?);
            offsets.insert(record.partition(), record.offset() + 1);
            wait = NEXT_WAIT;
        }
        Ok(Page { facts, position: Position { offsets, taken_away } })
    }

    /// The broker refuses an old generation, and that is fence enough: whoever also lets go as soon
    /// as anything was taken away (`guarded`) makes the next rebalance himself.
    async fn done(&mut self, position: Position) -> Result<(), Fault> {
        if self.is_guarded && position.taken_away != self.taken_away() {
            return Err(Fault::new("lost its partitions while it handled a page"));
        }
        if position.offsets.is_empty() {
            return Ok(());
        }
        let mut offsets = TopicPartitionList::new();
        for (partition, next) in position.offsets {
            let next = Offset::Offset(next);
            offsets.add_partition_offset(&self.topic, partition, next).doing("note an offset")?;
        }
        let committed = block_in_place(|| self.consumer.commit(&offsets, CommitMode::Sync));
        committed.doing("commit the offsets")
    }
}

/// A broker that is away comes back; the client looks for it by itself.
fn is_passing(cause: &KafkaError) -> bool {
    let away = [
        RDKafkaErrorCode::BrokerTransportFailure,
        RDKafkaErrorCode::AllBrokersDown,
        RDKafkaErrorCode::Resolve,
    ];
    cause.rdkafka_error_code().is_some_and(|it| away.contains(&it))
}
