//! Accounts of any kind.

use socle_books::{Account, Command, Receipt, read};
use socle_kernel::{AccountId, Common, Cx, Timestamp};

use super::Ledger;
use crate::{
    Error,
    domain::{Opening, unit},
};

impl Ledger {
    /// Opens an account; opening it again changes nothing. Returns it as it stands: what was
    /// asked for never changes, what has happened to it since does.
    pub async fn open_account(&self, cx: &Cx, opening: Opening) -> Result<Account, Error> {
        let new = opening.account(cx.tenant)?;
        let id = new.id;
        self.submit(unit(cx).with(Command::Open(new))).await?;
        self.account(cx, id).await
    }

    /// The tenant's accounts after one that was seen, in the order of their identifiers.
    pub async fn accounts(
        &self,
        cx: &Cx,
        filter: read::Filter<'_>,
        after: Option<AccountId>,
        limit: i64,
    ) -> Result<Vec<Account>, Error> {
        Ok(read::accounts(self.db.read(cx), filter, after, limit).await?)
    }

    /// An account as it stands.
    pub async fn account(&self, cx: &Cx, id: AccountId) -> Result<Account, Error> {
        let found = read::account(self.db.read(cx), id).await?;
        found.ok_or_else(|| Common::NotFound(id.to_string()).into())
    }

    /// What an account had by a moment.
    pub async fn account_as_of(
        &self,
        cx: &Cx,
        id: AccountId,
        at: Timestamp,
    ) -> Result<read::AsOf, Error> {
        Ok(read::as_of(self.db.read(cx), id, at, cx.now).await?)
    }

    /// An account's entries after one that was seen, with the running balance.
    pub async fn entries(
        &self,
        cx: &Cx,
        id: AccountId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<read::Entry>, Error> {
        Ok(read::entries(self.db.read(cx), id, after, limit).await?)
    }

    /// The entries of an account that count within a span: a page of a statement.
    pub async fn entries_within(
        &self,
        cx: &Cx,
        id: AccountId,
        span: read::Span,
    ) -> Result<Vec<read::Entry>, Error> {
        Ok(read::statement(self.db.read(cx), id, span, read::PAGE_MAX).await?)
    }

    /// Closes an empty account for good.
    pub async fn close_account(&self, cx: &Cx, id: AccountId) -> Result<Receipt, Error> {
        self.submit(unit(cx).with(Command::Close(id))).await
    }
}
