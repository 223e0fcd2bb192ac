//! The books, through their public face, on a real database.

mod bounds;
mod holds;
mod lots;
mod reversal;
mod shop;
mod transfers;
mod verify;
mod world;
