//! One tenant, `demo`, and its keys; time and ticks are moved by hand.

use std::{
    sync::atomic::{AtomicU8, Ordering},
    time::{Duration, Instant},
};

use socle_auth::{
    Entropy, Error, Identity, Issued, Keys, MODULE, NewKey, Refused, SCOPES, Tenant, Tenants, Zone,
    scope,
};
use socle_kernel::{Actor, Classify, Cx, Scope, TenantId};
use socle_testkit::TestDatabase;

pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) tenants: Tenants,
    pub(crate) keys: Keys,
    /// The command line, in the tenant, at noon on 1 January 2030.
    pub(crate) cx: Cx,
    pub(crate) tenant: Tenant,
    /// When the test began, on the monotonic clock.
    pub(crate) tick: Instant,
    drawn: AtomicU8,
}

impl World {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::of(&[MODULE]).await;
        let tenants = Tenants::new(database.db("auth"));
        let mut cx = socle_testkit::cx();
        cx.actor = Actor::System("test");
        let name = "Demo".parse().expect("a name");
        let tenant =
            tenants.create(&cx, "demo".parse().expect("a handle"), name, &zone("UTC")).await;
        let tenant = tenant.expect("it is let in");
        let keys = Keys::new(&tenants);
        let (cx, tick, drawn) = (cx.in_tenant(tenant.id), Instant::now(), AtomicU8::new(0));
        Self { database, tenants, keys, cx, tenant, tick, drawn }
    }

    /// Another process over the same database: it is told nothing.
    pub(crate) fn elsewhere(&self) -> Keys {
        Keys::new(&Tenants::new(self.database.database.module("auth")))
    }

    /// A tenant besides, in whose context one may act.
    pub(crate) async fn neighbour(&self) -> Cx {
        self.cx.in_tenant(self.named("corner-shop").await)
    }

    /// A tenant besides, with this handle.
    pub(crate) async fn named(&self, handle: &str) -> TenantId {
        let (handle, name) = (handle.parse().expect("a handle"), "Any".parse().expect("a name"));
        let made = self.tenants.create(&self.cx, handle, name, &zone("UTC")).await;
        made.expect("it is let in").id
    }

    /// Never the same twice.
    pub(crate) fn entropy(&self) -> Entropy {
        Entropy([self.drawn.fetch_add(1, Ordering::Relaxed); 32])
    }

    pub(crate) async fn issue(&self, cx: &Cx, new: NewKey) -> Result<Issued, Error> {
        self.keys.issue(cx, new, self.entropy()).await
    }

    /// A key with every right, for ever.
    pub(crate) async fn issued(&self, name: &str) -> Issued {
        self.issue(&self.cx, new_key(name)).await.expect("a key")
    }

    pub(crate) async fn rotate(&self, of: &Issued, overlap: Duration) -> Result<Issued, Error> {
        let rotated = self.keys.rotate(&self.cx, of.key.id, overlap, self.entropy()).await;
        rotated.map(|it| it.it)
    }

    /// Whom a text lets in, `later` than the test began on both clocks.
    pub(crate) async fn enter(&self, text: &str, later: Duration) -> Result<Identity, Error> {
        self.enter_at(&self.keys, text, later).await
    }

    pub(crate) async fn enter_at(
        &self,
        keys: &Keys,
        text: &str,
        later: Duration,
    ) -> Result<Identity, Error> {
        let cx = self.cx.at(self.cx.now.after(later));
        keys.authenticate(&cx, text, self.tick + later).await
    }

    /// Why a text lets nobody in.
    pub(crate) async fn refusal(&self, text: &str, later: Duration) -> Refused {
        refused(self.enter(text, later).await)
    }
}

pub(crate) fn new_key(name: &str) -> NewKey {
    let name = name.parse().expect("a name");
    NewKey { name, scopes: SCOPES.to_vec(), expires_at: None, limit_per_minute: 600 }
}

pub(crate) fn scopes(texts: &[&str]) -> Vec<Scope> {
    texts.iter().map(|it| scope(it).expect("a scope")).collect()
}

#[track_caller]
pub(crate) fn refused(outcome: Result<Identity, Error>) -> Refused {
    match outcome {
        Err(Error::Refused(reason)) => reason,
        other => panic!("it should be refused: {other:?}"),
    }
}

/// The stable code of a refusal.
#[track_caller]
pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    outcome.expect_err("it is refused").class().1
}

pub(crate) fn zone(name: &str) -> Zone {
    name.parse().expect("a name")
}

pub(crate) const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A second before so many days are over.
pub(crate) const fn nearly_days(count: u64) -> Duration {
    seconds(count * 86_400 - 1)
}

pub(crate) const fn days(count: u64) -> Duration {
    Duration::from_hours(24 * count)
}
