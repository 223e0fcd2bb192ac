//! The SQL of the outbox, of those who read it, and of their inboxes.

pub(crate) mod deliveries;
pub(crate) mod groups;
pub(crate) mod inbox;
pub(crate) mod letters;
pub(crate) mod partitions;
pub(crate) mod window;

use std::sync::LazyLock;

use socle_db::Statement;
use socle_kernel::Fault;

use crate::Fact;

/// Writes many facts. `$1` is the tenant, or null for all; `$2`… are [`bind`]'s columns.
pub static INSERT: LazyLock<String> = LazyLock::new(|| insert_from(2));

/// Rung when facts have been committed; whoever binds facts rings it.
pub const BELL: &str = "outbox";

/// How many columns [`bind`] binds.
pub const COLUMNS: usize = 14;

/// [`INSERT`] with its columns bound from `$first` on, to be a part of a larger statement.
#[must_use]
pub fn insert_from(first: usize) -> String {
    let types = "uuid uuid text int2 text int8 timestamptz text text uuid uuid json text text";
    let numbered = types.split(' ').zip(first..).map(|(it, n)| format!("${n}::{it}[]"));
    let columns = "tenant_id, id, type, dataversion, partitionkey, sequence, time,
         actortype, actorid, correlationid, causationid, data, onbehalfof, traceparent";
    format!(
        "insert into {{schema}}.outbox ({columns})
         select fact.* from unnest({}) as fact ({columns})
         where $1::uuid is null or fact.tenant_id = $1",
        numbered.collect::<Vec<_>>().join(", ")
    )
}

/// Writes `facts` with [`INSERT`], whose first parameter is bound.
pub async fn insert(statement: Statement<'_>, facts: &[Fact]) -> Result<(), Fault> {
    bind(statement, facts).run("write the events to the outbox").await.map(drop)
}

/// Binds one array a column, in the order of [`INSERT`].
pub fn bind<'t>(statement: Statement<'t>, facts: &[Fact]) -> Statement<'t> {
    fn each<T>(facts: &[Fact], of: impl Fn(&Fact) -> T) -> Vec<T> {
        facts.iter().map(of).collect()
    }
    statement
        .bind(each(facts, |it| it.tenant_id))
        .bind(each(facts, |it| it.id))
        .bind(each(facts, |it| it.event_type))
        .bind(each(facts, |it| it.dataversion))
        .bind(each(facts, |it| it.partitionkey.clone()))
        .bind(each(facts, |it| it.sequence))
        .bind(each(facts, |it| it.time))
        .bind(each(facts, |it| it.author.actortype))
        .bind(each(facts, |it| it.author.actorid.clone()))
        .bind(each(facts, |it| it.author.correlationid))
        .bind(each(facts, |it| it.author.causationid))
        .bind(each(facts, |it| it.data.clone()))
        .bind(each(facts, |it| it.author.onbehalfof.map(|person| person.to_string())))
        .bind(each(facts, |it| it.author.traceparent.clone()))
        .ringing(BELL)
}
