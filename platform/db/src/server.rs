//! The private PostgreSQL that a laptop runs.
