#![doc = include_str!("../README.md")]

mod domain;

mod app;
mod error;
mod store;

mod module;

pub use app::{BATCH_MAX, CustomerBalance, Ledger, LiabilityDay};
pub use domain::{
    Adjustment, CustomerAccounts, EarnRate, NewProgramme, NewPurchase, NewTransaction, Opening,
    Programme, ProgrammeAccounts, ProgrammeName, Purchase, Refund, Rounding, Spending, kind,
};
pub use error::Error;
pub use module::MODULE;
#[doc(hidden)]
pub use store::statements;
