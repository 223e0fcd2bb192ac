//! The calendar: what is done again and again, at times of a zone.

mod calendar;
mod expression;

use std::{fmt, sync::Arc};

use futures_util::future::{self, BoxFuture, FutureExt};
use jiff::tz::TimeZone;
use socle_kernel::{Cx, Fault, TenantId};

use crate::{Job, enqueue, sql::enqueue::NewJob};
pub(crate) use calendar::Calendar;
use expression::Expression;

/// By whose clock an entry's times are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// The system's; the job is enqueued for no tenant in particular
    /// ([`EVERY_TENANT`](crate::EVERY_TENANT)).
    System,
    /// Each tenant's own; a job is enqueued for each.
    OfTenant,
}

/// What becomes of times that nobody was there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// The latest of them is made up for.
    Once,
    /// None is.
    Skip,
}

/// Knows the tenants and their zones: a port that a module fills.
pub trait TenantDirectory: fmt::Debug + Send + Sync + 'static {
    /// Every tenant for which something is done. Whoever is missing has left.
    fn tenants(&self) -> BoxFuture<'_, Result<Vec<(TenantId, TimeZone)>, Fault>>;
}

/// The directory of a program without tenants.
#[derive(Debug)]
pub(crate) struct Nobody;

impl TenantDirectory for Nobody {
    fn tenants(&self) -> BoxFuture<'_, Result<Vec<(TenantId, TimeZone)>, Fault>> {
        future::ready(Ok(Vec::new())).boxed()
    }
}

type Make = dyn Fn(&Cx) -> Result<NewJob, Fault> + Send + Sync;

/// An entry of the calendar.
#[derive(Clone)]
pub struct Cron {
    pub(crate) name: &'static str,
    pub(crate) expression: Arc<Expression>,
    pub(crate) zone: Zone,
    pub(crate) missed: Missed,
    pub(crate) make: Arc<Make>,
}

impl fmt::Debug for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cron").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Cron {
    /// Enqueues what `job` makes at the times of `expression`: minute, hour, day of the month,
    /// month, day of the week. What was missed is made up for once.
    ///
    /// Where the hour and the minute are told (no `*`, no `/`), it is done once for each of them
    /// on each day: at the first moment after a gap if its time is missing, the first time if its
    /// time comes twice. Everything else follows the time that passes.
    ///
    /// # Panics
    ///
    /// When the expression cannot be read.
    #[must_use]
    pub fn new<J: Job>(
        name: &'static str,
        expression: &'static str,
        zone: Zone,
        job: impl Fn() -> J + Send + Sync + 'static,
    ) -> Self {
        let read = Expression::read(expression);
        let expression =
            read.unwrap_or_else(|error| panic!("{name} is to be done at {expression:?}: {error}"));
        Self {
            name,
            expression: Arc::new(expression),
            zone,
            missed: Missed::Once,
            make: Arc::new(move |cx| enqueue::written(cx, &job(), cx.now)),
        }
    }

    /// What becomes of times that nobody was there for.
    #[must_use]
    pub fn missed(self, missed: Missed) -> Self {
        Self { missed, ..self }
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }
}
