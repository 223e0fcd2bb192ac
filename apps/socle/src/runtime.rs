//! The installation, opened: the database found or started, and brought up to date.
//!
//! The private server is joined where it runs, else started here and stopped at the end; with
//! `DATABASE_URL` the server is somebody else's, and neither started nor stopped.

use std::time::Duration;

use socle_db::{
    Database, Db, Logins, refusal,
    server::{Folder, Server},
};
use socle_kernel::{Cx, Fault};
use sqlx::postgres::PgConnectOptions;
use tokio::time::timeout;

use crate::{
    failure::{Exit, Failure},
    modules::TABLES,
    password,
    prompt::socle,
    settings::Settings,
};

/// The database that `initdb` makes; a private server needs no second one.
pub(crate) const DATABASE: &str = "postgres";

/// How long a server elsewhere may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// `invalid_password` and `invalid_authorization_specification`.
const NOT_LET_IN: [&str; 2] = ["28P01", "28000"];

/// What to do where no installation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    Create,
    Refuse,
}

/// An opened installation.
#[derive(Debug)]
pub(crate) struct Runtime {
    pub(crate) database: Database,
    /// `None`: somebody else's.
    pub(crate) server: Option<Server>,
}

/// Opens the installation, works, and closes it, whatever came of the work.
pub(crate) async fn with<T>(
    settings: &Settings,
    absent: Absent,
    work: impl AsyncFnOnce(&Runtime) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let runtime = Runtime::open(settings, absent).await?;
    let done = work(&runtime).await;
    let closed = runtime.close().await;
    done.and_then(|done| closed.map(|()| done))
}

impl Runtime {
    /// Opens it, with every schema up to date.
    pub(crate) async fn open(settings: &Settings, absent: Absent) -> Result<Self, Failure> {
        let runtime = Self::reach(settings, absent).await?;
        if let Err(failure) = runtime.migrate(settings).await {
            runtime.close().await?;
            return Err(failure);
        }
        Ok(runtime)
    }

    /// Opens it as it is.
    pub(crate) async fn reach(settings: &Settings, absent: Absent) -> Result<Self, Failure> {
        if settings.database_url.value.is_some() {
            return Self::elsewhere(settings).await;
        }
        let folder = settings.folder()?.value;
        if !folder.is_installed() {
            if absent == Absent::Refuse {
                return Err(nothing_in(&folder));
            }
            tracing::info!("making a database in {}", folder.path().display());
        }
        let server = Server::join_or_start(&folder, &settings.server()).await?;
        Ok(Self::of_server(server))
    }

    /// Over a server of our own.
    pub(crate) fn of_server(server: Server) -> Self {
        let database = Database::open(&Logins::trusted(server.admin(DATABASE)));
        Self { database, server: Some(server) }
    }

    async fn elsewhere(settings: &Settings) -> Result<Self, Failure> {
        let database = Database::open(&logins_elsewhere(settings)?);
        match timeout(PATIENCE, database.administer()).await {
            Ok(Ok(_)) => Ok(Self { database, server: None }),
            Ok(Err(fault)) => Err(Failure::from(fault)
                .advising("see that DATABASE_URL names an administrator of a running PostgreSQL")),
            Err(_) => Err(Failure::new(
                Exit::Unavailable,
                format!(
                    "the server of DATABASE_URL did not answer within {} s",
                    PATIENCE.as_secs()
                ),
                "see that it runs, and that this machine may connect to it",
            )),
        }
    }

    /// Brings every schema up to date, and lets `socle_app` in.
    pub(crate) async fn migrate(&self, settings: &Settings) -> Result<(), Failure> {
        let logins = match &self.server {
            Some(server) => Logins::trusted(server.admin(DATABASE)),
            None => logins_elsewhere(settings)?,
        };
        Database::migrate(&logins, &TABLES).await?;
        match self.database.ping().await {
            Err(fault) if self.server.is_none() && is_not_let_in(&fault) => {
                self.let_in(settings, &logins).await
            }
            other => Ok(other?),
        }
    }

