//! What a command answers, on standard output: text for people, or one JSON object on one line.

use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use serde::Serialize;

use crate::failure::{Exit, Failure};

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Json,
    /// Of a child, whose parent tells people.
    Relayed,
}

/// Whether the answer is a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Good,
    Bad,
}

/// An answer, in both shapes.
#[derive(Debug)]
pub(crate) struct Answer {
    object: String,
    text: String,
    verdict: Verdict,
}

impl Answer {
    /// A good answer.
    pub(crate) fn new(object: &impl Serialize, text: impl Into<String>) -> Self {
        Self { object: json(object), text: text.into(), verdict: Verdict::Good }
    }

    pub(crate) fn judged(self, verdict: Verdict) -> Self {
        Self { verdict, ..self }
    }

    /// Prints it; the exit code follows from the verdict.
    pub(crate) fn print(&self, shape: Shape) -> ExitCode {
        match print(if shape == Shape::Text { &self.text } else { &self.object }) {
            Err(error) => {
                let next = "make room where standard output goes, and ask again";
                let why = format!("could not write the answer: {error}");
                Failure::new(Exit::Missing, why, next).print(Shape::Text)
            }
            Ok(()) if self.verdict == Verdict::Bad => ExitCode::from(1),
            Ok(()) => ExitCode::SUCCESS,
        }
    }
}

pub(crate) fn json(object: &impl Serialize) -> String {
    serde_json::to_string(object).expect("an answer is made of what JSON has")
}

/// Writes lines to standard output. Whoever closed it does not want the rest.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    let text = text.trim_end_matches('\n');
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
