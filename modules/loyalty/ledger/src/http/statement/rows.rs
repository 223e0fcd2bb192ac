//! The two forms of a statement: JSON and CSV.

use axum::http::{HeaderMap, header};
use socle_books::read::Entry;

use super::EntryView;

/// How a statement is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Csv,
}

const COLUMNS: &str = "seq,transaction,kind,effective_at,recorded_at,amount,balance,reason\r\n";

impl Form {
    /// CSV for who asks for it, JSON for everybody else.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
        let mut kinds = accept.unwrap_or_default().split(',');
        let is_csv = |it: &str| it.split(';').next().unwrap_or_default().trim() == "text/csv";
        if kinds.any(is_csv) { Self::Csv } else { Self::Json }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    pub(super) fn head(self) -> &'static str {
        match self {
            Self::Json => "[",
            Self::Csv => COLUMNS,
        }
    }

    pub(super) fn foot(self) -> &'static str {
        match self {
            Self::Json => "]",
            Self::Csv => "",
        }
    }

    /// The rows of a page, of which the first row of all follows nothing.
    pub(super) fn page(self, is_first: bool, entries: Vec<Entry>) -> String {
        let mut text = String::new();
        for (place, entry) in entries.into_iter().map(EntryView::from).enumerate() {
            match self {
                Self::Csv => text.push_str(&line(&entry)),
                Self::Json => {
                    text.push_str(if is_first && place == 0 { "" } else { "," });
                    let row = serde_json::to_string(&entry);
                    text.push_str(&row.expect("a row of texts and numbers is JSON"));
                }
            }
        }
        text
    }
}

fn line(it: &EntryView) -> String {
    let (seq, transaction, effective_at) = (it.seq, it.transaction, it.effective_at);
    let (recorded_at, amount, balance) = (it.recorded_at, it.amount, it.balance);
    let (kind, reason) = (cell(&it.kind), cell(it.reason.as_deref().unwrap_or_default()));
    format!(
        "{seq},{transaction},{kind},{effective_at},{recorded_at},{amount},{balance},{reason}\r\n"
    )
}

/// A text as a cell (RFC 4180). One that a spreadsheet would take for a formula is made text.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}
