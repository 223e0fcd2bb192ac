#![doc = include_str!("../README.md")]

mod domain;

mod app;
mod error;
mod store;

mod http;
mod jobs;
mod module;

pub use app::{BATCH_MAX, CustomerBalance, Ledger, LiabilityDay, VERIFICATIONS_MAX};
pub use domain::{
    Adjustment, CustomerAccounts, EarnRate, Finding, Findings, NewProgramme, NewPurchase,
    NewTransaction, Opening, Programme, ProgrammeAccounts, ProgrammeName, Purchase, Refund,
    Rounding, Spending, Verification, VerificationId, VerificationState, kind,
};
pub use error::Error;
pub use jobs::{crons, works};
pub use module::{MODULE, module, module_of};
#[doc(hidden)]
pub use store::statements;
