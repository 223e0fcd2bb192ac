//! The ledger through its public face, on a database of its own.

mod accounts;
mod adjustments;
mod batches;
mod closing;
mod damage;
mod erasure;
mod events;
mod holds;
mod http;
mod jobs;
mod journal;
mod neighbours;
mod programmes;
mod purchases;
mod refunds;
mod reports;
mod requests;
mod reversals;
mod sequences;
mod spending;
mod statements;
mod story;
mod walls;
mod world;
