//! A fact: an event in its envelope, as the outbox keeps it.

use socle_kernel::{Cx, Doing, Event, Fault, Id, Named, PersonId, Revision, TenantId, Timestamp};
use tracing::Span;
use uuid::Uuid;

/// A published fact.
pub enum Occurrence {}
/// The identifier of an [`Occurrence`].
pub type EventId = Id<Occurrence>;

impl Named for Occurrence {
    const NAME: &str = "Event";
    const PREFIX: &str = "evt";
}

/// Who made it happen, as an envelope tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub actortype: &'static str,
    pub actorid: String,
    pub correlationid: Uuid,
    pub causationid: Option<Uuid>,
    /// The person for whom an application or an agent acted.
    pub onbehalfof: Option<PersonId>,
    /// The trace in which it happened, as `CloudEvents`' distributed tracing extension has it.
    pub traceparent: Option<String>,
}

/// An event in its envelope; `type`, `time` and the rest are attributes of `CloudEvents` 1.0.
#[derive(Debug, Clone)]
pub struct Fact {
    pub tenant_id: TenantId,
    pub id: EventId,
    pub event_type: &'static str,
    pub dataversion: i16,
    pub partitionkey: String,
    pub sequence: Revision,
    pub time: Timestamp,
    pub author: Author,
    /// The payload, as JSON text.
    pub data: String,
}

impl From<&Cx> for Author {
    fn from(cx: &Cx) -> Self {
        Self {
            actortype: cx.actor.kind(),
            actorid: cx.actor.id(),
            correlationid: cx.correlation,
            causationid: cx.causation,
            onbehalfof: cx.actor.on_behalf_of(),
            traceparent: socle_telemetry::traceparent(&Span::current()),
        }
    }
}

impl Fact {
    /// `event` as it happened to `tenant` at `time`.
    pub fn of<E: Event>(
        event: &E,
        id: EventId,
        tenant_id: TenantId,
        time: Timestamp,
        author: Author,
    ) -> Result<Self, Fault> {
        Ok(Self {
            tenant_id,
            id,
            event_type: E::TYPE,
            dataversion: E::DATAVERSION,
            partitionkey: event.partition_key(),
            sequence: event.sequence(),
            time,
            author,
            data: serde_json::to_string(event).doing("encode the event")?,
        })
    }
}
