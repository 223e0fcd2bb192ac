//! Accounts: what they are, and how much they admit.

use socle_kernel::{AccountId, Amount, Asset, Rule, Text, Timestamp, TooLarge};

/// The rule of an account's owner.
pub enum OwnerReference {}
/// Whom an account belongs to, in the module's words: `customer:00004`, `programme:prog_…`.
pub type Owner = Text<OwnerReference>;

/// The rule of an account's purpose.
pub enum PurposeName {}
/// What an owner keeps in this account, when there are several: `points`, `issuance`.
pub type Purpose = Text<PurposeName>;

impl Rule for OwnerReference {
    const NAME: &str = "Owner";
    const CHARS_MAX: usize = 120;
}

impl Rule for PurposeName {
    const NAME: &str = "Purpose";
    const CHARS_MAX: usize = 40;
}

/// The side on which an account grows: what is owed and earned is credit, what is owned and spent
/// is debit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Credit,
    Debit,
}

/// How far a balance may go, as its normal side counts it, with what is pending already counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Zero for an account that is never overdrawn; none for one that may be.
    pub floor: Option<Amount>,
    pub ceiling: Option<Amount>,
}

/// An account to be opened; opening it again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    pub id: AccountId,
    pub asset: Asset,
    pub owner: Owner,
    pub purpose: Purpose,
    pub side: Side,
    pub bounds: Bounds,
    /// Makes it an account of lots: where value goes when its lot expires.
    pub expires_to: Option<AccountId>,
}

/// An account as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub asset: Asset,
    pub owner: Owner,
    pub purpose: Purpose,
    pub side: Side,
    pub bounds: Bounds,
    pub expires_to: Option<AccountId>,
    pub is_closed: bool,
    /// The sum of its entries: credit positive, whatever its side.
    pub balance: Amount,
    /// What open holds would still take.
    pub pending_debit: Amount,
    /// What open holds would still bring.
    pub pending_credit: Amount,
    /// How many entries it has.
    pub seq: i64,
    /// When the last entry was recorded.
    pub recorded_at: Timestamp,
}

impl Bounds {
    /// Never below zero.
    pub const NOT_NEGATIVE: Self = Self { floor: Some(Amount::ZERO), ceiling: None };
    /// Never above zero: what is owed by the owner of a credit account.
    pub const NOT_POSITIVE: Self = Self { floor: None, ceiling: Some(Amount::ZERO) };
    pub const NONE: Self = Self { floor: None, ceiling: None };
}

impl Side {
    /// 1 where credit counts up, −1 where debit does.
    #[must_use]
    pub const fn sign(self) -> i16 {
        match self {
            Self::Credit => 1,
            Self::Debit => -1,
        }
    }

    /// A signed sum as this side counts it.
    #[must_use]
    pub fn natural(self, signed: Amount) -> Amount {
        match self {
            Self::Credit => signed,
            Self::Debit => -signed,
        }
    }
}

impl Account {
    /// The balance as its normal side counts it.
    #[must_use]
    pub fn natural_balance(&self) -> Amount {
        self.side.natural(self.balance)
    }

    /// Whether its value lies in lots.
    #[must_use]
    pub fn has_lots(&self) -> bool {
        self.expires_to.is_some()
    }

    /// The most that can still be debited: what is pending has been taken already.
    ///
    /// For a debit account this is how far it may still grow.
    pub(crate) fn debit_room(&self) -> Result<Amount, TooLarge> {
        let lowest = match self.side {
            Side::Credit => self.bounds.floor,
            Side::Debit => self.bounds.ceiling.map(|it| -it),
        };
        let Some(lowest) = lowest else { return Ok(Amount::MAX) };
        self.balance.minus(self.pending_debit)?.minus(lowest)
    }

    /// The most that can still be credited.
    pub(crate) fn credit_room(&self) -> Result<Amount, TooLarge> {
        let highest = match self.side {
            Side::Credit => self.bounds.ceiling,
            Side::Debit => self.bounds.floor.map(|it| -it),
        };
        let Some(highest) = highest else { return Ok(Amount::MAX) };
        highest.minus(self.balance.plus(self.pending_credit)?)
    }
}
