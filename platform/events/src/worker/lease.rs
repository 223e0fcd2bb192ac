//! Who works which partition: leases, renewed in time and measured by the database's clock.

use std::time::Duration;

use socle_db::SystemTx;
use socle_kernel::{Actor, Cx, Fault, Id, TenantId, Timestamp};
use socle_telemetry::EventsStanding;
use tokio::time::Instant;
use uuid::Uuid;

use super::Worker;
use crate::{
    Subscription,
    sql::{
        groups::{self, Member},
        letters,
    },
};

/// How long others wait for a worker that is not heard of; it renews at a third of it.
const LEASE: Duration = Duration::from_secs(30);
const LEASE_S: i32 = 30;
const RENEWING: Duration = Duration::from_secs(10);

/// How often a worker that has less than it could take looks whether something is free.
const TAKING: Duration = Duration::from_secs(1);

/// A worker's leases ended while it was away.
#[derive(Debug, thiserror::Error)]
#[error("the lease has run out")]
struct RunOut;

/// What a worker knows of its leases.
#[derive(Debug)]
pub(super) struct Lease {
    group: &'static str,
    member: Option<Uuid>,
    /// Until when, counted from before it was asked for.
    until: Instant,
    renewed: Instant,
    pub(super) is_asked_for: bool,
}

impl Lease {
    pub(super) fn of(subscription: &Subscription) -> Self {
        let now = Instant::now();
        Self {
            group: subscription.group,
            member: None,
            until: now,
            renewed: now,
            is_asked_for: true,
        }
    }

    pub(super) fn member(&self) -> Member {
        let id = self.member.unwrap_or_default();
        Member { group: self.group, id, lease_s: LEASE_S }
    }

    /// A worker that was paused past its lease must not go on as if it had not been.
    pub(super) fn assert_held(&self) -> Result<(), Fault> {
        let is_held = Instant::now() < self.until;
        is_held.then_some(()).ok_or_else(|| Fault::unavailable("go on with the group", RunOut))
    }

    fn is_due(&self, holds_any: bool) -> bool {
        let every = if holds_any { RENEWING } else { TAKING };
        self.is_asked_for || every <= self.renewed.elapsed() || self.until <= Instant::now()
    }

    /// Drawn once: where there is no caller there is nobody else to draw it from.
    fn draw(&mut self, now: Timestamp) {
        let nobody = TenantId::from_uuid(Uuid::nil());
        let draw = || Cx::new(nobody, Actor::System(self.group), now).new_id::<Worker>();
        self.member = self.member.or_else(|| Some(Id::uuid(draw())));
    }
}

impl Worker {
    /// Renews and takes leases when it is time to, and writes down how far it has come.
    pub(super) async fn keep_leases(&mut self, now: Timestamp) -> Result<(), Fault> {
        if !self.lease.is_due(!self.holdings.is_empty()) {
            return Ok(());
        }
        if self.lease.member.is_none() {
            self.lease.draw(now);
            self.register().await?;
        }
        let asked = Instant::now();
        let (member, holdings) = (self.lease.member(), &self.holdings);
        let keep = async |tx: &mut SystemTx| -> Result<_, Fault> {
            for it in holdings {
                groups::save(tx, member, it).await?;
            }
            groups::seen(tx, member).await?;
            let kept = groups::renew(tx, member).await?;
            Ok((kept, groups::take(tx, member).await?))
        };
        let (kept, taken) = self.producer.run_system(keep).await?;
        // A process that forgot a partition, with its position, has to take it over from itself.
        self.holdings.retain(|it| kept.contains(&(it.partition, it.epoch)));
        let has_taken = !taken.is_empty();
        self.holdings.extend(taken);
        (self.lease.until, self.lease.renewed) = (asked + LEASE, asked);
        self.lease.is_asked_for = false;
        if has_taken {
            self.wake().await?;
            self.retried = None;
        }
        self.unsaved = 0;
        self.tell_standing().await
    }

    async fn register(&self) -> Result<(), Fault> {
        let consumer = self.desk.consumer.schema().name();
        let subscription = &self.desk.subscription;
        let register = async |tx: &mut SystemTx| {
            groups::register(tx, subscription, consumer).await?;
            groups::split(tx, subscription).await
        };
        self.producer.run_system(register).await
    }

    async fn tell_standing(&self) -> Result<(), Fault> {
        if !self.desk.watch.measures() {
            return Ok(());
        }
        let group = self.desk.subscription.group;
        let stand = async |tx: &mut SystemTx| groups::standing(tx, Some(group)).await;
        let stands = self.producer.run_system(stand).await?;
        let count = async |tx: &mut SystemTx| letters::count(tx).await;
        let counts = self.desk.consumer.run_system(count).await?;
        let counts = counts.into_iter().find(|it| it.group == group);
        self.desk.watch.stands(EventsStanding {
            lag: stands.iter().map(|it| it.lag_rows).max().unwrap_or(0),
            oldest_age_s: stands.iter().map(|it| it.oldest_age_s).max().unwrap_or(0),
            parked: counts.as_ref().map_or(0, |it| it.parked),
            dead: counts.as_ref().map_or(0, |it| it.dead),
        });
        Ok(())
    }

    async fn wake(&self) -> Result<(), Fault> {
        let group = self.desk.subscription.group;
        let wake = async |tx: &mut SystemTx| letters::wake(tx, group).await;
        self.desk.consumer.run_system(wake).await.map(drop)
    }
}
