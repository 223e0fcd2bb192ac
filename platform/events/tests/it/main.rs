//! Events, through their public face, on a real database.

mod world;

mod crash;
mod handling;
mod keeping;
mod leases;
mod letters;
mod publishing;
mod tailing;
mod windows;
