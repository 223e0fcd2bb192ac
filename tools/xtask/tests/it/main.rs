//! The parts of xtask that decide something, and its command line as a person meets it.

mod answers;
mod command_line;
mod golden_files;
mod servers;
