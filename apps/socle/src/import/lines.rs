//! The lines of a file, one at a time, however long a line or the file is.

use std::io::{self, BufRead};

/// The longest line that is read; a purchase has less than 200 bytes.
pub(super) const BYTES_MAX: usize = 1_000;

/// A line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'b> {
    Bytes(&'b [u8]),
    TooLong,
}

/// Reads lines, and counts them and their bytes.
#[derive(Debug)]
pub(super) struct Lines<R> {
    source: R,
    line: Vec<u8>,
    /// The number of the line that was read last.
    pub(super) number: u64,
    pub(super) bytes: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn of(source: R) -> Self {
        Self { source, line: Vec::with_capacity(BYTES_MAX), number: 0, bytes: 0 }
    }

    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let (mut length, mut is_ended) = (0, false);
        while !is_ended {
            let part = self.source.fill_buf()?;
            if part.is_empty() {
                break;
            }
            let end = part.iter().position(|it| *it == b'\n');
            is_ended = end.is_some();
            let taken = end.map_or(part.len(), |it| it + 1);
            let room = BYTES_MAX.saturating_sub(self.line.len()).min(taken);
            self.line.extend_from_slice(&part[..room]);
            self.source.consume(taken);
            length += taken;
        }
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.bytes += length as u64;
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        Ok(Some(if BYTES_MAX < length { Line::TooLong } else { Line::Bytes(line) }))
    }
}
