//! Why a unit took no effect.

use socle_kernel::Fault;

use crate::Refusal;

/// The books said no, or could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Fault(#[from] Fault),
}
