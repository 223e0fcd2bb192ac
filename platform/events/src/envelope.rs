//! An envelope as it was read, and a delivery: the envelope with the event that was in it.

use serde_json::Error;
use socle_kernel::{Cx, Event, Revision, TenantId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::EventId;

/// What was written as a [`Fact`](crate::Fact), at its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Envelope {
    /// Its place in the producer's log. Places are right within a key and have gaps.
    pub seq: i64,
    pub tenant_id: TenantId,
    pub id: EventId,
    #[sqlx(rename = "type")]
    pub event_type: String,
    pub dataversion: i16,
    pub partitionkey: String,
    /// The key's own counter: greater than what was seen of the key is news.
    pub sequence: Revision,
    pub time: Timestamp,
    pub actortype: String,
    pub actorid: String,
    pub correlationid: Uuid,
    pub causationid: Option<Uuid>,
    /// The payload, as JSON text.
    pub data: String,
    pub onbehalfof: Option<String>,
    pub traceparent: Option<String>,
}

/// An event that is handed to a group.
#[derive(Debug, Clone)]
pub struct Delivery<E> {
    pub envelope: Envelope,
    pub event: E,
}

/// What a subscription takes: one type of event, or an enum over several of one domain, so that
/// the order of a key holds across them.
pub trait Incoming: Sized + Send + Sync + 'static {
    /// The types of its events, all of one domain.
    const TYPES: &'static [&'static str];

    /// The event of this type from its payload.
    fn read(event_type: &str, data: &str) -> Result<Self, Error>;
}

impl<E: Event> Incoming for E {
    const TYPES: &'static [&'static str] = &[E::TYPE];

    fn read(_: &str, data: &str) -> Result<Self, Error> {
        serde_json::from_str(data)
    }
}

impl Envelope {
    /// `cx` for what is done because of this event: it belongs where the event belongs.
    #[must_use]
    pub fn cause(&self, cx: &Cx) -> Cx {
        let mut cx = cx.clone();
        (cx.correlation, cx.causation) = (self.correlationid, Some(self.id.uuid()));
        cx
    }
}
