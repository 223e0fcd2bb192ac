//! What is read of a request, and how a refusal looks.

mod bodies;
mod canary;
mod keys;
mod parameters;
mod problems;
mod tags;

mod router;
