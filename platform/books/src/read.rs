//! Looking at the books: one round trip each, and the tenant's rows only.

use socle_db::Reader;
use socle_kernel::{AccountId, Amount, Asset, Day, Fault, HoldId, Timestamp, TooLarge, TransferId};
use uuid::Uuid;

use crate::{Account, Hold, Owner, Posted, sql::read as sql};

/// The most rows of a page.
pub const PAGE_MAX: i64 = 500;

/// What an account had brought, given and lost by a moment; signed as entries are: credit counts
/// up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct AsOf {
    /// What had come in, less what corrections took back.
    pub credit: Amount,
    /// What had gone out, less what corrections gave back.
    pub debit: Amount,
    /// What had expired, whether or not anything recorded it.
    pub expired: Amount,
    /// What holds had set aside.
    pub held: Amount,
}

/// An entry with its transfer's kind and reason.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub seq: i64,
    pub transfer_id: TransferId,
    pub amount: Amount,
    /// The running balance, in the order in which entries were recorded.
    pub balance: Amount,
    pub effective_at: Timestamp,
    pub recorded_at: Timestamp,
    pub kind: String,
    pub reason: Option<String>,
}

/// Value that can still be spent, and until when.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenLot {
    pub seq: i64,
    pub transfer_id: TransferId,
    /// What is neither spent nor set aside.
    pub free: Amount,
    pub effective_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// All accounts of one purpose and asset, summed at a moment.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Total {
    pub asset: Asset,
    pub purpose: String,
    /// 1 where credit counts up, −1 where debit does.
    pub side: i16,
    pub accounts: i64,
    /// Signed: credit positive. The totals of an asset sum to zero.
    pub balance: Amount,
}

/// What one day brought to all accounts of some purposes, and what there was at its end.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DayOf {
    pub day: Day,
    pub credit: Amount,
    pub debit: Amount,
    pub expired: Amount,
    pub balance: Amount,
}

/// Value that expires on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Expiring {
    pub day: Day,
    pub accounts: i64,
    pub amount: Amount,
}

impl AsOf {
    /// What there was: in, less out, less expired.
    pub fn balance(&self) -> Result<Amount, TooLarge> {
        self.credit.minus(self.debit)?.minus(self.expired)
    }

    /// What there was to spend.
    pub fn available(&self) -> Result<Amount, TooLarge> {
        self.balance()?.minus(self.held)
    }
}

/// The account as it stands.
pub async fn account(books: Reader<'_>, id: AccountId) -> Result<Option<Account>, Fault> {
    let row = books.sql(sql::ACCOUNT).bind(id).maybe::<sql::AccountRow>("read the account").await?;
    Ok(row.map(Account::from))
}

/// Which accounts are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'f> {
    /// `None`: anybody's.
    pub owner: Option<&'f Owner>,
}

/// The tenant's accounts after one that was seen, in the order of their identifiers.
pub async fn accounts(
    books: Reader<'_>,
    filter: Filter<'_>,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<Account>, Fault> {
    let (after, limit) = (after.map_or(Uuid::nil(), AccountId::uuid), limit.clamp(1, PAGE_MAX));
    let statement = match filter.owner {
        None => books.sql(sql::ACCOUNTS).bind(after).bind(limit),
        Some(owner) => books.sql(sql::ACCOUNTS_OF).bind(after).bind(limit).bind(owner.clone()),
    };
    let rows: Vec<sql::AccountRow> = statement.all("read the accounts").await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// What an account had by a moment: from its roll-ups, and the entries of that moment's day. Holds
/// that have ended by `now` do not count, whether or not anything recorded that.
pub async fn as_of(
    books: Reader<'_>,
    id: AccountId,
    at: Timestamp,
    now: Timestamp,
) -> Result<AsOf, Fault> {
    // The end of a day needs no entry: its roll-up is whole.
    let whole = if at == at.day().end() { at.day().plus_days(1) } else { at.day() };
    books
        .sql(sql::AS_OF)
        .bind(id)
        .bind(whole)
        .bind(whole.start())
        .bind(at)
        .bind(now)
        .one("reckon the balance")
        .await
}

/// The entries after one that was seen, in the order in which they were recorded.
pub async fn entries(
    books: Reader<'_>,
    id: AccountId,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let limit = limit.clamp(1, PAGE_MAX);
    books.sql(sql::ENTRIES).bind(id).bind(after).bind(limit).all("read the entries").await
}

/// Where a page of a statement begins, and where the statement ends.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// After this moment and entry.
    pub after: (Timestamp, i64),
    /// Up to and with this moment.
    pub until: Timestamp,
}

