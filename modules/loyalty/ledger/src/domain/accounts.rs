//! The accounts of a programme and of its customers; which they are follows from their names.

use socle_books::{Bounds, Command, NewAccount, Owner, Purpose, Side};
use socle_kernel::{AccountId, Asset, TenantId};
use socle_ledger_contract::Customer;

use super::Programme;
use crate::Error;

/// What customers' value is kept under: what the programme owes.
pub(crate) const OWED: [&str; 2] = ["points", "liability"];

/// The system accounts of a programme. Each point is in one of them or in a customer's hands:
/// issuance = customers + liability + settlement + breakage − debts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeAccounts {
    /// All that was ever given (debit): an expense.
    pub issuance: NewAccount,
    /// Owed, but in no customer's account: what closed accounts left behind.
    pub liability: NewAccount,
    /// Spent: owed to whom the points were spent with.
    pub settlement: NewAccount,
    /// Expired: income.
    pub breakage: NewAccount,
}

/// A customer's accounts in a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerAccounts {
    /// Points to spend, in lots; never negative.
    pub points: NewAccount,
    /// Points that a refund took back after they had been spent; never positive. What is earned
    /// next pays it off first.
    pub debt: NewAccount,
}

/// An account that a caller keeps for itself; which one it is follows from owner, purpose and
/// asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Neither `customer:…` nor `programme:…`, whose accounts the ledger opens.
    pub owner: Owner,
    pub purpose: Purpose,
    pub asset: Asset,
    pub side: Side,
    pub bounds: Bounds,
    /// Makes it an account of lots: where value goes when its lot expires.
    pub expires_to: Option<AccountId>,
}

/// How the owners begin whose accounts the ledger opens.
const OWN_OWNERS: [&str; 2] = ["customer:", "programme:"];

impl Opening {
    /// The account that it opens.
    #[must_use]
    pub fn id(&self, tenant: TenantId) -> AccountId {
        account_id(tenant, &self.owner, self.purpose.as_ref(), &self.asset)
    }

    pub(crate) fn account(self, tenant: TenantId) -> Result<NewAccount, Error> {
        if OWN_OWNERS.iter().any(|it| self.owner.as_ref().starts_with(it)) {
            return Err(Error::OwnerReserved);
        }
        let id = self.id(tenant);
        let Self { owner, purpose, asset, side, bounds, expires_to } = self;
        Ok(NewAccount { id, asset, owner, purpose, side, bounds, expires_to })
    }
}

impl ProgrammeAccounts {
    /// # Panics
    ///
    /// Never: what is written here obeys the rules of owners and purposes.
    #[must_use]
    pub fn of(tenant: TenantId, programme: &Programme) -> Self {
        let owner = owner(&format!("programme:{}", programme.id));
        let account = |purpose, side, bounds| NewAccount {
            id: account_id(tenant, &owner, purpose, &programme.asset()),
            asset: programme.asset(),
            owner: owner.clone(),
            purpose: Purpose::try_new(purpose).expect("a purpose of our own"),
            side,
            bounds,
            expires_to: None,
        };
        Self {
            issuance: account("issuance", Side::Debit, Bounds::NONE),
            liability: account("liability", Side::Credit, Bounds::NOT_NEGATIVE),
            settlement: account("settlement", Side::Credit, Bounds::NONE),
            breakage: account("breakage", Side::Credit, Bounds::NONE),
        }
    }

    /// Opens them.
    pub(crate) fn open(self) -> [Command; 4] {
        [self.issuance, self.liability, self.settlement, self.breakage].map(Command::Open)
    }
}

impl CustomerAccounts {
    /// # Panics
    ///
    /// Never: a customer's reference fits into an owner.
    #[must_use]
    pub fn of(tenant: TenantId, programme: &Programme, customer: &Customer) -> Self {
        let owner = owner(&format!("customer:{customer}"));
        let breakage = ProgrammeAccounts::of(tenant, programme).breakage.id;
        let account = |purpose, bounds, expires_to| NewAccount {
            id: account_id(tenant, &owner, purpose, &programme.asset()),
            asset: programme.asset(),
            owner: owner.clone(),
            purpose: Purpose::try_new(purpose).expect("a purpose of our own"),
            side: Side::Credit,
            bounds,
            expires_to,
        };
        Self {
            points: account("points", Bounds::NOT_NEGATIVE, Some(breakage)),
            debt: account("debt", Bounds::NOT_POSITIVE, None),
        }
    }

    /// Opens them, unless they are open.
    pub(crate) fn open(&self) -> [Command; 2] {
        [Command::Open(self.points.clone()), Command::Open(self.debt.clone())]
    }
}

fn owner(text: &str) -> Owner {
    Owner::try_new(text).expect("a reference fits into an owner")
}

/// The identifier of an account follows from what it is, so nobody looks it up.
fn account_id(tenant: TenantId, owner: &Owner, purpose: &str, asset: &Asset) -> AccountId {
    AccountId::of_words(&[&tenant.to_string(), owner.as_ref(), purpose, asset.as_ref()])
}
