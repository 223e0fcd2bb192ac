//! The database that the modules of one process share: its logins, roles and pools.

use std::time::Duration;

use socle_kernel::Fault;
use sqlx::{
    PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Db, Module, Schema, bell::Bells, failure::doing, migrate, roles, trips::Trips};

/// How many connections a process holds for transactions.
///
/// A batch of the sequencer needs one; the rest serve callers with transactions of their own.
const CONNECTIONS_MAX: u32 = 16;

/// How many connections a process holds for a module's reads.
const READERS_MAX: u32 = 4;

/// How long a caller waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection lives: its kept plans are made for tables of some size, and tables grow.
const CONNECTION_LIFE: Duration = Duration::from_mins(5);

/// Statements that a connection keeps prepared.
const STATEMENTS_CACHED: usize = 512;

/// What every session is held to. A process that is paused while it holds a hot row must not stop
/// the business: its transaction ends without it.
///
/// Plans are kept: their parameters are arrays of any size, of which a plan made to measure knows
/// no more. Every statement has its index, so none walks through a table that was small when its
/// plan was made; the penalty that says so would wake the just-in-time compiler.
const SESSION: [(&str, &str); 7] = [
    ("idle_in_transaction_session_timeout", "5s"),
    ("lock_timeout", "2s"),
    ("statement_timeout", "30s"),
    ("timezone", "UTC"),
    ("enable_seqscan", "off"),
    ("jit", "off"),
    ("plan_cache_mode", "force_generic_plan"),
];

/// How to log in, twice.
#[derive(Debug, Clone)]
pub struct Logins {
    /// May create roles and schemas; a superuser or not.
    pub admin: PgConnectOptions,
    /// `socle_app`, which may nothing but take the modules' roles.
    pub app: PgConnectOptions,
}

/// One database, opened for the modules of this process.
#[derive(Debug, Clone)]
pub struct Database {
    admin: PgConnectOptions,
    app: PgConnectOptions,
    pool: PgPool,
    trips: Trips,
    pub(crate) bells: Bells,
}

impl Logins {
    /// Both logins of a server that trusts whoever reaches its socket: the embedded one.
    #[must_use]
    pub fn trusted(admin: PgConnectOptions) -> Self {
        let app = admin.clone().username(roles::APP);
        Self { admin, app }
    }

    /// The administrator's login as given, and `socle_app` with a password on the same server.
    #[must_use]
    pub fn with_password(admin: PgConnectOptions, password: &str) -> Self {
        let app = admin.clone().username(roles::APP).password(password);
        Self { admin, app }
    }
}

impl Database {
    /// Makes the roles that are missing and brings every module's schema up to date.
    pub async fn migrate(logins: &Logins, modules: &[Module]) -> Result<(), Fault> {
        let mut admin = connect(&logins.admin).await?;
        migrate::migrate(&mut admin, modules).await
    }

    /// Makes `socle_app` able to log in with this password, where a password is asked for.
    pub async fn set_app_password(logins: &Logins, password: &str) -> Result<(), Fault> {
        let mut admin = connect(&logins.admin).await?;
        roles::set_app_password(&mut admin, password).await
    }

    /// Opens the pools; connects when it is first used.
    #[must_use]
    pub fn open(logins: &Logins) -> Self {
        let app = session(&logins.app);
        let pool = pool(CONNECTIONS_MAX).connect_lazy_with(app.clone());
        let (trips, bells) = (Trips::default(), Bells::default());
        Self { admin: logins.admin.clone(), app, pool, trips, bells }
    }

    /// The door to the schema of `module`.
    #[must_use]
    pub fn module(&self, module: &str) -> Db {
        let schema = Schema::of(module);
        // The role is a start-up setting of the session, so no statement can forget it.
        let as_module = self.app.clone().options([("role", schema.name())]);
        let readers = pool(READERS_MAX).connect_lazy_with(as_module);
        Db::new((self.pool.clone(), readers), schema, self.trips.clone(), self.bells.clone())
    }

    /// Asks the server whether it is there; a fault says that it is not.
    pub async fn ping(&self) -> Result<(), Fault> {
        sqlx::query("select 1").execute(&self.pool).await.map_err(doing("reach the database"))?;
        Ok(())
    }

    /// How many round trips the modules of this process have made: statements, and what begins and
    /// ends transactions.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        self.trips.counted()
    }

    /// How many connections for transactions are in use, and how many idle.
    #[must_use]
    pub fn connections(&self) -> (u32, u32) {
        let idle = u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX);
        (self.pool.size().saturating_sub(idle), idle)
    }

    /// A session of the administrator, for what no module may: looking at the server.
    pub async fn administer(&self) -> Result<PgConnection, Fault> {
        connect(&self.admin).await
    }

    /// One to tell and one to hear, kept for as long as they are used.
    pub(crate) fn two_connections(&self) -> PgPool {
        let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(ACQUIRE_TIMEOUT);
        pool.max_lifetime(None).idle_timeout(None).connect_lazy_with(self.app.clone())
    }

    /// Closes every connection, waiting for work in progress.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

async fn connect(admin: &PgConnectOptions) -> Result<PgConnection, Fault> {
    use sqlx::{ConnectOptions, Connection};
    let options = admin.clone().disable_statement_logging();
    PgConnection::connect_with(&options).await.map_err(doing("log in as the administrator"))
}

fn session(app: &PgConnectOptions) -> PgConnectOptions {
    use sqlx::ConnectOptions;
    let app = app.clone().options(SESSION).statement_cache_capacity(STATEMENTS_CACHED);
    app.application_name("socle").disable_statement_logging()
}

fn pool(max: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(max)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .max_lifetime(CONNECTION_LIFE)
        // A dead connection shows itself at `begin`, which costs nothing extra.
        .test_before_acquire(false)
}
