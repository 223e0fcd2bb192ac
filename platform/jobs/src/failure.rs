//! Why an attempt failed, in words that may be kept.

use std::{any::Any, error::Error, iter};

use socle_kernel::{Classify, Fault};
use socle_telemetry::scrub;

/// Causes that are kept of one failure, and characters of each.
const CAUSES_MAX: usize = 16;
const CAUSE_MAX: usize = 500;

/// A code that is never reworded, and the chain of causes, the outermost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) reason: &'static str,
    pub(crate) causes: Vec<String>,
    /// It would fail again however often it is tried.
    pub(crate) is_final: bool,
}

/// What the table says of a job whose worker was not heard of in time.
pub(crate) const WORKER_LOST: (&str, &str) =
    ("jobs.worker-lost", "the worker was not heard of in time; others have the job since");

impl Failure {
    pub(crate) fn of_fault(fault: &Fault) -> Self {
        let chain = iter::successors(Some(fault as &dyn Error), |it| (**it).source());
        let causes = chain.take(CAUSES_MAX).map(|it| kept(&it.to_string())).collect();
        Self { reason: fault.class().1, causes, is_final: false }
    }

    pub(crate) fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let causes = vec![kept(text.unwrap_or("a panic without words"))];
        Self { reason: "jobs.panicked", causes, is_final: false }
    }

    pub(crate) fn of_timeout() -> Self {
        let causes = vec!["the attempt took longer than its job may".to_owned()];
        Self { reason: "jobs.timed-out", causes, is_final: false }
    }

    pub(crate) fn of_args(error: &serde_json::Error) -> Self {
        let causes = vec![kept(&error.to_string())];
        Self { reason: "jobs.undecodable", causes, is_final: true }
    }
}

fn kept(text: &str) -> String {
    let text = scrub(text);
    text.chars().filter(|it| !matches!(it, '\0' | '\u{1f}')).take(CAUSE_MAX).collect()
}
