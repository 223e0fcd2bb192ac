//! The program over HTTP, from outside: what holds for every route is derived from what the
//! program says about itself.

mod client;
mod document;
mod rows;
mod site;
mod tenant;

mod adversity;
mod bodies;
mod callers;
mod canaries;
mod pages;
mod replays;
mod routes;
mod scraped;
mod tenancy;
