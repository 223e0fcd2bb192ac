//! The ledger's own SQL; what value moves is the books'. `$1` is the tenant.

mod programmes;
mod purchases;
mod verify;

pub(crate) use programmes::{find_programme, insert_programme, programme, programmes};
pub(crate) use purchases::{
    find_purchase, lock_purchase, purchase_of, purchase_row, update_refunded,
};
pub(crate) use verify::CHECKS;

/// Every statement of the module, for the test that prepares and explains them all.
pub fn statements() -> impl Iterator<Item = &'static str> {
    programmes::STATEMENTS.into_iter().chain(purchases::STATEMENTS)
}
