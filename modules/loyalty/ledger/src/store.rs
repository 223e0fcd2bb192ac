//! The ledger's own SQL; what value moves is the books'. `$1` is the tenant.

mod expiries;
mod programmes;
mod purchases;
mod verifications;
mod verify;

pub(crate) use expiries::{announce_expiries, forget_notices};
pub(crate) use programmes::{find_programme, insert_programme, programme, programmes};
pub(crate) use purchases::{
    find_purchase, insert_refund, lock_purchase, purchase_of, purchase_row, update_refunded,
};
pub(crate) use verifications::{
    find_verification, forget_verifications, insert_verification, note_verification,
};
pub(crate) use verify::CHECKS;

/// Every statement of the module, for the test that prepares and explains them all.
pub fn statements() -> impl Iterator<Item = &'static str> {
    let own = programmes::STATEMENTS.into_iter().chain(purchases::STATEMENTS);
    own.chain(verifications::STATEMENTS).chain(expiries::STATEMENTS)
}
