//! PostgreSQL, as modules see it, and the private server that a laptop runs.

mod bells;
mod erasure;
mod migrations;
mod reads;
mod roles;
mod server;
mod transactions;
mod world;
