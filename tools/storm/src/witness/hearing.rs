//! Events: each is written down as it is heard, and has a job done.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Error;
use socle_db::Tx;
use socle_events::{Delivery, Envelope, EventId, Incoming, Subscription};
use socle_jobs::enqueue;
use socle_kernel::{Cx, Event, Fault, Retry};
use socle_ledger_contract::{HoldExpired, HoldPlaced, HoldVoided, TransactionPosted};

use super::{echo::Echo, tables::HEARD};

/// Who hears.
const GROUP: &str = "storm.witness";

/// Enough for two workers to share.
const PARTITIONS: u8 = 4;

/// Little enough that a storm meets a worker between two of them.
const BATCH: u16 = 20;

/// One event in so many fails with its batch, alone, and not any more after that.
const STUMBLES: u128 = 40;
const STUMBLES_MAX: u32 = 2;

/// A stumble is over soon.
const RETRY: Retry = Retry {
    first: Duration::from_millis(100),
    factor: 2,
    longest: Duration::from_secs(1),
    attempts: 50,
};

/// What the ledger tells of transactions and holds, unread.
pub(super) struct Anything;

impl Incoming for Anything {
    const TYPES: &'static [&'static str] =
        &[TransactionPosted::TYPE, HoldPlaced::TYPE, HoldVoided::TYPE, HoldExpired::TYPE];

    fn read(_: &str, _: &str) -> Result<Self, Error> {
        Ok(Self)
    }
}

/// How often this process has stumbled over an event.
type Stumbled = Arc<Mutex<HashMap<EventId, u32>>>;

pub(super) fn subscription() -> Subscription {
    let seen = Stumbled::default();
    let group = Subscription::each::<Anything>(GROUP, move |cx, tx, it: &Delivery<Anything>| {
        let is_stumble = stumbles(&seen, it.envelope.id);
        Box::pin(async move {
            if is_stumble {
                return Err(Fault::internal("hear the event", "the witness stumbled over it"));
            }
            hear(cx, tx, &it.envelope).await
        })
    });
    group.partitions(PARTITIONS).batch(BATCH).retry(RETRY)
}

fn stumbles(stumbled: &Stumbled, over: EventId) -> bool {
    if !over.uuid().as_u128().is_multiple_of(STUMBLES) {
        return false;
    }
    let mut stumbled = stumbled.lock().expect("nobody panics with it");
    let times = stumbled.entry(over).or_default();
    *times += 1;
    *times <= STUMBLES_MAX
}

async fn hear(cx: &Cx, tx: &mut Tx, it: &Envelope) -> Result<(), Fault> {
    let heard = tx.sql(HEARD).bind(it.id).bind(&it.partitionkey).bind(it.sequence);
    heard.run("write down what was heard").await?;
    enqueue(cx, tx, &Echo { event: it.id }).await.map(drop)
}
