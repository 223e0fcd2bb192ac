//! A module with one table, and a second one beside it.

use socle_db::{Migration, Module, Reader, Statement, Tx};
use socle_kernel::{Fault, TenantId};

pub(crate) const NOTES: Migration = Migration {
    version: 1,
    description: "notes",
    sql: "create table {schema}.note (
              tenant_id uuid not null, id bigint not null, text text not null,
              primary key (tenant_id, id),
              constraint note_text_length check (length(text) <= 20)
          );
          alter table {schema}.note enable row level security, force row level security;
          create policy tenant on {schema}.note to {schema}
              using (tenant_id = (select current_setting('socle.tenant'))::uuid)
              with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
          create policy system on {schema}.note to {schema}_system using (true) with check (true);
          grant select, insert, update on {schema}.note to {schema}, {schema}_system;",
};

pub(crate) const MODULES: [Module; 2] = [module("desk"), module("shelf")];

pub(crate) const fn module(name: &'static str) -> Module {
    Module { name, platform: &[&[NOTES]], own: &[] }
}

pub(crate) async fn write(tx: &mut Tx, id: i64, text: &str) -> Result<(), Fault> {
    let insert = tx.template("insert into {schema}.note (tenant_id, id, text) values ($1, $2, $3)");
    insert.bind(id).bind(text.to_owned()).run("write a note").await.map(drop)
}

pub(crate) async fn append(tx: &mut Tx, id: i64, text: &str) -> Result<(), Fault> {
    let update =
        tx.template("update {schema}.note set text = text || $3 where tenant_id = $1 and id = $2");
    update.bind(id).bind(text.to_owned()).run("append to a note").await.map(drop)
}

/// Every note that the statement sees, whether or not it names the tenant.
pub(crate) const ALL: &str =
    "select text from {schema}.note where $1::uuid is not null order by id";

pub(crate) async fn texts(found: Statement<'_>) -> Vec<String> {
    let rows: Vec<(String,)> = found.all("read the notes").await.expect("the notes are read");
    rows.into_iter().map(|(text,)| text).collect()
}

pub(crate) async fn read(reader: Reader<'_>) -> Vec<String> {
    texts(reader.sql(ALL)).await
}

pub(crate) fn tenant(n: u128) -> TenantId {
    TenantId::from_uuid(uuid::Uuid::from_u128(n))
}
