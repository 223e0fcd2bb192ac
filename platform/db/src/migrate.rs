//! Migrations: first the tables that platform crates keep in every module's schema, then its own.
//!
//! Each history lies in the schema it describes, so that a module can leave with its past. Every
//! migration is one transaction: a program that is killed between two of them goes on at the next.

use socle_kernel::Fault;
use sqlx::{
    AssertSqlSafe, PgConnection, SqlSafeStr,
    migrate::{MigrateError, MigrationType, Migrator},
};

use crate::{Schema, erase, failure::doing, roles};

/// One step of a schema's history; in a platform crate's SQL `{schema}` stands for the module's.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its place in the order; for platform crates unique over all of them.
    pub version: i64,
    pub description: &'static str,
    pub sql: &'static str,
}

/// A module, as far as its tables go.
#[derive(Debug, Clone, Copy)]
pub struct Module {
    pub name: &'static str,
    /// Of the platform crates whose tables it embeds, in the order of their versions.
    pub platform: &'static [&'static [Migration]],
    pub own: &'static [Migration],
}

impl Module {
    /// Whether it embeds the tables of this platform crate.
    #[must_use]
    pub fn embeds(&self, tables: &[Migration]) -> bool {
        let versions = |of: &[Migration]| of.first().map(|it| it.version);
        self.platform.iter().any(|it| versions(it) == versions(tables))
    }
}

/// Why a schema cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationRefused {
    #[error(
        "the database is newer than this program: {schema} has step {version}, which this program \
         does not know. Run the newer program; nothing was changed"
    )]
    Newer { schema: String, version: i64 },
    #[error(
        "step {version} of {schema} is not the one that was applied to the database. A step that \
         has run is never edited: add another one"
    )]
    Edited { schema: String, version: i64 },
}

/// Makes roles and schemas that are missing and applies what has not been applied.
///
/// One process at a time: the others wait for the advisory lock and then find nothing to do.
pub(crate) async fn migrate(admin: &mut PgConnection, modules: &[Module]) -> Result<(), Fault> {
    let busy = "select pg_advisory_lock(hashtext('socle'), hashtext('migrate'))";
    raw(admin, busy.to_owned()).await?;
    let done = migrate_all(admin, modules).await;
    let free = "reset role; select pg_advisory_unlock(hashtext('socle'), hashtext('migrate'))";
    done.and(raw(admin, free.to_owned()).await)
}

async fn migrate_all(admin: &mut PgConnection, modules: &[Module]) -> Result<(), Fault> {
    roles::make_logins(admin).await?;
    for module in modules {
        let schema = Schema::of(module.name);
        roles::make_module(admin, &schema).await?;
        let (owner, name) = (roles::OWNER, schema.name());
        let take = format!(
            "set role {owner};
             create schema if not exists {name};
             grant usage on schema {name} to {name}, {name}_system"
        );
        raw(admin, take).await?;
        let platform: Vec<_> = module.platform.iter().copied().flatten().copied().collect();
        apply(admin, &schema, "migration_platform", &platform).await?;
        apply(admin, &schema, "migration", module.own).await?;
        erase::allow(admin, &schema).await?;
        raw(admin, "reset role".to_owned()).await?;
    }
    Ok(())
}

async fn apply(
    admin: &mut PgConnection,
    schema: &Schema,
    history: &str,
    steps: &[Migration],
) -> Result<(), Fault> {
    let steps = steps.iter().map(|it| {
        let sql = AssertSqlSafe(schema.fill(it.sql)).into_sql_str();
        let simple = MigrationType::Simple;
        sqlx::migrate::Migration::new(it.version, it.description.into(), simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(steps.collect());
    migrator.dangerous_set_table_name(format!("{schema}.{history}"));
    migrator.set_locking(false);
    migrator.run(admin).await.map_err(|error| explained(schema, error))
}

fn explained(schema: &Schema, error: MigrateError) -> Fault {
    let doing_it = "bring the database up to date";
    let schema = schema.to_string();
    let refused = match error {
        MigrateError::VersionMissing(version) => MigrationRefused::Newer { schema, version },
        MigrateError::VersionMismatch(version) => MigrationRefused::Edited { schema, version },
        MigrateError::Execute(it) | MigrateError::ExecuteMigration(it, _) => {
            return doing(doing_it)(it);
        }
        other => return Fault::internal(doing_it, other),
    };
    Fault::internal(doing_it, refused)
}

async fn raw(admin: &mut PgConnection, sql: String) -> Result<(), Fault> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(admin).await;
    done.map(drop).map_err(doing("bring the database up to date"))
}
