#![doc = include_str!("../README.md")]

mod authenticator;
mod module;

mod host;
mod limits;

mod api;
mod asyncapi;
mod catalogue;

mod gate;
mod limiter;
mod request;

mod pages;

mod background;
mod connections;
mod drain;
mod logs;
mod workers;

pub use authenticator::{Authenticator, Identity, NotAdmitted};
pub use background::Background;
pub use catalogue::{Catalogue, Code};
pub use host::{Host, Ports, Settings};
pub use limits::Limits;
pub use module::{Deps, Module};
