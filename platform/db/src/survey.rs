//! What an administrator looks at: how the server is set, and whether the walls between tenants
//! and modules stand. Looks, and changes nothing.

use socle_kernel::{Fault, Timestamp};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Database, Module, Schema, failure::doing, roles};

/// A migration that the database has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct Applied {
    pub schema: String,
    pub version: i64,
    pub description: String,
}

/// What the server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    pub version: String,
    /// What its clock says.
    pub now: Timestamp,
    /// The settings that were asked for.
    pub settings: Vec<(String, String)>,
    /// Roles of ours that may more than they should: which, and what.
    pub mighty_roles: Vec<(String, String)>,
    /// Tables with a tenant's rows on which row security is not forced.
    pub open_tables: Vec<String>,
    /// Rights that a role of ours has on a table and should not: role, right, table.
    pub stray_rights: Vec<(String, String, String)>,
}

const SETTINGS: &str = "
    select name, setting from pg_settings where name = any($1) order by name";

const MIGHTY: &str = "
    select rolname::text, concat_ws(', ',
               case when rolsuper then 'superuser' end,
               case when rolbypassrls then 'bypasses row security' end,
               case when rolcreaterole then 'creates roles' end,
               case when rolcreatedb then 'creates databases' end,
               case when rolinherit then 'inherits the rights of its roles' end,
               case when rolcanlogin and rolname <> $2 then 'logs in' end)
    from pg_roles
    where rolname = any($1)
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolinherit
           or rolcanlogin and rolname <> $2)
    order by rolname";

const OPEN: &str = "
    select format('%s.%s', n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where n.nspname = any($1) and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity)
    order by 1";

/// A module's role has rights in its own schema; the login has none at all; entries are changed
/// by nobody but their owner.
const STRAY: &str = "
    select g.rolname::text, a.privilege_type, format('%s.%s', n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    cross join lateral aclexplode(c.relacl) a
    join pg_roles g on g.oid = a.grantee
    where g.rolname = any($1)
      and (g.rolname = $2
           or n.nspname <> regexp_replace(g.rolname, '_system$', '')
           or c.relname = 'entry' and a.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE'))
    order by 1, 3, 2";

impl Database {
    /// Looks at the server and at the walls around these modules.
    pub async fn survey(&self, modules: &[Module], settings: &[&str]) -> Result<Survey, Fault> {
        let mut admin = self.administer().await?;
        let schemas: Vec<String> =
            modules.iter().map(|it| Schema::of(it.name).to_string()).collect();
        let mut ours = vec![roles::APP.to_owned()];
        for schema in &schemas {
            ours.extend([schema.clone(), format!("{schema}_system")]);
        }
        let survey = look(&mut admin, &schemas, &ours, settings).await;
        let survey = survey.map_err(doing("look at the server"))?;
        admin.close().await.map_err(doing("look at the server"))?;
        Ok(survey)
    }

    /// The migrations that the database has, of the modules that are in it.
    pub async fn applied(&self, modules: &[Module]) -> Result<Vec<Applied>, Fault> {
        let mut admin = self.administer().await?;
        let found = applied(&mut admin, modules).await;
        found.map_err(doing("read the history of the database"))
    }
}

async fn look(
    admin: &mut PgConnection,
    schemas: &[String],
    ours: &[String],
    settings: &[&str],
) -> Result<Survey, sqlx::Error> {
    let about = "select current_setting('server_version'), clock_timestamp()";
    let (version, now) = sqlx::query_as(about).fetch_one(&mut *admin).await?;
    let names: Vec<String> = settings.iter().map(|it| (*it).to_owned()).collect();
    Ok(Survey {
        version,
        now,
        settings: sqlx::query_as(SETTINGS).bind(names).fetch_all(&mut *admin).await?,
        mighty_roles: sqlx::query_as(MIGHTY)
            .bind(ours)
            .bind(roles::APP)
            .fetch_all(&mut *admin)
            .await?,
        open_tables: sqlx::query_scalar(OPEN).bind(schemas).fetch_all(&mut *admin).await?,
        stray_rights: sqlx::query_as(STRAY)
            .bind(ours)
            .bind(roles::APP)
            .fetch_all(&mut *admin)
            .await?,
    })
}

async fn applied(
    admin: &mut PgConnection,
    modules: &[Module],
) -> Result<Vec<Applied>, sqlx::Error> {
    let mut all = Vec::new();
    for module in modules {
        let schema = Schema::of(module.name);
        for history in ["migration_platform", "migration"] {
            let table = format!("{schema}.{history}");
            let there = sqlx::query_scalar("select to_regclass($1) is not null").bind(&table);
            if !there.fetch_one(&mut *admin).await? {
                continue;
            }
            let read = format!(
                "select '{schema}' as schema, version, description from {table} order by version"
            );
            all.extend(
                sqlx::query_as::<_, Applied>(AssertSqlSafe(read)).fetch_all(&mut *admin).await?,
            );
        }
    }
    Ok(all)
}
