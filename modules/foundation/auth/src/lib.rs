#![doc = include_str!("../README.md")]

mod domain;

mod app;
mod error;
mod store;

mod http;
mod module;

pub use app::{Ended, Failures, Issued, Keys, LEASE, REMEMBERED_MAX, Tenants};
pub use domain::{
    ApiKey, Creator, Entropy, Handle, Identity, KeyId, KeyName, NewKey, Prefix, Refused, SCOPES,
    Secret, Standing, Tenant, TenantName, Zone, scope,
};
pub use error::Error;
pub use module::{MODULE, module};
pub use store::statements;
