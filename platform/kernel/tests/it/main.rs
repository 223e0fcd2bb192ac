//! The vocabulary: what it accepts, refuses and prints.

mod ids;
mod time;
mod value;
