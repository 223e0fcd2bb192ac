#![doc = include_str!("../README.md")]

pub mod bench;
pub mod bless;
pub mod checks;
mod failure;
pub mod launch;
pub mod parts;
pub mod smoke;
mod step;
pub mod storm;
mod tree;

pub use failure::Failure;
