//! Every statement on a tenant's table names the tenant.

use crate::world::{Draft, catches, spares};

const TABLES: &str = "
    -- class: tenant
    create table socle_shop.shop (tenant_id uuid not null, id uuid not null);
    -- class: directory
    create table socle_shop.plan (id uuid not null);";

fn books() -> Draft {
    Draft::at("platform/books")
        .migration("-- class: tenant\ncreate table {schema}.entry (id uuid);")
}

fn store(statement: &str) -> [Draft; 2] {
    let shop = Draft::at("modules/loyalty/shop").migration(TABLES);
    [books(), shop.source("src/store.rs", &format!("const A: &str = {statement:?};"))]
}

#[test]
fn a_statement_or_a_part_of_one_that_names_no_tenant_is_caught() {
    for statement in [
        "select id from socle_shop.shop where id = $1",
        "select id from socle_shop.entry where id = $1",
        "update socle_shop.shop set name = $1 where id = $2 -- tenant_id",
        "select 'tenant_id' from socle_shop.shop",
        "delete from socle_shop.shop where tenant_id = $1; delete from socle_shop.shop",
        "select id from socle_shop.shop where tenant_id = $1
         union all select id from socle_shop.entry",
        "with one as (select id from socle_shop.shop where id = $2)
         insert into socle_shop.entry (tenant_id, id) select $1, id from one",
        "select id from socle_shop.entry where tenant_id = $1
         and exists (select 1 from socle_shop.shop where id = $2)",
        "select id from socle_shop.entry where id in (select id from socle_shop.shop where tenant_id = $1)",
    ] {
        catches("tenant-named", store(statement), &["modules/loyalty/shop/src/store.rs:1"]);
    }
}

#[test]
fn a_tenant_that_is_named_and_not_compared_is_caught() {
    for statement in [
        "select tenant_id, id from socle_shop.shop where id = $1",
        "select tenant_id = $1 as mine from socle_shop.shop where id = $2",
        "select id from socle_shop.shop where id = $1 order by tenant_id, id",
        "select count(*) from socle_shop.shop group by tenant_id",
        "select id from socle_shop.shop where id = $1 and tenant_id <> $2",
        "select id from socle_shop.shop where (tenant_id, id) > ($1, $2)",
        "update socle_shop.shop set tenant_id = $1 where id = $2",
        "update socle_shop.shop set name = $1 where id = $2 returning tenant_id",
        "delete from socle_shop.shop where id = $1 returning tenant_id",
        "insert into socle_shop.entry (tenant_id, id) select tenant_id, id from socle_shop.shop",
        "insert into socle_shop.entry (id) select id from socle_shop.shop where tenant_id = $1",
    ] {
        catches("tenant-named", store(statement), &["modules/loyalty/shop/src/store.rs:1"]);
    }
}

#[test]
fn a_tenant_that_is_compared_in_any_way_is_spared() {
    for statement in [
        "select id from socle_shop.shop as it where it.tenant_id = $1",
        "select id from socle_shop.shop where $1 = tenant_id",
        "select id from socle_shop.shop where tenant_id in ($1, $2)",
        "select id from socle_shop.shop where tenant_id is not distinct from $1",
        "select id from socle_shop.shop as s where (s.tenant_id, s.id) = ($1, $2)",
        "select id from socle_shop.shop where (tenant_id, id) in (select $1, $2)",
        "select s.id from unnest($2) as s (id) join socle_shop.shop as t
         on t.id = s.id and $1 = t.tenant_id",
        "update socle_shop.shop set name = $3 where id = $2 and tenant_id = $1",
        "update socle_shop.shop as s set name = n.name from unnest($2) as n (id, name)
         where s.tenant_id = $1 and s.id = n.id",
        "delete from socle_shop.shop where tenant_id = $1",
        "insert into socle_shop.entry (tenant_id, id)
         select tenant_id, id from socle_shop.shop where tenant_id = $1",
        "insert into socle_shop.shop (tenant_id, id) values ($1, $2)
         on conflict (tenant_id, id) do nothing returning id",
    ] {
        spares("tenant-named", store(statement));
    }
}

#[test]
fn a_check_of_all_tenants_finds_rows_with_their_tenants() {
    let check = |found: &str| {
        let text = format!("const A: &str = differences!(\"{found}\");");
        [Draft::at("modules/loyalty/shop").migration(TABLES).source("src/store.rs", &text)]
    };

    spares("tenant-named", check("select tenant_id, id from socle_shop.shop where id is null"));
    let nameless = check("select id from socle_shop.shop where id is null");
    catches("tenant-named", nameless, &["modules/loyalty/shop/src/store.rs:1"]);
}

#[test]
fn a_platform_statement_that_names_no_tenant_is_caught() {
    for text in [
        "fn f() { run(\"select id from {schema}.entry\") }",
        "fn f() { run(format!(\"select id from {{schema}}.entry limit {n}\")) }",
    ] {
        let books = books().source("src/sql/load.rs", text);

        catches("tenant-named", [books], &["platform/books/src/sql/load.rs:1"]);
    }
}

#[test]
fn statements_that_name_the_tenant_or_touch_no_tenants_table_are_spared() {
    for statement in [
        "select id from socle_shop.shop where tenant_id = $1",
        "select id from socle_shop.plan",
        "select id from unnest($1) as shop (id)",
        "with one as (select id from unnest($2) as news (id)),
         two as (insert into socle_shop.shop (tenant_id, id) select $1, id from one returning id)
         select id from two",
        "select it.id from socle_shop.shop as it join socle_shop.entry using (tenant_id, id)",
    ] {
        spares("tenant-named", store(statement));
    }
    spares("tenant-named", store("socle_shop.item"));
    let named = "fn f() { run(\"select id from {schema}.entry where tenant_id = $1\") }";
    spares("tenant-named", [books().source("src/sql.rs", named)]);
}
