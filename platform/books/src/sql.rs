//! The books' SQL. `$1` is the tenant, or null where every tenant is served.

pub(crate) mod keys;
pub(crate) mod load;
pub(crate) mod posted;
pub(crate) mod write;

pub(crate) mod inspection;
pub(crate) mod read;
pub(crate) mod verify;
pub(crate) mod work;

use socle_db::{Statement, SystemTx, Tx};

/// The transaction that the books are kept in: one caller's, or one that serves every tenant.
pub(crate) enum Books<'t> {
    OfCaller(&'t mut Tx),
    OfAll(&'t mut SystemTx),
}

impl Books<'_> {
    /// A statement whose first parameter is bound.
    pub(crate) fn sql(&mut self, template: &'static str) -> Statement<'_> {
        match self {
            Self::OfCaller(tx) => tx.template(template),
            Self::OfAll(tx) => tx.template(template),
        }
    }
}
