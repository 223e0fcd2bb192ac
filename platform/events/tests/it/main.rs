//! Events, through their public face, on a real database.

mod world;

mod crash;
mod growing;
mod handling;
mod keeping;
mod leases;
mod letters;
mod publishing;
mod statements;
mod tailing;
mod windows;
mod working;
