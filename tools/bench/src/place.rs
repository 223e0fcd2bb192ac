//! Where it is measured: a PostgreSQL of this run's own, a database for each contestant.

use std::{
    env, process,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use socle_db::{
    Database, Logins, Migration, Module,
    server::{Folder, Server, Settings},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};

use crate::{Failed, baseline};

/// A module that keeps books, has events and jobs, and some business of its own.
pub(crate) const MODULE: Module = Module {
    name: "bench",
    platform: &[socle_events::TABLES, socle_books::TABLES, socle_jobs::TABLES],
    own: &[Migration { version: 1, description: "business", sql: BUSINESS }],
};

/// What a caller writes beside a job, and a handler of events.
const BUSINESS: &str = "
    create table socle_bench.business (
        tenant_id uuid   not null,
        id        bigint not null generated always as identity,
        what      text   not null,
        primary key (tenant_id, id)
    );
    alter table socle_bench.business enable row level security, force row level security;
    create policy tenant on socle_bench.business to socle_bench
        using (tenant_id = (select current_setting('socle.tenant'))::uuid)
        with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
    grant select, insert on socle_bench.business to socle_bench;";

const TEMPLATE: &str = "bench_template";

/// Logs the plan of one statement in a hundred, with what each node really took.
const PLANS: [(&str, &str); 6] = [
    ("session_preload_libraries", "auto_explain"),
    ("auto_explain.log_min_duration", "0"),
    ("auto_explain.log_analyze", "on"),
    ("auto_explain.log_buffers", "on"),
    ("auto_explain.log_wal", "on"),
    ("auto_explain.sample_rate", "0.01"),
];

/// A running server and the folder that goes away with it.
pub(crate) struct Place {
    server: Server,
    folder: Folder,
    made: AtomicU32,
}

/// One contestant's database.
pub(crate) struct Ground {
    pub(crate) name: String,
    pub(crate) url: String,
    admin: PgConnectOptions,
}

impl Place {
    /// Starts a server with the product's settings and migrates what databases are copied from.
    ///
    /// With `plans` the server logs what some of its statements cost.
    pub(crate) async fn open(plans: bool) -> Result<Self, Failed> {
        let plans = PLANS.iter().filter(|_| plans);
        Self::start(format!("socle-bench-{}", process::id()), plans.copied()).await
    }

    /// The same beside it, with a server that knows when each transaction committed.
    pub(crate) async fn tracking() -> Result<Self, Failed> {
        let name = format!("socle-bench-{}-tracking", process::id());
        Self::start(name, [("track_commit_timestamp", "on")]).await
    }

    async fn start(
        name: String,
        more: impl IntoIterator<Item = (&str, &str)>,
    ) -> Result<Self, Failed> {
        let folder = Folder::try_new(env::temp_dir().join(name))?;
        // Two pools of 64 stay open side by side, beside what the product holds.
        let mut conf = vec![("fsync", "on"), ("max_connections", "200")];
        conf.extend(more);
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let conf = conf.into_iter().map(owned).collect();
        let server = Server::start(&folder, &Settings { binaries: None, conf }).await?;
        let mut admin = PgConnection::connect_with(&server.admin("postgres")).await?;
        run(&mut admin, &format!("create database {TEMPLATE}")).await?;
        let template = server.admin(TEMPLATE);
        Database::migrate(&Logins::trusted(template.clone()), &[MODULE]).await?;
        let mut admin = PgConnection::connect_with(&template).await?;
        run(&mut admin, "create extension pg_walinspect").await?;
        run(&mut admin, baseline::FUNCTION).await?;
        Ok(Self { server, folder, made: AtomicU32::new(0) })
    }

    /// A fresh database with empty books.
    pub(crate) async fn ground(&self) -> Result<Ground, Failed> {
        self.copy_of(TEMPLATE).await
    }

    async fn copy_of(&self, template: &str) -> Result<Ground, Failed> {
        let name = format!("bench_{}", self.made.fetch_add(1, Relaxed));
        let mut admin = self.admin().await?;
        run(&mut admin, &format!("create database {name} template {template}")).await?;
        Ok(Ground { url: self.server.url(&name), admin: self.server.admin(&name), name })
    }

    /// A fresh database with nothing in it.
    pub(crate) async fn bare(&self) -> Result<Ground, Failed> {
        self.copy_of("template1").await
    }

    /// Drops a database that has been measured.
    pub(crate) async fn clear(&self, ground: Ground) -> Result<(), Failed> {
        let drop = format!("drop database {} with (force)", ground.name);
        run(&mut self.admin().await?, &drop).await
    }

    /// A session of the superuser.
    pub(crate) async fn admin(&self) -> Result<PgConnection, Failed> {
        Ok(PgConnection::connect_with(&self.server.admin("postgres")).await?)
    }

    /// What the server has logged.
    pub(crate) fn log(&self) -> Result<String, Failed> {
        let mut text = String::new();
        for file in std::fs::read_dir(self.folder.path().join("log"))? {
            text.push_str(&std::fs::read_to_string(file?.path())?);
        }
        Ok(text)
    }

    /// Stops the server and removes its folder.
    pub(crate) async fn close(self) -> Result<(), Failed> {
        self.server.stop().await?;
        Ok(std::fs::remove_dir_all(self.folder.path())?)
    }
}

impl Ground {
    /// The database that another process told of.
    pub(crate) fn at(url: &str) -> Result<Self, Failed> {
        let admin: PgConnectOptions = url.parse()?;
        let name = admin.get_database().unwrap_or_default().to_owned();
        Ok(Self { name, url: url.to_owned(), admin })
    }

    /// The superuser's session in this database.
    pub(crate) async fn admin(&self) -> Result<PgConnection, Failed> {
        Ok(PgConnection::connect_with(&self.admin).await?)
    }

    /// The product's door to it.
    pub(crate) fn open(&self) -> Database {
        Database::open(&Logins::trusted(self.admin.clone()))
    }
}

/// Runs SQL that takes no parameters.
pub(crate) async fn run(admin: &mut PgConnection, sql: &str) -> Result<(), Failed> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(admin).await?;
    Ok(())
}
