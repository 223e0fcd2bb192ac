//! The load: requests over connections that are kept, as fast as they are answered or at a pace.

mod connection;
mod errand;
mod load;
mod merchant;

pub(crate) use connection::Connection;
pub(crate) use errand::Errand;
pub(crate) use load::Load;
pub(crate) use merchant::{Caller, Merchant, text};
