//! Verifying: everything that follows from entries is computed again and compared.
//!
//! It looks at one moment of the books while they go on, and never repairs anything.

use socle_db::{Db, SystemTx};
use socle_kernel::{AccountId, Fault, HoldId, TenantId, TransferId};

use crate::sql::verify::{self as sql, Finding};

pub use crate::sql::verify::{About, Check};

/// Whose books are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tenants {
    All,
    Only(TenantId),
}

/// What the module tells of its transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// Not every transfer has an event, so the outbox is not compared.
    Partly,
    /// Every transfer has one event of this type. Its key is the account of the transfer's first
    /// leg as printed, its sequence the `seq` of that leg's entry.
    Each(&'static str),
}

/// What the books hold, and where they contradict themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub accounts: i64,
    pub transactions: i64,
    pub entries: i64,
    /// Whether the entries of each tenant and asset sum to zero.
    pub is_conserved: bool,
    /// The first hundred of each check.
    pub differences: Vec<Difference>,
    /// How many more there are.
    pub omitted: i64,
}

/// Something is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// One of [`checks`].
    pub check: &'static str,
    pub tenant: TenantId,
    /// What it is about, as printed: `acc_…`, an entry or its lot `acc_…/7`, `txn_…`, `hld_…`,
    /// `evt_…`, `ten_…`, or what the module calls its own.
    pub subject: String,
    /// What was expected, and what was found.
    pub says: String,
}

/// The names of all checks.
pub fn checks() -> impl Iterator<Item = &'static str> {
    sql::BOOKS.into_iter().flatten().chain(sql::OUTBOX).map(|it| it.name)
}

/// Who is told how many checks of how many have been made, and which is next.
pub type Progress<'p> = &'p (dyn Fn(u64, u64, &str) + Send + Sync);

/// Recomputes the books from their entries.
///
/// A few statements over whole tables: their memory does not grow with the books, their temporary
/// files do. `own` are the checks of what the module keeps beside its books.
pub async fn verify(
    db: &Db,
    of: Tenants,
    announced: Announced,
    own: &[Check],
) -> Result<Report, Fault> {
    verify_telling(db, of, announced, (own, &|_, _, _| {})).await
}

/// The same, and tells how far it is.
pub async fn verify_telling(
    db: &Db,
    of: Tenants,
    announced: Announced,
    (own, told): (&[Check], Progress<'_>),
) -> Result<Report, Fault> {
    let of = match of {
        Tenants::All => None,
        Tenants::Only(tenant) => Some(tenant),
    };
    db.inspect_system(async |tx: &mut SystemTx| {
        sql::settle(tx).await?;
        let mut report = Report::from(sql::totals(tx, of).await?);
        let all = sql::BOOKS.into_iter().flatten().chain(own);
        let (total, mut done) = ((all.clone().count() + sql::OUTBOX.len()) as u64, 0);
        for check in all {
            told(done, total, check.name);
            done += 1;
            let found = sql::on_books(tx, check, of).all("verify the books").await?;
            report.add(check, &found);
        }
        if let Announced::Each(event_type) = announced {
            for check in sql::OUTBOX {
                told(done, total, check.name);
                done += 1;
                let statement = sql::on_outbox(tx, check, of, event_type);
                let found = statement.all("verify the outbox").await?;
                report.add(check, &found);
            }
        }
        Ok(report)
    })
    .await
}

impl Report {
    fn add(&mut self, check: &Check, found: &[Finding]) {
        let total = found.first().map_or(0, |it| it.total);
        self.omitted += total - i64::try_from(found.len()).expect("a check returns few rows");
        self.differences.extend(found.iter().map(|it| Difference::of(check, it)));
    }
}

impl Difference {
    fn of(check: &Check, it: &Finding) -> Self {
        Self {
            check: check.name,
            tenant: it.tenant_id,
            subject: it.printed(check.about),
            says: format!("expected {}, found {}", it.expected, it.found),
        }
    }
}

impl Finding {
    fn printed(&self, about: About) -> String {
        let id = self.subject;
        match about {
            About::Tenant => TenantId::from_uuid(id).to_string(),
            About::Account => AccountId::from_uuid(id).to_string(),
            About::Entry => {
                let seq = self.seq.expect("what is about an entry has its seq");
                format!("{}/{seq}", AccountId::from_uuid(id))
            }
            About::Transfer => TransferId::from_uuid(id).to_string(),
            About::Hold => HoldId::from_uuid(id).to_string(),
            About::Event => socle_events::EventId::from_uuid(id).to_string(),
            About::Own(prefix) => format!("{prefix}_{}", id.simple()),
        }
    }
}

impl From<sql::Totals> for Report {
    fn from(it: sql::Totals) -> Self {
        Self {
            accounts: it.accounts,
            transactions: it.transactions,
            entries: it.entries,
            is_conserved: it.is_conserved,
            differences: Vec::new(),
            omitted: 0,
        }
    }
}
