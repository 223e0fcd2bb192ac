//! The books, on a real database.

mod transfers;
mod world;
