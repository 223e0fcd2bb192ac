//! Writing a batch: one statement, made of the parts that have rows.

mod columns;
mod parts;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{LazyLock, Mutex, PoisonError},
};

use socle_events::sql as outbox;
use socle_kernel::{Doing, Fault, TenantId, TransferId};
use uuid::Uuid;

use super::Books;
use crate::{
    Key, Receipt, Refusal, Table, Unit,
    engine::{changes::Changes, standing::Standing},
};
use columns::Columns;

/// A part of the statement: its SQL, in which `@1`… are its own columns, and how to bind them.
struct Part {
    sql: PartSql,
    columns: Columns,
}

/// What the text of a part depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum PartSql {
    Fixed(&'static str),
    Outbox,
    Own(&'static Table),
}

/// What the statement answers: the journal numbers that it drew.
const NUMBERS: &str = "select tenant_id, number from head";
const NO_NUMBERS: &str = "select $1::uuid as tenant_id, 0::int8 as number where false";

/// What is to be kept under the keys of the units, beyond what was known when they were reserved.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    refused: Vec<(TenantId, Uuid, Refusal)>,
    /// All transfers of the units that made others than they named: expiries.
    made: Vec<(TenantId, Uuid, Vec<TransferId>)>,
}

/// Statements by their parts: a handful of combinations, each written once and kept.
static COMPOSED: LazyLock<Mutex<HashMap<Vec<PartSql>, &'static str>>> =
    LazyLock::new(Mutex::default);

/// Writes everything; returns the last journal number of each tenant that got one.
pub(crate) async fn write(
    books: &mut Books<'_>,
    standing: &Standing,
    changes: &Changes,
    answers: &Answers,
) -> Result<BTreeMap<TenantId, i64>, Fault> {
    let parts = parts::of(standing, changes, answers).doing("sum up the days")?;
    if parts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let text = composed(parts.iter().map(|it| it.sql.clone()).collect());
    let statement =
        parts.into_iter().fold(books.sql(text), |statement, it| it.columns.bind(statement));
    let heads: Vec<(TenantId, i64)> = statement.all("write the batch").await?;
    Ok(heads.into_iter().collect())
}

impl Answers {
    pub(crate) fn of(units: &[&Unit], decided: &[Result<Receipt, Refusal>]) -> Self {
        let mut answers = Self::default();
        for (unit, outcome) in units.iter().zip(decided) {
            for key in &unit.keys {
                answers.add(unit, key, outcome);
            }
        }
        answers
    }

    fn add(&mut self, unit: &Unit, key: &Key, outcome: &Result<Receipt, Refusal>) {
        match outcome {
            Err(refusal) => self.refused.push((unit.tenant, key.id, refusal.clone())),
            Ok(receipt) => {
                let made: Vec<_> = receipt.posted.iter().map(|it| it.id).collect();
                if !unit.transfers().eq(made.iter().copied()) {
                    self.made.push((unit.tenant, key.id, made));
                }
            }
        }
    }
}

fn composed(parts: Vec<PartSql>) -> &'static str {
    let mut known = COMPOSED.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(parts).or_insert_with_key(|parts| Box::leak(compose(parts).into_boxed_str()))
}

/// `with part_0 as (…), part_1 as (…) select …`: data-modifying parts run whether read or not.
fn compose(parts: &[PartSql]) -> String {
    let mut first = 2;
    let mut texts = Vec::new();
    for part in parts {
        let (text, count) = part.text(first);
        let name = if part == &PartSql::Fixed(parts::HEADS) {
            "head".to_owned()
        } else {
            format!("part_{first}")
        };
        texts.push(format!("{name} as ({text})"));
        first += count;
    }
    let has_head = parts.contains(&PartSql::Fixed(parts::HEADS));
    let answer = if has_head { NUMBERS } else { NO_NUMBERS };
    format!("with {} {answer}", texts.join(", "))
}

impl PartSql {
    /// Its text with parameters from `$first` on, and how many it has.
    fn text(&self, first: usize) -> (String, usize) {
        match self {
            Self::Fixed(sql) => number(sql, first),
            Self::Outbox => (outbox::insert_from(first), outbox::COLUMNS),
            Self::Own(Table { name, columns }) => {
                let sql = format!(
                    "insert into {name} ({columns})
                     select {columns} from json_populate_recordset(null::{name}, @1::json)
                     where $1::uuid is null or tenant_id = $1"
                );
                number(&sql, first)
            }
        }
    }
}

/// Writes `$first`… for `@1`…
fn number(sql: &str, first: usize) -> (String, usize) {
    let mut count = 0;
    let mut pieces = sql.split('@');
    let mut text = vec![pieces.next().unwrap_or_default().to_owned()];
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let local: usize = piece[..digits].parse().expect("a column is numbered");
        count = count.max(local);
        text.push(format!("${}{}", first + local - 1, &piece[digits..]));
    }
    (text.concat(), count)
}
