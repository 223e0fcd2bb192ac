//! Publishing inside a caller's transaction.

use socle_db::Tx;
use socle_kernel::{Cx, Event, Fault};

use crate::{Author, Fact, sql};

/// Publishes `event` if, and only if, the caller's transaction commits.
pub async fn publish<E: Event>(cx: &Cx, tx: &mut Tx, event: &E) -> Result<(), Fault> {
    let fact = Fact::of(event, cx.new_id(), cx.tenant, cx.now, Author::from(cx))?;
    sql::insert(tx.template(&sql::INSERT), &[fact]).await
}

/// Publishes all of them, under the same condition, with one statement.
pub async fn publish_all<E: Event>(cx: &Cx, tx: &mut Tx, events: &[E]) -> Result<(), Fault> {
    if events.is_empty() {
        return Ok(());
    }
    let author = Author::from(cx);
    let fact = |it| Fact::of(it, cx.new_id(), cx.tenant, cx.now, author.clone());
    let facts = events.iter().map(fact).collect::<Result<Vec<_>, _>>()?;
    sql::insert(tx.template(&sql::INSERT), &facts).await
}
