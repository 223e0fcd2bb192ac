//! The program itself, run as a person at a prompt runs it, on data folders of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod oracle;
mod place;

mod access;
mod crash;
mod demo;
mod elsewhere;
mod empty;
mod http;
mod import;
mod lines;
mod names;
mod operations;
mod published;
mod serve;
mod settings;
mod verify;
