//! Events, through their public face, on a real database.

mod world;

mod handling;
mod publishing;
mod windows;
