//! Auth's SQL. `$1` is the tenant.

mod keys;
mod tenants;

pub(crate) use keys::{
    end_key, find_by_hash, find_key, first_key, insert_key, keys, lock_key, note_uses, revoke_key,
};
pub(crate) use tenants::{
    active, called, due, forget, hold_tenant, insert_tenant, list, lock_tenant, own, update_tenant,
};

/// Every statement of the module, for the test that prepares and explains them all.
pub fn statements() -> impl Iterator<Item = &'static str> {
    tenants::STATEMENTS.into_iter().chain(keys::STATEMENTS)
}
