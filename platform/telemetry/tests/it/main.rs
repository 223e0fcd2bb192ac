//! What the telemetry of a process shows, and what it never shows.

mod scrub;

mod logs;
mod metrics;
mod traces;

mod prometheus;
