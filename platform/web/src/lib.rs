#![doc = include_str!("../README.md")]

mod problem;
mod refusal;

mod caller;

mod json;
mod key;
mod page;
mod parameters;
mod tag;

mod complaint;
mod edge;

pub use caller::Caller;
pub use edge::{Drawn, in_force_after};
pub use json::Json;
pub use key::{KEY_CHARS_MAX, KeyHeader, RequestKey};
pub use page::{AfterId, AfterNumber, Limit, PAGE_MAX, Page, Place};
pub use parameters::{Path, Query};
pub use problem::{FieldError, Problem, Replayed, status_named};
pub use refusal::Refusal;
pub use tag::{Seen, Tagged};
