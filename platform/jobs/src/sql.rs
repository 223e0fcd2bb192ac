//! The jobs' SQL. `$1` is the tenant, or null where every tenant is served.

pub(crate) mod enqueue;
pub(crate) mod fetch;
pub(crate) mod finish;
pub(crate) mod lease;

pub(crate) mod cron;

pub(crate) mod act;
pub(crate) mod look;

pub(crate) mod forget;
