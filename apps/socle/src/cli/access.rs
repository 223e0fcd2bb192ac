//! Who is let in: tenants, and the keys of their programs.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum TenantCommand {
    /// Let an organisation in.
    Create {
        /// What it is called on the command line: a letter, then letters, digits and dashes.
        handle: String,
        /// What it calls itself. [default: the handle]
        #[arg(long)]
        name: Option<String>,
        /// By whose clock it lives, as in Europe/Paris: when its nights are.
        #[arg(long, default_value = "UTC")]
        zone: String,
    },
    /// Have a tenant live by another clock.
    Zone {
        handle: String,
        /// As in Europe/Paris.
        zone: String,
    },
    /// All tenants, by handle.
    List,
    /// Let none of a tenant's keys in, until it is resumed.
    Suspend { handle: String },
    /// End a suspension.
    Resume { handle: String },
    /// Let a tenant go: its keys end now, its data is erased after a time of grace.
    Delete {
        handle: String,
        /// How many days it may change its mind.
        #[arg(long, default_value_t = 30, value_name = "DAYS")]
        grace: u16,
    },
    /// Take a tenant that is leaving back, before its grace is over.
    Restore { handle: String },
    /// Erase the data of the tenants whose grace is over. A server does it once an hour.
    Erase,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Issue a key; its text is told this once.
    Issue(Issue),
    /// All keys of the tenant, those that have ended too.
    List,
    /// Issue another key of the same application in place of one.
    Rotate {
        /// Which: `apk_…`.
        id: String,
        /// For how many seconds the old one goes on.
        #[arg(long = "overlap", default_value_t = 0, value_name = "SECONDS")]
        overlap_s: u64,
    },
    /// End a key. It answers when nothing honours the key any more.
    Revoke {
        /// Which: `apk_…`.
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// What people call it; used by one key at a time.
    pub(crate) name: String,
    /// What it may do: ledger:read, ledger:write, ledger:admin, auth:keys. [default: everything]
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    pub(crate) scopes: Vec<String>,
    /// When it ends. [default: never]
    #[arg(long, value_name = "DAYS")]
    pub(crate) days: Option<u16>,
    /// How many calls a minute it is good for.
    #[arg(long, default_value_t = 6_000, value_name = "CALLS")]
    pub(crate) limit: u32,
}
