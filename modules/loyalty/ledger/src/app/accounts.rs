//! Accounts of any kind.

use socle_books::{Account, Command, NewAccount, Unit, read};
use socle_kernel::{AccountId, Common, Cx, Timestamp};

use super::Ledger;
use crate::Error;

impl Ledger {
    /// Opens an account; opening it again changes nothing.
    pub async fn open_account(&self, cx: &Cx, new: NewAccount) -> Result<(), Error> {
        let unit = Unit::new(cx).with(Command::Open(new));
        self.books.submit(unit).await?;
        Ok(())
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

    /// Closes an empty account for good.
    pub async fn close_account(&self, cx: &Cx, id: AccountId) -> Result<(), Error> {
        let unit = Unit::new(cx).with(Command::Close(id));
        self.books.submit(unit).await?;
        Ok(())
    }
}