/// The entries that count within a span, by the time at which they count.
pub async fn statement(
    books: Reader<'_>,
    id: AccountId,
    span: Span,
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let (from, seq) = span.after;
    let statement = books.sql(sql::STATEMENT).bind(id).bind(from).bind(seq).bind(span.until);
    statement.bind(limit.clamp(1, PAGE_MAX)).all("read the statement").await
}

/// The lots of an account that can be spent at a moment, in the order in which they would be.
pub async fn open_lots(
    books: Reader<'_>,
    id: AccountId,
    at: Timestamp,
    now: Timestamp,
) -> Result<Vec<OpenLot>, Fault> {
    let statement = books.sql(sql::OPEN_LOTS).bind(id).bind(at).bind(now);
    statement.bind(PAGE_MAX).all("read the lots").await
}

/// What expires between two moments, over all accounts of an asset, by day.
pub async fn expiring(
    books: Reader<'_>,
    asset: &Asset,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Expiring>, Fault> {
    let statement = books.sql(sql::EXPIRING).bind(asset.as_ref().to_owned());
    statement.bind(from).bind(until).all("read what expires").await
}

/// Accounts with lots that expired by a moment and have not been recorded as such: those of the
/// `limit` lots that expired first.
pub async fn due(books: Reader<'_>, by: Timestamp, limit: i64) -> Result<Vec<AccountId>, Fault> {
    let rows: Vec<(AccountId,)> =
        books.sql(sql::DUE).bind(by).bind(limit).all("find what has expired").await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The trial balance at the end of a day: every account, summed by asset and purpose.
pub async fn totals(books: Reader<'_>, on: Day, now: Timestamp) -> Result<Vec<Total>, Fault> {
    let statement = books.sql(sql::TOTALS).bind(on).bind(on.end()).bind(now);
    statement.all("reckon the trial balance").await
}

/// Day by day, what all accounts of an asset with one of these purposes had.
pub async fn days(
    books: Reader<'_>,
    asset: &Asset,
    purposes: &[&str],
    (from, until): (Day, Day),
    now: Timestamp,
) -> Result<Vec<DayOf>, Fault> {
    let purposes: Vec<String> = purposes.iter().map(|it| (*it).to_owned()).collect();
    let statement = books.sql(sql::DAYS).bind(asset.as_ref().to_owned()).bind(purposes);
    let statement = statement.bind(from).bind(until).bind(until.end()).bind(now);
    statement.all("reckon the balance by day").await
}

/// A transfer as recorded.
pub async fn transfer(books: Reader<'_>, id: TransferId) -> Result<Option<Posted>, Fault> {
    let row = books.sql(sql::TRANSFER).bind(id);
    Ok(row.maybe::<sql::PostedRow>("read the transaction").await?.map(Posted::from))
}

/// The journal after a number, without gaps.
pub async fn journal(books: Reader<'_>, after: i64, limit: i64) -> Result<Vec<Posted>, Fault> {
    let statement = books.sql(sql::JOURNAL).bind(after).bind(limit.clamp(1, PAGE_MAX));
    let rows: Vec<sql::PostedRow> = statement.all("read the journal").await?;
    Ok(rows.into_iter().map(Posted::from).collect())
}

/// The transfers that carry this metadata, after a journal number that was seen; in the order of
/// the journal, so that what is posted meanwhile comes on a later page.
pub async fn search(
    books: Reader<'_>,
    (key, value): (&str, &str),
    after: i64,
    limit: i64,
) -> Result<Vec<Posted>, Fault> {
    let statement = books.sql(sql::SEARCH).bind(key.to_owned()).bind(value.to_owned());
    let statement = statement.bind(after).bind(limit.clamp(1, PAGE_MAX));
    let rows: Vec<sql::PostedRow> = statement.all("search the transactions").await?;
    Ok(rows.into_iter().map(Posted::from).collect())
}

/// A hold as it stands; its own clock may have ended it ([`Hold::state_at`]).
pub async fn hold(books: Reader<'_>, id: HoldId) -> Result<Option<Hold>, Fault> {
    let row = books.sql(sql::HOLD).bind(id).maybe::<sql::HoldRow>("read the hold").await?;
    Ok(row.map(Hold::from))
}
