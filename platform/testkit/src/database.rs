//! One PostgreSQL database per test, copied from a template that is migrated once.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    thread,
};

use socle_db::{Database, Db, Logins, Module};
use sqlx::{
    AssertSqlSafe, Connection, PgConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
};
use uuid::Uuid;

use crate::server;

/// A database that lives as long as the test; a failed test leaves it for inspection.
#[derive(Debug)]
pub struct TestDatabase {
    pub database: Database,
    pub name: String,
    admin: PgConnectOptions,
}

impl TestDatabase {
    /// An empty database with the schemas of these modules.
    #[expect(clippy::disallowed_methods, reason = "a database outlives every test's context")]
    pub async fn of(modules: &[Module]) -> Self {
        let name = format!("t_{}", Uuid::now_v7().simple());
        let mut server = connect("postgres").await;
        // One test migrates the template, the others wait and find it made.
        run(&mut server, "select pg_advisory_lock(7)").await;
        let template = template(&mut server, modules).await;
        run(&mut server, "select pg_advisory_unlock(7)").await;
        run(&mut server, &format!("create database {name} template {template}")).await;
        Self::named(name).await
    }

    /// The door to a database that another process has made: for a child of a test.
    pub async fn named(name: String) -> Self {
        let admin = server().await.admin(&name);
        let database = Database::open(&Logins::trusted(admin.clone()));
        Self { database, name, admin }
    }

    /// The door to a module's schema.
    #[must_use]
    pub fn db(&self, module: &str) -> Db {
        self.database.module(module)
    }

    /// The superuser, whom no wall holds: to look, and to plant damage.
    pub async fn superuser(&self) -> PgConnection {
        PgConnection::connect_with(&self.admin).await.expect("the superuser logs in")
    }

    /// Several sessions of the superuser.
    #[must_use]
    pub fn superusers(&self, count: u32) -> PgPool {
        PgPoolOptions::new().max_connections(count).connect_lazy_with(self.admin.clone())
    }

    /// Runs SQL as the superuser.
    pub async fn execute(&self, sql: &str) {
        run(&mut self.superuser().await, sql).await;
    }

    /// A number that SQL finds out, asked as the superuser.
    pub async fn number(&self, sql: &str) -> i64 {
        let asked = sqlx::query_scalar(AssertSqlSafe(sql));
        asked.fetch_one(&mut self.superuser().await).await.expect("the question has an answer")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if thread::panicking() || crate::child_scenario().is_some() {
            return;
        }
        let (admin, name) = (self.admin.clone().database("postgres"), self.name.clone());
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let mut server = PgConnection::connect_with(&admin).await.expect("the server");
                run(&mut server, &format!("drop database {name} with (force)")).await;
            });
        });
        dropped.join().expect("the test's database can be dropped");
    }
}

/// Counted up when a migration makes something besides its modules' steps: a template that was
/// made before lacks it.
const MADE: u32 = 2;

async fn template(server: &mut PgConnection, modules: &[Module]) -> String {
    let mut hash = DefaultHasher::new();
    MADE.hash(&mut hash);
    for module in modules {
        module.name.hash(&mut hash);
        let steps = module.platform.iter().copied().flatten().chain(module.own);
        steps.for_each(|it| it.sql.hash(&mut hash));
    }
    let name = format!("template_{:x}", hash.finish());
    let found = sqlx::query("select from pg_database where datname = $1").bind(&name);
    if found.fetch_optional(&mut *server).await.expect("list the databases").is_none() {
        let making = format!("{name}_making");
        run(server, &format!("drop database if exists {making} with (force)")).await;
        run(server, &format!("create database {making}")).await;
        let logins = Logins::trusted(crate::server().await.admin(&making));
        Database::migrate(&logins, modules).await.expect("migrations apply");
        run(server, &format!("alter database {making} rename to {name}")).await;
    }
    name
}

async fn connect(database: &str) -> PgConnection {
    let admin = server().await.admin(database);
    PgConnection::connect_with(&admin).await.expect("the test server answers")
}

async fn run(server: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(server).await.expect("the server obeys");
}
