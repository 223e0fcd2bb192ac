//! Jobs, beside peers in the same run on the same server.

mod burn_down;
mod enqueue;
mod fairness;
mod steady;

pub(super) use burn_down::burn_down;
pub(super) use enqueue::enqueue;
pub(super) use fairness::fairness;
pub(super) use steady::steady;

use crate::{jobs::Doer, machine, report::Row};

/// What a reader must know of the peers and of the machine.
fn noted(mut row: Row, doers: &[Doer]) -> Row {
    if doers.len() == 1 {
        row.notes.push("no peer is there: `cargo xtask bench` fetches them".to_owned());
    }
    row.notes.push(format!("load {} at the end", machine::load()));
    row
}
