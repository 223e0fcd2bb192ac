//! What can be asked of the ledger.

use clap::{Args, Subcommand};
use socle_kernel::{Day, Timestamp};

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// What a customer has, or had at a moment; expiry counts whether or not anything recorded it.
    Balance(Balance),
    /// A customer's entries, by the time at which they count.
    Statement(Statement),
    /// Every account, summed by purpose: debits equal credits.
    TrialBalance {
        /// The day at whose end. [default: today]
        #[arg(long, value_name = "DAY")]
        at: Option<Day>,
    },
    /// Recompute everything from the entries; ends with 1 if anything differs.
    ///
    /// All tenants, unless one is named.
    Verify,
    /// Record what has expired. Balances do not change: expiry counts anyway.
    Expire,
    /// What expires in the next days.
    Expiring(ExpiringDays),
    /// What a programme owes at the end of each day.
    Liability(Span),
    /// Define and list programmes.
    #[command(subcommand)]
    Programme(ProgrammeCommand),
}

#[derive(Debug, Args)]
pub(crate) struct Balance {
    /// What the merchant calls the customer.
    #[arg(long)]
    pub(crate) customer: String,
    /// A day, which means its end in UTC, or a moment such as 1998-06-30T12:00:00Z. [default: now]
    #[arg(long, value_name = "DAY")]
    pub(crate) at: Option<Timestamp>,
    /// Which programme, when the tenant has several.
    #[arg(long, value_name = "NAME")]
    pub(crate) programme: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Statement {
    /// What the merchant calls the customer.
    #[arg(long)]
    pub(crate) customer: String,
    #[command(flatten)]
    pub(crate) span: Span,
}

#[derive(Debug, Args)]
pub(crate) struct Span {
    /// The first day. [default: the beginning, or 30 days ago for the liability]
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<Day>,
    /// The last day. [default: today]
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<Day>,
    /// Which programme, when the tenant has several.
    #[arg(long, value_name = "NAME")]
    pub(crate) programme: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExpiringDays {
    /// How many days ahead.
    #[arg(long, default_value_t = 90, value_name = "DAYS")]
    pub(crate) days: u16,
    /// Which programme, when the tenant has several.
    #[arg(long, value_name = "NAME")]
    pub(crate) programme: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProgrammeCommand {
    /// Say how many points a purchase earns, and how long they live.
    Define(Define),
    /// The tenant's programmes, oldest first.
    List,
}

#[derive(Debug, Args)]
pub(crate) struct Define {
    /// What it is called.
    pub(crate) name: String,
    /// The currency of the purchases.
    #[arg(long, default_value = "USD")]
    pub(crate) currency: String,
    /// How many points …
    #[arg(long, default_value_t = 1)]
    pub(crate) points: u32,
    /// … for how many whole units of the currency.
    #[arg(long, default_value_t = 1, value_name = "UNITS")]
    pub(crate) per: u32,
    /// What becomes of a part of a point: down, half-up, up.
    #[arg(long, default_value = "down")]
    pub(crate) rounding: String,
    /// A smaller purchase earns nothing.
    #[arg(long, default_value = "0", value_name = "SUM")]
    pub(crate) minimum: String,
    /// How many months points live; 0: for ever.
    #[arg(long, default_value_t = 12, value_name = "MONTHS")]
    pub(crate) life: u16,
    /// What 1,000 points are worth: values the liability.
    #[arg(long, default_value = "10", value_name = "SUM")]
    pub(crate) worth: String,
}
