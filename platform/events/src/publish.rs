//! Publishing inside a caller's transaction.

use socle_db::Tx;
use socle_kernel::{Cx, Event, Fault};

use crate::{Author, Fact, sql};

/// Publishes `event` if, and only if, the caller's transaction commits.
pub async fn publish<E: Event>(cx: &Cx, tx: &mut Tx, event: &E) -> Result<(), Fault> {
    let fact = Fact::of(event, cx.new_id(), cx.tenant, cx.now, Author::from(cx))?;
    sql::insert(tx.template(&sql::INSERT), &[fact]).await
}
