//! What `verify` compares beside the books: purchases, the life of points, and what events tell.
//!
//! These run in the system role; `$2` is the one tenant to look at, or null.

mod lots;
mod outbox;
mod purchases;

use socle_books::verify::{About, Check};

/// All of them.
pub(crate) const CHECKS: &[Check] = &[
    Check { name: "purchase", about: About::Transfer, sql: purchases::EARNED },
    Check { name: "purchase-points", about: About::Own("pur"), sql: purchases::POINTS },
    Check { name: "purchase-refunds", about: About::Own("pur"), sql: purchases::REFUNDS },
    Check { name: "refund", about: About::Transfer, sql: purchases::REFUND },
    Check { name: "purchase-key", about: About::Own("key"), sql: purchases::KEY },
    Check { name: "lot-expiry", about: About::Entry, sql: lots::EXPIRY },
    Check { name: "lot-time", about: About::Entry, sql: lots::TIME },
    Check { name: "outbox-envelope", about: About::Transfer, sql: outbox::ENVELOPE },
    Check { name: "outbox-data", about: About::Transfer, sql: outbox::DATA },
];
