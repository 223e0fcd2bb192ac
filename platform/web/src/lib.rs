#![doc = include_str!("../README.md")]

mod problem;

mod authenticator;
mod caller;

mod json;
mod key;
mod page;
mod parameters;
mod tag;

mod complaint;

pub use authenticator::{Authenticator, Identity};
pub use caller::Caller;
pub use json::Json;
pub use key::{KEY_CHARS_MAX, KeyHeader, RequestKey};
pub use page::{AfterId, AfterNumber, PAGE_MAX, Page};
pub use parameters::{Path, Query};
pub use problem::{FieldError, Problem, Replayed};
pub use tag::{Seen, Tagged};
