//! Jobs, through their public face, on a real database.

mod kinds;
mod world;

mod enqueue;
