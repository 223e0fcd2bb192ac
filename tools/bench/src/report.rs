//! What a run says: rows of figures, and how they stand to what was asked for.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use serde::Serialize;

use crate::machine::Machine;

/// One row of the table.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) work: String,
    pub(crate) figures: Vec<Figure>,
    /// What explains a figure: the scans of a plan.
    pub(crate) notes: Vec<String>,
    /// For the plot.
    #[serde(skip)]
    pub(crate) looks: Vec<Look>,
}

/// How long both kinds of looking back took at one length of history.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) entries: u32,
    pub(crate) as_of_ms: f64,
    pub(crate) statement_ms: f64,
}

/// A number with its unit, and what was asked of it.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) what: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    #[serde(flatten)]
    pub(crate) ask: Option<Ask>,
}

/// How large or small a figure should be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ask {
    AtLeast(f64),
    AtMost(f64),
}

impl Row {
    pub(crate) fn new(name: &'static str, work: impl Into<String>) -> Self {
        Self { name, work: work.into(), figures: Vec::new(), notes: Vec::new(), looks: Vec::new() }
    }

    #[must_use]
    pub(crate) fn with(self, what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        self.push(what.into(), value, unit, None)
    }

    #[must_use]
    pub(crate) fn asked(
        self,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        ask: Ask,
    ) -> Self {
        self.push(what.into(), value, unit, Some(ask))
    }

    fn push(mut self, what: String, value: f64, unit: &'static str, ask: Option<Ask>) -> Self {
        self.figures.push(Figure { what, value, unit, ask });
        self
    }

    /// The row as it is printed.
    fn text(&self) -> String {
        let mut text = format!("{} — {}\n", self.name, self.work);
        for it in &self.figures {
            let ask = it.ask.map_or_else(String::new, |ask| format!("  {}", ask.verdict(it.value)));
            let value = number(it.value);
            writeln!(text, "  {:<46}{value:>12} {:<10}{ask}", it.what, it.unit)
                .expect("a string takes everything");
        }
        for it in &self.notes {
            writeln!(text, "  {it}").expect("a string takes everything");
        }
        text
    }
}

impl Ask {
    fn verdict(self, value: f64) -> String {
        let (is_met, sign, bound) = match self {
            Self::AtLeast(bound) => (bound <= value, "≥", bound),
            Self::AtMost(bound) => (value <= bound, "≤", bound),
        };
        let word = if is_met { "met" } else { "MISSED" };
        format!("{word} ({sign} {})", number(bound))
    }
}

/// Three digits, or whole thousands with a mark.
fn number(value: f64) -> String {
    match value {
        it if it < 10.0 => format!("{it:.2}"),
        it if it < 1_000.0 => format!("{it:.1}"),
        it => {
            let whole = format!("{it:.0}");
            let (head, tail) = whole.split_at(whole.len() - 3);
            match head.len() {
                0..4 => format!("{head},{tail}"),
                long => format!("{},{},{tail}", &head[..long - 3], &head[long - 3..]),
            }
        }
    }
}

/// Prints a line on standard output.
pub(crate) fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}

/// Prints what was measured on.
pub(crate) fn head(machine: &Machine) -> io::Result<()> {
    machine.lines().iter().try_for_each(|it| say(it))?;
    say("")
}

/// Prints a row as soon as it is known.
pub(crate) fn row(row: &Row) -> io::Result<()> {
    say(&row.text())
}

/// Prints everything as one object on one line.
pub(crate) fn json(machine: &Machine, rows: &[Row]) -> io::Result<()> {
    say(&serde_json::json!({ "machine": machine, "rows": rows }).to_string())
}
