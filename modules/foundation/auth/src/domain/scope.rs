//! The rights that a key may carry. None includes another.

use socle_kernel::Scope;

use crate::Error;

/// Every right there is; a text that is none of them is no right.
///
/// `ledger:read` looks; `ledger:write` earns, burns, refunds and holds; `ledger:admin` defines
/// programmes, posts raw transactions, adjusts and closes; `auth:keys` manages keys.
pub const SCOPES: [Scope; 4] =
    [Scope("auth:keys"), Scope("ledger:admin"), Scope("ledger:read"), Scope("ledger:write")];

/// The right that is written so.
pub fn scope(text: &str) -> Result<Scope, Error> {
    let known = SCOPES.into_iter().find(|it| it.0 == text);
    known.ok_or(Error::ScopeUnknown)
}
