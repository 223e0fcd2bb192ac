//! A relay that lets a late group in: it sends the history straight to the group's queues, and
//! binds them between two pages, when the history has caught up. Nobody else publishes, so nothing
//! falls in between and nothing new overtakes what is old.

use std::time::Duration;

use ground::{Fact, Fault, Outbox, Part, Point};
use tokio::time::sleep;

use crate::{publish::Sender, wire};

const PAGE_SIZE: i64 = 500;

/// The cursor of the group's history.
struct History {
    part: Part,
    pages: u32,
    outbox: Outbox,
    has_caught_up: bool,
}

/// Relays live, and the group that `part.manner` names beside it.
pub async fn play(part: &Part) -> Result<(), Fault> {
    let sender = Sender::open(&part.broker, &part.topic).await?;
    wire::declare_queues(&sender.channel, &part.manner, part.partitions, &[]).await?;
    let mut live = Outbox::take(&part.database, &part.topic).await?;
    let outbox = Outbox::take(&part.database, &part.manner).await?;
    let mut history = History { part: part.clone(), pages: 0, outbox, has_caught_up: false };
    loop {
        let mut facts = live.rest(PAGE_SIZE).await?;
        if facts.is_empty() {
            // All that `live.upto()` saw is published.
            history.meet(&sender, &part.topic, live.upto()).await?;
            facts = live.page(PAGE_SIZE).await?;
        }
        if !facts.is_empty() {
            sender.send(&facts, |_| None).await?;
            live.confirm(&facts).await?;
        }
        let sent = history.step(&sender).await?;
        if facts.is_empty() && sent == 0 {
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl History {
    /// Sends one page, beside the live ones.
    async fn step(&mut self, sender: &Sender) -> Result<usize, Fault> {
        if self.outbox.admitted {
            return Ok(0);
        }
        let facts = self.outbox.rest(PAGE_SIZE).await?;
        self.has_caught_up = facts.is_empty() && self.outbox.upto() != "1:1:";
        let to = |it: &Fact| wire::queue(&self.part.manner, it.slot() % self.part.partitions);
        sender.send(&facts, |it| Some(to(it))).await?;
        self.pages += 1;
        self.part.pass(Point::BeforeCursor, self.pages);
        self.outbox.confirm(&facts).await?;
        Ok(facts.len())
    }

    /// Between two live pages: opens the window, or reads the little that is left and binds.
    async fn meet(&mut self, sender: &Sender, exchange: &str, upto: &str) -> Result<(), Fault> {
        if self.outbox.admitted {
            return Ok(());
        }
        if self.has_caught_up {
            self.outbox.open(upto.to_owned());
            while self.step(sender).await? > 0 {}
            let (group, partitions) = (&self.part.manner, self.part.partitions);
            wire::bind(&sender.channel, exchange, group, partitions).await?;
            self.outbox.admitted = true;
            return self.outbox.confirm(&[]).await;
        }
        if self.outbox.upto() == "1:1:" {
            self.outbox.open(upto.to_owned());
        }
        Ok(())
    }
}
