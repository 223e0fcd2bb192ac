//! What a module does with the events of another.

use std::{fmt, time::Duration};

use futures_util::future::BoxFuture;
use socle_db::Tx;
use socle_kernel::{Cx, Fault, Retry};

use crate::{Delivery, Envelope, Incoming};

/// How many events a handler gets at most, unless its subscription says so.
const BATCH: u16 = 500;

/// How long a handler may take. A worker renews its leases between handlers, so they end before
/// a lease does.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most partitions of a group, as its table has it.
const PARTITIONS_MAX: u8 = 16;

/// Where a group begins that has never read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// At the oldest event that is kept: what is added late hears all.
    #[default]
    Earliest,
    /// Behind everything that has happened.
    Now,
}

/// A handler of one group, for events of one domain.
///
/// Its effect is in one commit with the mark that says so: an event takes effect once, however
/// often it is delivered. Events of one key come in their order. It must not reach outside its
/// transaction, which may be run again or rolled back.
pub struct Subscription {
    pub(crate) group: &'static str,
    pub(crate) types: &'static [&'static str],
    pub(crate) handle: Handle,
    pub(crate) partitions: u8,
    pub(crate) batch: u16,
    pub(crate) retry: Retry,
    pub(crate) timeout: Duration,
    pub(crate) start: Start,
}

type Handle = Box<
    dyn for<'a> Fn(&'a Cx, &'a mut Tx, Vec<Envelope>) -> BoxFuture<'a, Result<(), Fault>>
        + Send
        + Sync,
>;

/// The payload is not what the type promises.
#[derive(Debug, thiserror::Error)]
#[error("the payload of a {event_type} cannot be read")]
pub(crate) struct Undecodable {
    event_type: String,
    source: serde_json::Error,
}

impl Subscription {
    /// Hands `group` the events of one tenant together, many at a time; the tenant is `cx`'s.
    ///
    /// # Panics
    ///
    /// When `E` takes types of several domains.
    pub fn new<E: Incoming>(
        group: &'static str,
        handler: impl for<'a> Fn(
            &'a Cx,
            &'a mut Tx,
            &'a [Delivery<E>],
        ) -> BoxFuture<'a, Result<(), Fault>>
        + Clone
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let handle: Handle = Box::new(move |cx, tx, envelopes| {
            let handler = handler.clone();
            Box::pin(async move { handler(cx, tx, &deliveries(envelopes)?).await })
        });
        Self::of::<E>(group, handle)
    }

    /// Hands `group` one event after the other; `cx` belongs where the event belongs.
    pub fn each<E: Incoming>(
        group: &'static str,
        handler: impl for<'a> Fn(
            &'a Cx,
            &'a mut Tx,
            &'a Delivery<E>,
        ) -> BoxFuture<'a, Result<(), Fault>>
        + Clone
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let handle: Handle = Box::new(move |cx, tx, envelopes| {
            let handler = handler.clone();
            Box::pin(async move {
                for it in deliveries::<E>(envelopes)? {
                    handler(&it.envelope.cause(cx), tx, &it).await?;
                }
                Ok(())
            })
        });
        Self::of::<E>(group, handle)
    }

    fn of<E: Incoming>(group: &'static str, handle: Handle) -> Self {
        let is_of_one = E::TYPES.iter().all(|it| domain_of(it) == domain_of(E::TYPES[0]));
        assert!(is_of_one, "{group} takes events of one domain: {:?}", E::TYPES);
        Self {
            group,
            types: E::TYPES,
            handle,
            partitions: 1,
            batch: BATCH,
            retry: Retry::EXPONENTIAL,
            timeout: TIMEOUT,
            start: Start::default(),
        }
    }

    /// Into how many partitions the group is split, each worked by one process at a time.
    ///
    /// # Panics
    ///
    /// Unless there are 1 to 16.
    #[must_use]
    pub fn partitions(self, partitions: u8) -> Self {
        assert!((1..=PARTITIONS_MAX).contains(&partitions), "1 to 16 partitions: {partitions}");
        Self { partitions, ..self }
    }

    /// How many events are handled in one transaction at most.
    ///
    /// # Panics
    ///
    /// When there are none.
    #[must_use]
    pub fn batch(self, batch: u16) -> Self {
        assert!(0 < batch, "a batch has events");
        Self { batch, ..self }
    }

    /// When an event that failed is tried again, and how often.
    #[must_use]
    pub fn retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    /// After how long a handler has failed.
    ///
    /// # Panics
    ///
    /// When it is longer than the 10 s that fit into a lease.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        assert!(timeout <= TIMEOUT, "a handler ends before its worker's lease: {timeout:?}");
        Self { timeout, ..self }
    }

    /// Where the group begins when it has never read.
    #[must_use]
    pub fn from(self, start: Start) -> Self {
        Self { start, ..self }
    }

    /// Who handles.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.group
    }

    /// The domain whose events it takes, which belongs to one module.
    #[must_use]
    pub fn domain(&self) -> &'static str {
        domain_of(self.types[0])
    }

    pub(crate) fn types_owned(&self) -> Vec<String> {
        self.types.iter().map(|it| (*it).to_owned()).collect()
    }

    /// The types of its events.
    #[must_use]
    pub fn types(&self) -> &'static [&'static str] {
        self.types
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("group", &self.group).finish_non_exhaustive()
    }
}

fn domain_of(event_type: &'static str) -> &'static str {
    event_type.split('.').next().unwrap_or(event_type)
}

fn deliveries<E: Incoming>(envelopes: Vec<Envelope>) -> Result<Vec<Delivery<E>>, Fault> {
    let read = |envelope: Envelope| match E::read(&envelope.event_type, &envelope.data) {
        Ok(event) => Ok(Delivery { envelope, event }),
        Err(source) => {
            let undecodable = Undecodable { event_type: envelope.event_type, source };
            Err(Fault::internal("read the event", undecodable))
        }
    };
    envelopes.into_iter().map(read).collect()
}
