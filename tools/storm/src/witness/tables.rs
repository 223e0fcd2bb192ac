//! What the witness writes down.

use socle_db::{Migration, Module};

/// The witness, as far as a database is concerned.
pub(crate) const MODULE: Module = Module {
    name: "storm",
    platform: &[socle_events::TABLES, socle_jobs::TABLES],
    own: &[Migration { version: 1, description: "what was witnessed", sql: TABLES }],
};

/// No key is unique, and `place` tells what was written before what.
const TABLES: &str = "
    create table {schema}.heard (
        place        bigint generated always as identity,
        tenant_id    uuid   not null,
        event_id     uuid   not null,
        partitionkey text   not null,
        sequence     bigint not null
    );
    create table {schema}.echo (
        tenant_id uuid not null,
        event_id  uuid not null,
        job_id    uuid not null
    );
    create table {schema}.tick (
        tenant_id uuid not null,
        job_id    uuid not null
    );
    grant select, insert on {schema}.heard, {schema}.echo, {schema}.tick to {schema};
";

pub(super) const HEARD: &str = "
    insert into socle_storm.heard (tenant_id, event_id, partitionkey, sequence)
    values ($1, $2, $3, $4)";

pub(super) const ECHOED: &str =
    "insert into socle_storm.echo (tenant_id, event_id, job_id) values ($1, $2, $3)";

pub(super) const TICKED: &str = "insert into socle_storm.tick (tenant_id, job_id) values ($1, $2)";
