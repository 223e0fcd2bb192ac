//! The bus as the trait would have it, and the two loops that need nothing else of a broker.

use std::{future::Future, time::Duration};

use tokio::time::sleep;

use crate::{Fact, Fault, Inbox, Outbox, Part, Point};

/// How many facts a relay sends before it waits for their confirmation.
const PAGE_SIZE: i64 = 500;
/// How often a relay looks when there was nothing.
const POLL: Duration = Duration::from_millis(20);

/// What the relay needs.
pub trait Publisher {
    /// Sends in order and returns when the broker has confirmed all of them. After an error any of
    /// them may have been sent; the caller begins again at the first, with a new publisher.
    fn publish(&mut self, facts: &[Fact]) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// What a group's worker needs: one process's share of a group's partitions.
pub trait Reader {
    /// What [`Reader::done`] wants back; only the broker's client can read it.
    type Position: Send;

    /// The next facts, at most `most`, in order per key; an empty page after a short while.
    fn next(
        &mut self,
        most: usize,
    ) -> impl Future<Output = Result<Page<Self::Position>, Fault>> + Send;

    /// Says that the effects of a page are committed. An error means that the partitions may have
    /// another owner: let go and open again.
    fn done(&mut self, position: Self::Position) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Facts that came together, and how far they reach.
pub struct Page<P> {
    pub facts: Vec<Fact>,
    pub position: P,
}

/// Carries the outbox to the broker until it fails; the cursor follows the confirmations.
pub async fn relay(part: &Part, publisher: &mut impl Publisher) -> Result<(), Fault> {
    let mut outbox = Outbox::take(&part.database, &part.topic).await?;
    let mut page = 0;
    loop {
        let facts = outbox.page(PAGE_SIZE).await?;
        if facts.is_empty() {
            sleep(POLL).await;
            continue;
        }
        publisher.publish(&facts).await?;
        page += 1;
        part.pass(Point::BeforeCursor, page);
        outbox.confirm(&facts).await?;
    }
}

/// Handles what `reader` brings until one of the two fails.
pub async fn consume(
    part: &Part,
    inbox: &mut Inbox,
    reader: &mut impl Reader,
) -> Result<(), Fault> {
    loop {
        let page = reader.next(part.batch).await?;
        inbox.retry().await?;
        if !page.facts.is_empty() {
            inbox.handle(&page.facts).await?;
            reader.done(page.position).await?;
        }
    }
}
