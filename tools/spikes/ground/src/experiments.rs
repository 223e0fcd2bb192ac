//! The experiments that need nothing but the two halves of the bus: the same on every broker.

mod crash;
mod order;
mod poison;
mod relays;
mod takeover;

pub use crash::crash;
pub use order::order;
pub use poison::{POISON_HEADING, dead_letter, others_done, poison};
pub use relays::relays;
pub use takeover::takeover;
