//! A fixed caller, and a clock that is moved by hand.

use std::sync::{Mutex, PoisonError};

use socle_kernel::{Actor, Cx, Id, Timestamp};
use uuid::Uuid;

/// Alice at noon on 1 January 2030, with identifiers that count up from one.
#[must_use]
pub fn cx() -> Cx {
    let alice = Actor::Person(Id::from_uuid(Uuid::from_u128(0xA11CE)));
    Cx::counting(Id::from_uuid(Uuid::from_u128(0xACE)), alice, noon())
}

/// The same caller in another tenant.
#[must_use]
pub fn elsewhere(cx: &Cx) -> Cx {
    cx.in_tenant(Id::from_uuid(Uuid::from_u128(0xBEE)))
}

fn noon() -> Timestamp {
    jiff::Timestamp::from_second(1_893_499_200).expect("the instant is in range").into()
}

/// A clock that stands until it is moved; forwards, or back as clocks do when they are set.
#[derive(Debug)]
pub struct Clock(Mutex<jiff::Timestamp>);

impl Clock {
    /// Stands at noon on 1 January 2030.
    #[must_use]
    pub fn at_noon() -> Self {
        Self(Mutex::new(noon().to_jiff()))
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        (*self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }

    /// Moves it, back if `seconds` is negative.
    pub fn move_by(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now += jiff::SignedDuration::from_secs(seconds);
    }

    /// The caller, at this clock's time.
    #[must_use]
    pub fn cx(&self, caller: &Cx) -> Cx {
        caller.at(self.now())
    }
}
