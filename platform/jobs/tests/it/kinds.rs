//! Kinds of jobs that tests enqueue, and what does them.

use serde::{Deserialize, Serialize};
use socle_jobs::{Job, Queue, Work};
use socle_kernel::{Fault, Retry};

use crate::world::Log;

/// A letter to be sent: notes its words.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SendLetter {
    pub(crate) words: String,
}

impl Job for SendLetter {
    const KIND: &'static str = "post.send-letter";
}

pub(crate) fn letter(words: &str) -> SendLetter {
    SendLetter { words: words.to_owned() }
}

pub(crate) fn sending(log: &Log) -> Work {
    let log = log.clone();
    Work::new(move |run, job: SendLetter| {
        let log = log.clone();
        async move {
            log.add(format!("{} {}", job.words, run.attempt));
            Ok(())
        }
    })
}

/// One for each street and tenant at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct WalkStreet {
    pub(crate) street: String,
}

impl Job for WalkStreet {
    const KIND: &'static str = "post.walk-street";
    const QUEUE: Queue = Queue::Low;
    const RETRY: Retry = Retry::FIXED;

    fn unique_key(&self) -> Option<String> {
        Some(self.street.clone())
    }
}

pub(crate) fn street(name: &str) -> WalkStreet {
    WalkStreet { street: name.to_owned() }
}

pub(crate) fn walking(log: &Log) -> Work {
    let log = log.clone();
    Work::new(move |_, job: WalkStreet| {
        let log = log.clone();
        async move {
            log.add(job.street);
            Ok(())
        }
    })
}

/// Fails with an error that has causes.
pub(crate) fn broken() -> Fault {
    let pen = std::io::Error::other("the pen is dry; ask ana@example.com");
    Fault::internal("write the address", Fault::unavailable("dip the pen", pen))
}
