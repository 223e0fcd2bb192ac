//! Tenants and keys through their public face, on a database of their own.

mod authenticating;
mod costs;
mod erasure;
mod issuing;
mod leases;
mod rotation;
mod statements;
mod tenants;
mod uses;
mod walls;
mod world;
mod zones;
