#![doc = include_str!("../README.md")]

pub mod id;
pub mod text;

pub mod amount;
pub mod money;
pub mod value;

pub mod revision;
pub mod time;

pub mod cx;
pub mod event;
pub mod retry;

pub mod fault;

pub mod common;

mod openapi;

pub use amount::{Amount, Asset, TooLarge};
pub use common::Common;
pub use cx::{Actor, AgentId, AppId, Cx, PersonId, Scope, TenantId};
pub use event::Event;
pub use fault::{Classify, Doing, Fault, Kind};
pub use id::{Id, Named};
pub use money::{Currency, Money, MoneyError};
pub use retry::Retry;
pub use revision::Revision;
pub use text::{Rule, Text, TextError};
pub use time::{Day, Timestamp};
pub use value::{AccountId, HoldId, TransferId};
