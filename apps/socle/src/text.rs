//! Text for people, a line at a time.

use std::fmt::{Display, Write};

/// Lines, in the making.
#[derive(Debug, Default)]
pub(crate) struct Text(String);

impl Text {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: impl Display) {
        writeln!(self.0, "{line}").expect("a string takes everything");
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}
