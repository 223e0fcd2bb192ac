//! The books, through their public face, on a real database.

mod model;
mod notes;
mod played;
mod shop;
mod world;

mod bounds;
mod crash;
mod holds;
mod idempotency;
mod lots;
mod own_rows;
mod poison;
mod reversal;
mod sequences;
mod transfers;
mod units;
mod verify;
mod walls;
