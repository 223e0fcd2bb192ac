//! Decisions: who is a tenant, what a key may be, and whom one lets in. Pure.

mod identity;
mod key;
mod key_text;
mod scope;
mod tenant;
mod zone;

pub(crate) use identity::Found;
pub use identity::{Identity, Refused};
pub use key::{ApiKey, Creator, KeyId, KeyName, NewKey, Prefix};
pub use key_text::{Entropy, Secret};
pub(crate) use key_text::{KeyHash, KeyText};
pub use scope::{SCOPES, scope};
pub use tenant::{Handle, Standing, Tenant, TenantName};
pub use zone::Zone;
