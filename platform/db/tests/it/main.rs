//! The crate through its public face, on a real PostgreSQL.

mod server;
