//! What a migration may make.

use crate::world::{Draft, catches, spares};

const PLACE: &str = "modules/loyalty/shop/migrations/0001_first.sql";

const TABLE: &str = "
-- One row a shop; not class: anything.
-- class: tenant
create table socle_shop.shop (tenant_id uuid not null);
";
const WALLS: &str = "
alter table socle_shop.shop enable row level security, force row level security;
create policy tenant on socle_shop.shop to socle_shop using (tenant_id = (select 1)::uuid);
create policy system on socle_shop.shop to socle_shop_system using (true) with check (true);
";

fn shop(migration: &str) -> [Draft; 1] {
    [Draft::at("modules/loyalty/shop").migration(migration)]
}

#[test]
fn a_table_without_a_class_is_caught() {
    for text in [
        "create table socle_shop.shop ();",
        "-- class: global\ncreate table socle_shop.shop ();",
        "-- class: tenant\ncreate schema s; create table if not exists socle_shop.shop ();",
        "-- classes: tenant\ncreate unlogged table socle_shop.shop ();",
    ] {
        let line = text.lines().count();

        catches("table-classes", shop(text), &[&format!("{PLACE}:{line}")]);
    }
}

#[test]
fn tables_with_a_class_and_partitions_of_them_are_spared() {
    let text = "-- class: engine\n-- A queue.\ncreate table socle_shop.job (id uuid);
        create table socle_shop.job_1 partition of socle_shop.job for values in (1);
        /* create table socle_shop.old () */ comment on table socle_shop.job is 'create table x';";

    spares("table-classes", shop(text));
}

#[test]
fn a_tenants_table_with_a_wall_missing_is_caught() {
    for wall in [
        "enable row level security, ",
        "force row level security",
        "to socle_shop ",
        "to socle_shop_system ",
    ] {
        let text = TABLE.to_owned() + &WALLS.replace(wall, "");

        catches("row-security", shop(&text), &[&format!("{PLACE}:4")]);
    }
    let of_another = TABLE.to_owned() + &WALLS.replace(".shop ", ".till ");
    catches("row-security", shop(&of_another), &[&*format!("{PLACE}:4"); 4]);
}

#[test]
fn walled_tables_and_those_of_the_engine_are_spared() {
    let split = WALLS.replace(", force", "; alter table socle_shop.shop force");
    let templated = (TABLE.to_owned() + WALLS).replace("socle_shop", "{schema}");

    spares("row-security", shop(&(TABLE.to_owned() + WALLS)));
    spares("row-security", shop(&(TABLE.to_owned() + &split)));
    spares("row-security", shop(&TABLE.replace("tenant\n", "engine\n")));
    spares("row-security", [Draft::at("platform/books").migration(&templated)]);
}

#[test]
fn code_in_the_database_is_caught() {
    for text in [
        "create trigger checked before insert on socle_shop.shop execute function f();",
        "create constraint trigger checked after insert on socle_shop.shop execute function f();",
        "create or replace function socle_shop.f() returns int language sql as 'select 1';",
        "do $$ begin create procedure socle_shop.p() language sql as 'select 1'; end $$;",
    ] {
        catches("no-triggers", shop(text), &[&format!("{PLACE}:1")]);
    }
}

#[test]
fn a_trigger_in_a_comment_or_a_value_is_none() {
    let text = "-- create trigger t\ncreate table socle_shop.trigger (name text default 'create trigger');";

    spares("no-triggers", shop(text));
}
