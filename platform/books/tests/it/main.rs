//! The books, through their public face, on a real database.

mod model;
mod notes;
mod played;
mod shop;
mod work;
mod world;

mod accounts;
mod bounds;
mod crash;
mod holds;
mod idempotency;
mod inspection;
mod keys;
mod lost;
mod lots;
mod orders;
mod own_rows;
mod poison;
mod reversal;
mod sequences;
mod statements;
mod transfers;
mod units;
mod verify;
mod walls;
