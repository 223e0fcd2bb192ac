//! What only an edge may: draw from the system's randomness, and wait.

use std::{convert::Infallible, time::Duration};

use axum::{extract::FromRequestParts, http::request::Parts};
use tokio::time;

/// 32 bytes of the system's randomness, drawn for one request.
pub struct Drawn(pub [u8; 32]);

impl Drawn {
    /// # Panics
    ///
    /// When the system has no randomness: nothing secret could be made then.
    #[must_use]
    pub fn draw() -> Self {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system has a source of randomness");
        Self(bytes)
    }
}

impl<S: Sync> FromRequestParts<S> for Drawn {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::draw())
    }
}

/// Answers no sooner than what was done is in force everywhere.
pub async fn in_force_after<T>(answer: T, wait: Duration) -> T {
    time::sleep(wait).await;
    answer
}
