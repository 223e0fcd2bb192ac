//! The program itself, run as a person at a prompt runs it, on data folders of its own.

mod oracle;
mod place;

mod crash;
mod demo;
mod elsewhere;
mod empty;
mod import;
mod lines;
mod serve;
mod verify;
