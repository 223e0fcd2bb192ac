//! Use cases.

mod authenticate;
mod ended;
mod failures;
mod keys;
mod lease;
mod tenants;
mod uses;

pub use ended::Ended;
pub use failures::Failures;
pub use keys::{Issued, Keys};
pub use lease::{LEASE, REMEMBERED_MAX};
pub use tenants::Tenants;
