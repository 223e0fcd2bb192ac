//! What a command answers, on standard output: text for people, or one JSON object on one line.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use serde::Serialize;

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
        print(if shape == Shape::Text { &self.text } else { &self.object });
        match self.verdict {
            Verdict::Good => ExitCode::SUCCESS,
            Verdict::Bad => ExitCode::from(1),
        }
    }
}

pub(crate) fn json(object: &impl Serialize) -> String {
    serde_json::to_string(object).expect("an answer is made of what JSON has")
}

/// Writes lines to standard output. Whoever closed it does not want the rest.
pub(crate) fn print(text: &str) {
    let mut output = io::stdout().lock();
    let _ = writeln!(output, "{}", text.trim_end_matches('\n')).and_then(|()| output.flush());
}
