//! `socle ledger statement`: a customer's entries, by the time at which they count.
//!
//! Points and debt are two accounts; a statement shows them as one, which may be below zero.

use serde::Serialize;
use socle_books::read::{Entry, PAGE_MAX, Span};
use socle_kernel::{AccountId, Amount, Day, Timestamp, TooLarge, TransferId};
use socle_ledger::{Error, Programme};
use socle_ledger_contract::Customer;

use crate::{
    answer::Answer,
    cli::Statement,
    failure::Failure,
    session::{self, Session},
    settings::Settings,
    table::Table,
};

/// Before anything that is ever recorded.
const BEGINNING: &str = "0001-01-01";

#[derive(Serialize)]
struct Object {
    customer: String,
    /// What there was before the first entry.
    opening: Amount,
    entries: Vec<Row>,
    /// What has expired by the end and has no entry yet.
    expired_unrecorded: Amount,
    closing: Amount,
}

#[derive(Serialize)]
struct Row {
    effective_at: Timestamp,
    recorded_at: Timestamp,
    kind: String,
    amount: Amount,
    /// After it, in the order of this statement.
    balance: Amount,
    transaction: TransferId,
    reason: Option<String>,
}

/// A customer's account over some days.
struct Account<'s> {
    session: &'s Session,
    programme: &'s Programme,
    customer: &'s Customer,
    debt: AccountId,
}

pub(super) async fn obey(of: &Statement, settings: &Settings) -> Result<Answer, Failure> {
    let object = session::with(settings, "socle ledger statement", async |session: &Session| {
        let programme = &session.programme(of.span.programme.as_deref()).await?;
        let (customer, accounts) = &session.customer(programme, &of.customer).await?;
        let account = Account { session, programme, customer, debt: accounts.debt.id };
        account.statement(of.span.from, of.span.to).await
    });
    let object = object.await?;
    let text = text(&object);
    Ok(Answer::new(&object, text))
}

impl Account<'_> {
    async fn statement(&self, from: Option<Day>, to: Option<Day>) -> Result<Object, Failure> {
        let from = from.unwrap_or_else(|| BEGINNING.parse().expect("a day"));
        super::check_order(from, to.unwrap_or_else(|| self.session.cx.now.day()))?;
        let until = to.map_or(self.session.cx.now, Day::end);
        let opening = self.balance(from.plus_days(-1).end()).await?;
        let mut entries = self.points(from.start(), until).await?;
        entries.extend(self.debt(from.start(), until).await?);
        let entries = rows(entries, opening).map_err(|_| Error::TooLarge)?;
        let closing = self.balance(until).await?;
        let reached = entries.last().map_or(opening, |it| it.balance);
        let expired_unrecorded = reached.minus(closing).map_err(|_| Error::TooLarge)?;
        let customer = self.customer.to_string();
        Ok(Object { customer, opening, entries, expired_unrecorded, closing })
    }

    /// All points, those set aside included, less what is owed.
    async fn balance(&self, at: Timestamp) -> Result<Amount, Error> {
        let Self { session: Session { ledger, cx, .. }, programme, customer, debt } = self;
        let points = ledger.balance(cx, programme, customer, at).await?;
        let debt = ledger.account_as_of(cx, *debt, at).await?.balance();
        let sum = points.available.plus(points.held).and_then(|it| it.plus(debt?));
        sum.map_err(|_| Error::TooLarge)
    }

    /// The entries of the points, a page at a time.
    async fn points(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Entry>, Error> {
        let Self { session: Session { ledger, cx, .. }, programme, customer, .. } = self;
        let (mut entries, mut after) = (Vec::new(), (from, 0));
        loop {
            let page = ledger.statement(cx, programme, customer, Span { after, until }).await?;
            let Some(last) = page.last() else { return Ok(entries) };
            after = (last.effective_at, last.seq);
            entries.extend(page);
        }
    }

    /// The entries of the debt, in the order of recording, a page at a time.
    async fn debt(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Entry>, Error> {
        let Session { ledger, cx, .. } = self.session;
        let (mut entries, mut after) = (Vec::new(), 0);
        loop {
            let page = ledger.entries(cx, self.debt, after, PAGE_MAX).await?;
            let Some(last) = page.last() else { return Ok(entries) };
            after = last.seq;
            entries.extend(page.into_iter().filter(|it| (from..=until).contains(&it.effective_at)));
        }
    }
}

/// One row a transaction, by the time at which it counts, with the balance after it.
fn rows(mut entries: Vec<Entry>, opening: Amount) -> Result<Vec<Row>, TooLarge> {
    entries.sort_by_key(|it| (it.effective_at, it.recorded_at));
    let mut rows: Vec<Row> = Vec::new();
    let mut balance = opening;
    for it in entries {
        balance = balance.plus(it.amount)?;
        match rows.last_mut().filter(|last| last.transaction == it.transfer_id) {
            Some(last) => {
                last.amount = last.amount.plus(it.amount)?;
                last.balance = balance;
            }
            None => rows.push(Row {
                effective_at: it.effective_at,
                recorded_at: it.recorded_at,
                kind: it.kind,
                amount: it.amount,
                balance,
                transaction: it.transfer_id,
                reason: it.reason,
            }),
        }
    }
    Ok(rows)
}

fn text(it: &Object) -> String {
    let mut table = Table::new(&["DAY", "WHAT", ">POINTS", ">BALANCE", "WHY"]);
    let line = |day: &str, what: &str, points: &str, balance: Amount, why: &str| {
        [day, what, points, &balance.to_string(), why].map(str::to_owned).to_vec()
    };
    table.row(line("", "before", "", it.opening, ""));
    for row in &it.entries {
        let (day, points) = (row.effective_at.day().to_string(), row.amount.to_string());
        let why = row.reason.as_deref().unwrap_or_default();
        table.row(line(&day, &row.kind, &points, row.balance, why));
    }
    if !it.expired_unrecorded.is_zero() {
        let points = (-it.expired_unrecorded).to_string();
        table.row(line(
            "",
            "expire",
            &points,
            it.closing,
            "not recorded yet; it counts all the same",
        ));
    }
    format!("{}\n{table}", it.customer)
}
