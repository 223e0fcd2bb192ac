//! Erasing a tenant: the one way in which facts are ever deleted.
//!
//! Nobody who serves callers may delete, and forced row security hides every row from the owner
//! too. The policy `erase` shows the owner one tenant's rows, while a session names that tenant.

use socle_kernel::{Fault, TenantId};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Database, Module, Schema, failpoint, failure::doing, roles};

/// Rows that one statement deletes: few enough that writers of other tenants never wait for it.
const BATCH_ROWS: u32 = 5_000;

const TABLES: &str = "
    select format('%I.%I', n.nspname, c.relname)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_policy p on p.polrelid = c.oid and p.polname = 'erase'
    where n.nspname = $1
    order by 1";

/// Gives every table of tenants' rows its policy; run by the owner after each migration.
pub(crate) async fn allow(admin: &mut PgConnection, schema: &Schema) -> Result<(), Fault> {
    let (owner, name) = (roles::OWNER, schema.name());
    let allow = format!(
        "do $do$
         declare unserved regclass;
         begin
             for unserved in
                 select c.oid
                 from pg_class c
                 join pg_namespace n on n.oid = c.relnamespace
                 join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                 where n.nspname = '{name}' and c.relkind in ('r', 'p') and c.relrowsecurity
                     and not exists (
                         select from pg_policy p where p.polrelid = c.oid and p.polname = 'erase')
             loop
                 execute format($sql$
                     create policy erase on %s to {owner}
                         using (tenant_id = (
                             select nullif(current_setting('socle.erase', true), '')::uuid))
                         with check (false)
                 $sql$, unserved);
             end loop;
         end $do$"
    );
    run(admin, allow).await
}

impl Database {
    /// Deletes every row of `tenant` in these modules, outboxes included; returns how many.
    ///
    /// A batch is its own transaction, so an erasure that was killed goes on when it is called
    /// again, and one that is complete finds nothing. What writes for the tenant has ended before.
    pub async fn erase(&self, modules: &[Module], tenant: TenantId) -> Result<u64, Fault> {
        let mut admin = self.administer().await?;
        let (owner, id) = (roles::OWNER, tenant.uuid());
        // A session of its own, so the setting ends with it in whatever way that ends.
        run(&mut admin, format!("set role {owner}; set socle.erase = '{id}'")).await?;
        let mut erased = 0;
        for module in modules {
            for table in tables(&mut admin, &Schema::of(module.name)).await? {
                erased += empty(&mut admin, &table, tenant).await?;
            }
        }
        admin.close().await.map_err(doing("erase the tenant"))?;
        Ok(erased)
    }
}

async fn tables(admin: &mut PgConnection, schema: &Schema) -> Result<Vec<String>, Fault> {
    let asked = sqlx::query_scalar(TABLES).bind(schema.name());
    asked.fetch_all(admin).await.map_err(doing("find the tables to erase from"))
}

/// Deletes the tenant's rows of one table, batch by batch.
async fn empty(admin: &mut PgConnection, table: &str, tenant: TenantId) -> Result<u64, Fault> {
    let delete = format!(
        "delete from {table}
         where tenant_id = $1 and ctid = any (array(
             select ctid from {table} where tenant_id = $1 limit {BATCH_ROWS}))"
    );
    let mut erased = 0;
    loop {
        let batch = sqlx::query(AssertSqlSafe(delete.as_str())).bind(tenant);
        let done = batch.execute(&mut *admin).await.map_err(doing("erase the tenant"))?;
        if done.rows_affected() == 0 {
            return Ok(erased);
        }
        erased += done.rows_affected();
        failpoint("erased-batch");
    }
}

async fn run(admin: &mut PgConnection, sql: String) -> Result<(), Fault> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(admin).await;
    done.map(drop).map_err(doing("make erasure possible"))
}
