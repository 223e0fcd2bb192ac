//! Which part of a body an error is about.

use socle_books::Refusal;
use socle_kernel::AccountId;
use socle_web::Problem;

use crate::Error;

/// The parts of a body that errors can be about.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// Before every pointer: which one of several.
    within: String,
    /// Where the sum stands.
    amount: &'static str,
    /// The accounts that the caller named, each with its pointer.
    accounts: Vec<(AccountId, String)>,
    /// Who has the accounts that the caller did not name.
    owner: Option<&'static str>,
}

impl Places {
    /// Of a body whose sum stands at `amount`.
    pub(super) fn summed_at(amount: &'static str) -> Self {
        Self { within: String::new(), amount, accounts: Vec::new(), owner: None }
    }

    /// The body names these accounts.
    pub(super) fn naming(self, accounts: Vec<(AccountId, String)>) -> Self {
        Self { accounts, ..self }
    }

    /// The body names whose accounts they are, at `owner`.
    pub(super) fn owned_at(self, owner: &'static str) -> Self {
        Self { owner: Some(owner), ..self }
    }

    /// The body is a part of another.
    pub(super) fn within(self, within: String) -> Self {
        Self { within, ..self }
    }

    /// The problem of an error, with its place where it has one.
    pub(super) fn problem(&self, error: Error) -> Problem {
        let pointer = self.pointer(&error).map(|it| format!("{}{it}", self.within));
        let says = error.to_string();
        let problem = Problem::from(error);
        pointer.into_iter().fold(problem, |problem, it| problem.at(it, says.clone()))
    }

    fn pointer(&self, error: &Error) -> Option<&str> {
        match error {
            Error::Refused(it) => self.of_refusal(&it.refusal),
            Error::Currency { .. } => Some("/currency"),
            Error::TooLarge | Error::NegativePurchase | Error::RefundTooLarge { .. } => {
                Some(self.amount)
            }
            Error::ReasonMissing => Some("/reason"),
            Error::KindReserved => Some("/kind"),
            Error::OwnerReserved => Some("/owner"),
            Error::ProgrammeNameTaken => Some("/name"),
            Error::BatchTooLarge { .. } => Some("/transactions"),
            _ => None,
        }
    }

    fn of_refusal(&self, refusal: &Refusal) -> Option<&str> {
        match refusal {
            Refusal::UnknownAccount { account } | Refusal::AccountClosed { account } => {
                self.account(*account).or(self.owner)
            }
            Refusal::Insufficient { account, .. } | Refusal::AboveCeiling { account, .. } => {
                self.account(*account).or(Some(self.amount))
            }
            Refusal::Unbalanced { .. } | Refusal::Legs { .. } => Some("/legs"),
            Refusal::AssetsDiffer => Some("/counter"),
            Refusal::NotPositive | Refusal::TooLarge | Refusal::HoldExceeded { .. } => {
                Some(self.amount)
            }
            Refusal::EffectiveInFuture => Some("/effective_at"),
            Refusal::ExpiresTooSoon if self.amount == "/legs" => Some("/legs"),
            Refusal::ExpiresTooSoon => Some("/expires_at"),
            _ => None,
        }
    }

    fn account(&self, id: AccountId) -> Option<&str> {
        self.accounts.iter().find(|it| it.0 == id).map(|it| it.1.as_str())
    }
}
