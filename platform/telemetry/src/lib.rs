#![doc = include_str!("../README.md")]

mod start;

mod logs;
mod metrics;
mod traces;

mod scrub;

pub use logs::Format;
pub use metrics::{
    AuthFailure, EventOutcome, EventsStanding, InFlight, JobDepth, JobEnd, JobHands, JobKind,
    Metrics, PanicPlace, Pool, Request,
};
pub use scrub::scrub;
pub use start::{Error, Service, Settings, Telemetry, start, subscriber};
pub use traces::{Traces, continue_trace, resume_trace, send_trace, trace_id, traceparent};
