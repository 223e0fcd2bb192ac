//! `socle ledger verify`: recomputes everything from the entries.

use serde::Serialize;
use socle_books::verify::{Report, Tenants};

use crate::{
    answer::{Answer, Verdict},
    failure::Failure,
    runtime::{self, Absent, Runtime},
    session,
    settings::Settings,
    text::Text,
};

const COMMAND: &str = "socle ledger verify";

#[derive(Serialize)]
struct Object {
    conserved: bool,
    accounts: i64,
    transactions: i64,
    entries: i64,
    differences: Vec<Difference>,
    /// Differences beyond those listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted: Option<i64>,
}

#[derive(Serialize)]
struct Difference {
    check: &'static str,
    tenant: String,
    subject: String,
    says: String,
}

pub(super) async fn obey(settings: &Settings) -> Result<Answer, Failure> {
    let report = runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| {
        let of = match settings.tenant.value.as_deref() {
            Some(handle) => Tenants::Only(session::tenant(runtime, handle, COMMAND).await?.id),
            None => Tenants::All,
        };
        Ok(runtime.ledger().verify(of).await?)
    });
    let object = Object::from(report.await?);
    let is_good = object.conserved && object.differences.is_empty();
    let verdict = if is_good { Verdict::Good } else { Verdict::Bad };
    Ok(Answer::new(&object, text(&object)).judged(verdict))
}

impl From<Report> for Object {
    fn from(it: Report) -> Self {
        let differences = it.differences.into_iter().map(|it| Difference {
            check: it.check,
            tenant: it.tenant.to_string(),
            subject: it.subject,
            says: it.says,
        });
        Self {
            conserved: it.is_conserved,
            accounts: it.accounts,
            transactions: it.transactions,
            entries: it.entries,
            differences: differences.collect(),
            omitted: Some(it.omitted).filter(|it| *it != 0),
        }
    }
}

fn text(it: &Object) -> Text {
    let mut text = Text::new();
    let (accounts, transactions, entries) = (it.accounts, it.transactions, it.entries);
    text.line(format_args!("{accounts} accounts, {transactions} transactions, {entries} entries"));
    text.line(match (it.conserved, it.differences.is_empty()) {
        (true, true) => "conserved; nothing differs",
        (true, false) => "conserved, but these differ:",
        (false, _) => "NOT conserved; these differ:",
    });
    for it in &it.differences {
        text.line(format_args!("  {}: {} of {}: {}", it.check, it.subject, it.tenant, it.says));
    }
    if let Some(omitted) = it.omitted {
        text.line(format_args!("  and {omitted} more"));
    }
    text
}
