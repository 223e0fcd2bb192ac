//! The partitions of the log: made before they are needed, dropped when nobody needs them.
//!
//! Only the owner may, and the owner sees no row: what may go is found out in the system role.

use socle_db::{Database, Schema, SystemTx};
use socle_kernel::{Doing, Fault};
use sqlx::{AssertSqlSafe, Connection, FromRow, PgConnection};

/// A session of the owner of a schema.
#[derive(Debug)]
pub(crate) struct Owner {
    session: PgConnection,
    schema: Schema,
}

/// Whoever waits for the log waits for nobody long.
const BECOME: &str = "
    set role socle_owner; set lock_timeout = '2s'; set statement_timeout = '60s'";

/// One process at a time; the others leave it to that one.
const LOCK: &str = "select pg_try_advisory_lock(hashtext('socle outbox'), hashtext($1))";

/// A table is filled with indexes when it is attached, which holds up no writer, as making it a
/// partition at once would.
const AHEAD: &str = "
    do $do$
    declare
        current bigint := (select last_value from {schema}.outbox_seq) >> 20;
    begin
        for n in current .. current + 8 loop
            if to_regclass('{schema}.outbox_p' || n) is null then
                execute format(
                    'create table {schema}.outbox_p%s
                         (like {schema}.outbox including defaults including constraints)', n);
                execute format(
                    'alter table {schema}.outbox_p%s
                         enable row level security, force row level security', n);
                execute format(
                    'alter table {schema}.outbox attach partition {schema}.outbox_p%s
                         for values from (%s) to (%s)', n, n << 20, (n + 1) << 20);
            end if;
        end loop;
    end $do$";

/// What drops partitions, in the order in which it is done; also those that were let go before and
/// not dropped, because the process ended in between.
const DROPS: &str = "
    select format('alter table %I.%I detach partition %I.%I %s', n.nspname, 'outbox', n.nspname,
                  c.relname, case when i.inhdetachpending then 'finalize' else 'concurrently' end)
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    join pg_namespace n on n.oid = c.relnamespace
    where i.inhparent = to_regclass($1 || '.outbox') and c.relkind = 'r'
        and (i.inhdetachpending or c.relname = any($2))";
const ORPHANS: &str = "
    select format('drop table %I.%I', n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind = 'r' and not c.relispartition
        and c.relname ~ '^outbox_p[0-9]+$'";

impl Owner {
    /// None while another process is at it.
    pub(crate) async fn of(database: &Database, module: &str) -> Result<Option<Self>, Fault> {
        const DOING: &str = "look after the log as its owner";
        let (mut session, schema) = (database.administer().await?, Schema::of(module));
        sqlx::raw_sql(BECOME).execute(&mut session).await.doing(DOING)?;
        let lock = sqlx::query_scalar(LOCK).bind(schema.name());
        let is_alone: bool = lock.fetch_one(&mut session).await.doing(DOING)?;
        if is_alone {
            return Ok(Some(Self { session, schema }));
        }
        session.close().await.doing(DOING)?;
        Ok(None)
    }

    /// Makes empty partitions, so that at least eight lie ahead.
    pub(crate) async fn make_ahead(&mut self) -> Result<(), Fault> {
        let ahead = AssertSqlSafe(self.schema.fill(AHEAD));
        let made = sqlx::raw_sql(ahead).execute(&mut self.session).await;
        made.doing("make partitions of the log").map(drop)
    }

    /// Drops partitions, by their names; no reader and no writer waits for it.
    pub(crate) async fn drop(&mut self, partitions: &[String]) -> Result<(), Fault> {
        const DOING: &str = "drop partitions of the log";
        let name = self.schema.name().to_owned();
        let detaching = sqlx::query_scalar(DROPS).bind(&name).bind(partitions);
        let detaching: Vec<String> = detaching.fetch_all(&mut self.session).await.doing(DOING)?;
        self.run(detaching).await?;
        let orphans = sqlx::query_scalar(ORPHANS).bind(&name);
        let orphans: Vec<String> = orphans.fetch_all(&mut self.session).await.doing(DOING)?;
        self.run(orphans).await
    }

    pub(crate) async fn close(self) -> Result<(), Fault> {
        self.session.close().await.doing("end the session of the owner")
    }

    /// The server wrote these texts, names quoted.
    async fn run(&mut self, statements: Vec<String>) -> Result<(), Fault> {
        for it in statements {
            let done = sqlx::raw_sql(AssertSqlSafe(it)).execute(&mut self.session).await;
            done.doing("drop partitions of the log")?;
        }
        Ok(())
    }
}

/// A partition that is old enough to go.
#[derive(Debug, FromRow)]
pub(crate) struct Old {
    pub(crate) name: String,
    /// The groups that have not heard all of it.
    pub(crate) needed_by: Vec<String>,
}

/// A partition is as old as the first row behind it, if there is one. What is not visible in a
/// group's snapshot may be news to it.
const OLD: &str = "
    select p.name, array(
        select distinct g.grp from {schema}.outbox_group as g
        where exists (
            select from {schema}.outbox as o
            where pg_snapshot_xmin(g.snapshot) <= o.xid
                and p.n << 20 <= o.seq and o.seq < (p.n + 1) << 20
                and not pg_visible_in_snapshot(o.xid, g.snapshot))
        order by g.grp) as needed_by
    from (
        select c.relname::text as name, substr(c.relname, 9)::int8 as n
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = '{schema}.outbox'::regclass and c.relkind = 'r'
    ) as p
    where $1::uuid is null
        and (select b.time from {schema}.outbox as b
             where (p.n + 1) << 20 <= b.seq order by b.seq limit 1)
            < clock_timestamp() - $2 * interval '1 second'
    order by p.n";

/// The partitions that are wholly older than this.
pub(crate) async fn old(tx: &mut SystemTx, age_s: i64) -> Result<Vec<Old>, Fault> {
    tx.template(OLD).bind(age_s).all("look for partitions to drop").await
}
