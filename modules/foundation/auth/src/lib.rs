#![doc = include_str!("../README.md")]

mod domain;

mod app;
mod error;
mod store;

mod module;

pub use app::Tenants;
pub use domain::{Handle, Tenant, TenantName};
pub use error::Error;
pub use module::MODULE;
