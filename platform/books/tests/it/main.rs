//! The books, on a real database.

mod transfers;
mod verify;
mod world;
