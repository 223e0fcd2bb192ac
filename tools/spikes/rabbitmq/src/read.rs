//! The receiving half on RabbitMQ: a channel for each queue of the group, acknowledged as a prefix.

use std::{
    future::poll_fn,
    task::Poll,
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use ground::{Doing, Fact, Fault, Members, Page, Part, Reader};
use lapin::{
    Channel, Connection, Consumer,
    message::Delivery,
    options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions},
    types::FieldTable,
};
use tokio::time::timeout;

use crate::wire;

const FIRST_WAIT: Duration = Duration::from_millis(50);
const NEXT_WAIT: Duration = Duration::from_millis(3);

/// One process's consumers of a group.
pub struct Subscriber {
    connection: Connection,
    part: Part,
    pub(crate) lines: Vec<Line>,
    members: Members,
    turn: usize,
    looked_at: Instant,
}

/// The place in the line of one queue.
pub(crate) struct Line {
    pub(crate) queue: String,
    pub(crate) channel: Channel,
    consumer: Consumer,
    /// Whether this process is the active one: it learns that only by what is delivered.
    is_active: bool,
}

impl Subscriber {
    pub async fn open(part: &Part) -> Result<Self, Fault> {
        let connection = wire::connect(&part.broker).await?;
        let mut lines = Vec::new();
        for partition in 0..part.partitions {
            lines.push(stand(&connection, part, wire::queue(&part.group, partition)).await?);
        }
        let (part, members) = (part.clone(), Members::join(part).await?);
        Ok(Self { connection, part, lines, members, turn: 0, looked_at: Instant::now() })
    }

    pub(crate) async fn delivery(
        &mut self,
        wait: Duration,
    ) -> Result<Option<(usize, Delivery)>, Fault> {
        self.turn += 1;
        let (turn, lines) = (self.turn, &mut self.lines);
        let count = lines.len();
        let next = poll_fn(|cx| {
            for at in (0..count).map(|it| (it + turn) % count) {
                if let Poll::Ready(it) = lines[at].consumer.poll_next_unpin(cx) {
                    return Poll::Ready((at, it));
                }
            }
            Poll::Pending
        });
        match timeout(wait, next).await {
            Err(_) => Ok(None),
            Ok((at, Some(delivery))) => {
                self.lines[at].is_active = true;
                delivery.doing("take a delivery").map(|it| Some((at, it)))
            }
            Ok((_, None)) => Err(Fault::new("the broker ended a consumer")),
        }
    }

    /// Single active consumer gives all queues to whoever came first, and AMQP does not tell who
    /// else stands in line. Whoever has more than a share goes to the end of the line, by closing
    /// the channel: a cancel would let the next one in while deliveries of this one are still out.
    async fn step_back(&mut self) -> Result<(), Fault> {
        if !self.part.manner.contains("fair") || self.looked_at.elapsed() < Duration::from_secs(1) {
            return Ok(());
        }
        self.looked_at = Instant::now();
        let share = self.lines.len().div_ceil(self.members.count().await?.max(1));
        let active = (0..self.lines.len()).filter(|it| self.lines[*it].is_active);
        for at in active.skip(share).collect::<Vec<_>>() {
            let _ = self.lines[at].channel.close(200, "steps back".into()).await;
            let queue = self.lines[at].queue.clone();
            self.lines[at] = stand(&self.connection, &self.part, queue).await?;
        }
        Ok(())
    }
}

impl Reader for Subscriber {
    /// The last tag of each channel; the tags before it are acknowledged with it.
    type Position = Vec<Option<u64>>;

    async fn next(&mut self, most: usize) -> Result<Page<Self::Position>, Fault> {
        self.step_back().await?;
        let mut facts: Vec<Fact> = Vec::new();
        let mut position = vec![None; self.lines.len()];
        let mut wait = FIRST_WAIT;
        while facts.len() < most {
            let Some((at, delivery)) = self.delivery(wait).await? else { break };
            facts.push(wire::fact(&delivery.properties, &delivery.data)?);
            position[at] = Some(delivery.delivery_tag);
            wait = NEXT_WAIT;
        }
        Ok(Page { facts, position })
    }

    /// An acknowledgement has no answer: one that was lost looks like one that arrived.
    async fn done(&mut self, position: Self::Position) -> Result<(), Fault> {
        for (line, tag) in self.lines.iter().zip(position) {
            let Some(tag) = tag else { continue };
            let all_before = BasicAckOptions { multiple: true };
            line.channel.basic_ack(tag, all_before).await.doing("acknowledge")?;
        }
        Ok(())
    }
}

/// Takes a place at the end of the line of a queue.
async fn stand(connection: &Connection, part: &Part, queue: String) -> Result<Line, Fault> {
    let channel = connection.create_channel().await.doing("open a channel")?;
    let prefetch = u16::try_from(part.batch).unwrap_or(u16::MAX);
    channel.basic_qos(prefetch, BasicQosOptions::default()).await.doing("set the prefetch")?;
    let mut arguments = FieldTable::default();
    if part.manner.contains("stream") {
        arguments.insert("x-stream-offset".into(), wire::text("first"));
    }
    let consumer = channel.basic_consume(
        queue.as_str().into(),
        part.name.as_str().into(),
        BasicConsumeOptions::default(),
        arguments,
    );
    let consumer = consumer.await.doing("consume")?;
    Ok(Line { queue, channel, consumer, is_active: false })
}
