#![doc = include_str!("../README.md")]

mod account;
mod hold;
mod lot;
mod transfer;

mod error;
mod key;
mod receipt;
mod refusal;
mod unit;

mod engine;

mod batch;
mod sql;

mod post;
mod sequencer;

pub mod read;
pub mod verify;

mod inspection;
pub mod work;

pub use account::{Account, Bounds, NewAccount, Owner, Purpose, Side};
pub use error::Error;
pub use hold::{Capture, Hold, HoldState, NewHold};
pub use inspection::{Inspection, InspectionId, inspect, last_inspection};
pub use key::{KEYS_MAX, Key, forget_keys};
pub use lot::{Lot, LotMove, LotUse};
pub use post::{post, preview};
pub use receipt::Receipt;
pub use refusal::{Refusal, Refused};
pub use sequencer::Sequencer;
pub use transfer::{
    EXPIRE, Flow, LEGS_MAX, Leg, METADATA_MAX, Memo, Posted, PostedLeg, Reversal, Transfer,
};
pub use unit::{
    Announce, AnnounceHold, Announcement, COMMANDS_MAX, Command, HoldAnnouncement, Row, Table, Unit,
};

use socle_db::Migration;

/// Creates the books in a module's schema; after [`socle_events::TABLES`].
pub const TABLES: &[Migration] = &[
    Migration {
        version: 20,
        description: "books",
        sql: include_str!("../migrations/0020_books.sql"),
    },
    Migration {
        version: 21,
        description: "walls of the books",
        sql: include_str!("../migrations/0021_walls.sql"),
    },
    Migration {
        version: 22,
        description: "what is due, and inspections",
        sql: include_str!("../migrations/0022_due.sql"),
    },
];

/// Where a process can be made to die in a test; each is proven to be reached.
pub const FAILPOINTS: &[&str] = &[
    "books.reserved",
    "books.loaded",
    "books.decided",
    "books.written",
    "books.committed",
    "books.answered",
];
