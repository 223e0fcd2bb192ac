//! What requests and connections may take.

use std::time::Duration;

/// How long one waits, and for how many. The defaults are for a server in use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a request may take, its body included.
    pub patience: Duration,
    /// How long the head of a request may take: a client that sends a byte a second is sent away.
    pub head: Duration,
    /// How long a connection without a request is kept: longer than the 60 s for which proxies
    /// commonly keep theirs, so that the side that asks is the one that closes.
    pub idle: Duration,
    /// How long what has begun may take to end once the process is told to stop.
    pub drain: Duration,
    /// How many connections are held: more wait in the kernel's queue.
    pub connections_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            drain: Duration::from_secs(30),
            connections_max: 16_384,
        }
    }
}
