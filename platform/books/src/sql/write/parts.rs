//! The parts of the writing statement: one per table, with the rows that a batch has for it.

mod facts_of;
mod holds_of;
mod notes_of;
mod standing_of;

use socle_kernel::TooLarge;

use super::{
    Answers, Part, PartSql,
    columns::{Column, Columns},
};
use crate::engine::{changes::Changes, standing::Standing};

pub(super) use facts_of::HEADS;

/// The parts that have rows.
pub(super) fn of(
    standing: &Standing,
    changes: &Changes,
    answers: &Answers,
) -> Result<Vec<Part>, TooLarge> {
    let fixed = [
        standing_of::opened(standing, changes),
        standing_of::accounts(standing, changes),
        facts_of::heads(changes),
        facts_of::transfers(changes),
        facts_of::entries(changes),
        facts_of::rollups(changes)?,
        facts_of::moves(changes),
        standing_of::lots_brought(standing, changes),
        standing_of::lots_changed(standing, changes),
        holds_of::placed(standing, changes),
        holds_of::changed(standing, changes),
        holds_of::lots_placed(standing, changes),
        holds_of::lots_changed(standing, changes),
        notes_of::metadata(changes),
        notes_of::refusals(answers),
        notes_of::made(answers),
        notes_of::events(changes),
    ];
    Ok(fixed.into_iter().flatten().chain(notes_of::own_rows(changes)).collect())
}

/// A part with this SQL, unless it has no rows.
fn part(sql: &'static str, columns: Vec<Column>) -> Option<Part> {
    let has_rows = columns.first().is_some_and(|it| !it.is_empty());
    has_rows.then_some(Part { sql: PartSql::Fixed(sql), columns: Columns::Arrays(columns) })
}
