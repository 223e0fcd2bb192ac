//! Where a context's identifiers come from.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use uuid::{ContextV7, Uuid};

use crate::Timestamp;

/// A source of identifiers; clones share it.
#[derive(Debug, Clone)]
pub(super) enum Ids {
    Drawn,
    Counted(Arc<AtomicU64>),
}

/// Keeps identifiers that are drawn within one millisecond in the order of drawing.
static ORDER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

impl Ids {
    pub(super) fn drawn() -> Self {
        Self::Drawn
    }

    pub(super) fn counted() -> Self {
        Self::Counted(Arc::default())
    }

    pub(super) fn next(&self, now: Timestamp) -> Uuid {
        match self {
            Self::Drawn => draw(now),
            Self::Counted(next) => {
                Uuid::from_u128(u128::from(next.fetch_add(1, Ordering::Relaxed) + 1))
            }
        }
    }
}

fn draw(now: Timestamp) -> Uuid {
    let since_1970 = now.to_jiff().as_duration().unsigned_abs();
    let (seconds, nanos) = (since_1970.as_secs(), since_1970.subsec_nanos());
    Uuid::new_v7(uuid::Timestamp::from_unix(&ORDER, seconds, nanos))
}