    /// Gives `socle_app` the password of this data folder.
    async fn let_in(&self, settings: &Settings, logins: &Logins) -> Result<(), Failure> {
        if settings.app_url.value.is_none() {
            tracing::info!("giving socle_app a new password; other machines need SOCLE_APP_URL");
            let password = password::of(&settings.folder()?.value)?;
            Database::set_app_password(logins, &password).await?;
        }
        self.database.ping().await.map_err(|fault| {
            Failure::from(fault).advising(
                "see that socle_app may log in: SOCLE_APP_URL, and pg_hba.conf on the server",
            )
        })
    }

    /// The administrator's URL, as `psql` takes it.
    pub(crate) fn url(&self, settings: &Settings) -> Option<String> {
        let own = self.server.as_ref().map(|it| it.url(DATABASE));
        own.or_else(|| settings.database_url.value.clone())
    }

    pub(crate) fn tenants(&self) -> socle_auth::Tenants {
        socle_auth::Tenants::new(self.database.module(socle_auth::MODULE.name))
    }

    pub(crate) fn keys(&self) -> socle_auth::Keys {
        socle_auth::Keys::new(&self.tenants())
    }

    pub(crate) fn ledger(&self) -> socle_ledger::Ledger {
        socle_ledger::Ledger::new(self.database.module(socle_ledger::MODULE.name))
    }

    /// The jobs of each module that has any.
    pub(crate) fn job_desks(&self) -> impl Iterator<Item = (&'static str, socle_jobs::Desk)> {
        let with_jobs = TABLES.iter().filter(|it| it.embeds(socle_jobs::TABLES));
        with_jobs.map(|it| (it.name, socle_jobs::Desk::new(self.database.module(it.name))))
    }

    /// The events of each module that publishes or reads any.
    pub(crate) fn logs(&self) -> impl Iterator<Item = (&'static str, Db)> {
        let with_events = TABLES.iter().filter(|it| it.embeds(socle_events::TABLES));
        with_events.map(|it| (it.name, self.database.module(it.name)))
    }

    /// Erases the data of the tenants whose grace is over; returns their handles.
    pub(crate) async fn erase_due(&self, cx: &Cx) -> Result<Vec<String>, Failure> {
        let (tenants, mut erased) = (self.tenants(), Vec::new());
        for tenant in tenants.due(cx).await? {
            self.database.erase(&TABLES, tenant.id).await?;
            tenants.forget(cx, tenant.id).await?;
            erased.push(tenant.handle.to_string());
        }
        Ok(erased)
    }

    /// Lets go; a server that was started here is stopped, as soon as nobody else uses it.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        self.database.close().await;
        match self.server {
            Some(server) => Ok(server.stop().await?),
            None => Ok(()),
        }
    }
}

pub(crate) fn nothing_in(folder: &Folder) -> Failure {
    let why = format!("there is no data in {} yet", folder.path().display());
    Failure::new(Exit::Missing, why, format!("`{}`", socle("demo")))
}

fn logins_elsewhere(settings: &Settings) -> Result<Logins, Failure> {
    let url = settings.database_url.value.as_deref().expect("asked for with DATABASE_URL only");
    let admin = options("DATABASE_URL", url)?;
    if let Some(url) = &settings.app_url.value {
        return Ok(Logins { admin, app: options("SOCLE_APP_URL", url)? });
    }
    let password = password::of(&settings.folder()?.value)?;
    Ok(Logins::with_password(admin, &password))
}

fn options(name: &str, url: &str) -> Result<PgConnectOptions, Failure> {
    url.parse().map_err(|error: sqlx::Error| {
        let next = format!("write {name} as postgresql://user:password@host:5432/database");
        Failure::new(Exit::Usage, error, next)
    })
}

fn is_not_let_in(fault: &Fault) -> bool {
    refusal(fault).is_some_and(|it| NOT_LET_IN.contains(&it.code.as_str()))
}
