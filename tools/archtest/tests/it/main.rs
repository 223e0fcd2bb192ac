//! Every rule holds in the real workspace, and every rule is proven by what it catches and spares.

mod world;

mod real;

mod graph;
mod names;
mod tiers;

mod domain;
mod layers;

mod schema;
mod statements;
mod system;
mod tenant;

mod keys;
mod tables;

mod codes;
mod failpoints;
mod limits;
mod openings;
