//! A host with a small module of the tests' own, looked at over real sockets.

mod answers;
mod connections;
mod describing;
mod drain;
mod events;
mod gate;
mod hostile;
mod lines;
mod pages;
mod supervision;

mod client;
mod probe;
mod site;
mod workers;
