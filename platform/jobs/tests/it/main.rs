//! Jobs, through their public face, on a real database.

mod kinds;
mod world;

mod calendar;
mod crash;
mod dead;
mod desk;
mod enqueue;
mod failures;
mod fairness;
mod running;
mod statements;
mod walls;
mod watching;
