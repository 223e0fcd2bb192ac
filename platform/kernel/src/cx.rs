//! The caller's context, first parameter of every use case.

mod ids;

use std::time::Duration;

use uuid::Uuid;

use crate::{Id, Named, Timestamp};
use ids::Ids;

/// The organisation whose data a call may see.
pub enum Tenant {}
/// The identifier of a [`Tenant`].
pub type TenantId = Id<Tenant>;

/// Someone who signed in.
pub enum Person {}
/// The identifier of a [`Person`].
pub type PersonId = Id<Person>;

/// A program that calls with a key of its own.
pub enum App {}
/// The identifier of an [`App`].
pub type AppId = Id<App>;

/// An agent that acts under governance.
pub enum Agent {}
/// The identifier of an [`Agent`].
pub type AgentId = Id<Agent>;

impl Named for Tenant {
    const NAME: &str = "Tenant";
    const PREFIX: &str = "ten";
}

impl Named for Person {
    const NAME: &str = "Person";
    const PREFIX: &str = "per";
}

impl Named for App {
    const NAME: &str = "App";
    const PREFIX: &str = "app";
}

impl Named for Agent {
    const NAME: &str = "Agent";
    const PREFIX: &str = "agt";
}

/// Who is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Person(PersonId),
    /// An application, and the person it acts for, if any.
    App(AppId, Option<PersonId>),
    /// An agent, and the person it always acts for.
    Agent(AgentId, PersonId),
    /// A job, a subscription or a command, by its name.
    System(&'static str),
}

/// A right that the caller's key or session carries, such as `ledger:write`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(pub &'static str);

/// Who asks, for which tenant, and when.
///
/// A use case reads the time and draws identifiers from here only, so it is a function of its
/// context, its input and the stored state, and a test can fix all three.
#[derive(Debug, Clone)]
pub struct Cx {
    pub tenant: TenantId,
    pub actor: Actor,
    pub now: Timestamp,
    pub scopes: Vec<Scope>,
    /// What this call belongs to, across modules and processes.
    pub correlation: Uuid,
    /// What made this call happen: an event, a command, a request.
    pub causation: Option<Uuid>,
    /// When the caller stops waiting.
    pub deadline: Option<Timestamp>,
    ids: Ids,
}

impl Actor {
    /// What CloudEvents puts in `actortype`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::App(..) => "app",
            Self::Agent(..) => "agent",
            Self::System(_) => "system",
        }
    }

    /// What CloudEvents puts in `actorid`: the printed identifier, or the system's name for itself.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Person(id) => id.to_string(),
            Self::App(id, _) => id.to_string(),
            Self::Agent(id, _) => id.to_string(),
            Self::System(name) => (*name).to_owned(),
        }
    }

    /// The person on whose behalf an application or an agent acts.
    #[must_use]
    pub fn on_behalf_of(&self) -> Option<PersonId> {
        match self {
            Self::App(_, person) => *person,
            Self::Agent(_, person) => Some(*person),
            Self::Person(_) | Self::System(_) => None,
        }
    }
}

impl Cx {
    /// The context of a call that arrives at `now` and belongs to nothing older.
    #[must_use]
    pub fn new(tenant: TenantId, actor: Actor, now: Timestamp) -> Self {
        Self::with_ids(tenant, actor, now, Ids::drawn())
    }

    /// A context whose identifiers count up from one: for tests and simulations.
    #[must_use]
    pub fn counting(tenant: TenantId, actor: Actor, now: Timestamp) -> Self {
        Self::with_ids(tenant, actor, now, Ids::counted())
    }

    fn with_ids(tenant: TenantId, actor: Actor, now: Timestamp, ids: Ids) -> Self {
        let (scopes, causation, deadline) = (Vec::new(), None, None);
        let correlation = ids.next(now);
        Self { tenant, actor, now, scopes, correlation, causation, deadline, ids }
    }

    /// Whether the caller has this right: what the system does by itself has every one.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        matches!(self.actor, Actor::System(_)) || self.scopes.contains(&scope)
    }

    /// The same caller in another tenant: for work that goes tenant by tenant.
    #[must_use]
    pub fn in_tenant(&self, tenant: TenantId) -> Self {
        Self { tenant, ..self.clone() }
    }

    /// The same caller at another time.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        Self { now, ..self.clone() }
    }

    /// How long the caller still waits; `None` without a deadline.
    #[must_use]
    pub fn patience(&self) -> Option<Duration> {
        let left = self.deadline?.to_jiff().duration_since(self.now.to_jiff());
        Some(Duration::try_from(left).unwrap_or(Duration::ZERO))
    }

    /// Draws a new identifier.
    #[must_use]
    pub fn new_id<N>(&self) -> Id<N> {
        Id::from_uuid(self.ids.next(self.now))
    }
}
