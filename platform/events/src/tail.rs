//! Looking at a module's events as they come; nothing is handled and nothing kept in mind.

use socle_db::{Bell, Db, SystemTx};
use socle_kernel::{Fault, TenantId};

use crate::{
    Envelope, Start,
    sql::{
        BELL,
        window::{self, Position, Wanted},
    },
};

/// The most events that come at once.
const AT_ONCE: i64 = 200;

/// Which events are looked at: all that there is no word about here.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub types: Option<Vec<String>>,
    pub tenant: Option<TenantId>,
}

/// The events of a module, as they come.
#[derive(Debug)]
pub struct Tail {
    db: Db,
    bell: Bell,
    filter: Filter,
    position: Position,
}

impl Tail {
    /// Looks at the events of the module behind `db`, from the oldest kept or from now on.
    pub async fn open(db: Db, filter: Filter, from: Start) -> Result<Self, Fault> {
        let bell = db.bell(BELL);
        let position = match from {
            Start::Earliest => Position::earliest(),
            Start::Now => db.run_system(async |tx: &mut SystemTx| window::now(tx).await).await?,
        };
        Ok(Self { db, bell, filter, position })
    }

    /// The next events, a bounded number; none when there are no more at this moment.
    pub async fn next(&mut self) -> Result<Vec<Envelope>, Fault> {
        loop {
            let (position, types) = (&self.position, self.filter.types.as_deref());
            let wanted = || Wanted { types, partition: 0, partitions: 1, limit: AT_ONCE };
            let read = async |tx: &mut SystemTx| window::page(tx, position, wanted()).await;
            let page = self.db.run_system(read).await?;
            self.position = page.after;
            let mut events = page.events;
            events.retain(|it| self.filter.tenant.is_none_or(|tenant| it.tenant_id == tenant));
            if !events.is_empty() || page.is_last {
                return Ok(events);
            }
        }
    }

    /// Returns when it is worth to look again, because something was committed in this process or,
    /// where bells are carried, in another.
    pub async fn changed(&mut self) {
        self.bell.rung().await;
    }
}
