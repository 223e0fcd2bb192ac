//! Keys stay inside a tenant; constraints have names.

use crate::world::{Draft, catches, spares};

const PLACE: &str = "modules/loyalty/shop/migrations/0001_first.sql";

fn table(body: &str) -> [Draft; 1] {
    let text = format!(
        "-- class: directory\ncreate table socle_shop.plan (id uuid not null primary key);
        -- class: tenant\ncreate table socle_shop.shop (\n{body});"
    );
    [Draft::at("modules/loyalty/shop").migration(&text)]
}

const SOUND: &str =
    "tenant_id uuid not null, id uuid not null, name text, primary key (tenant_id, id)";

#[test]
fn a_table_of_tenants_without_tenant_or_key_is_caught() {
    for body in [
        "tenant_id uuid, id uuid, primary key (tenant_id, id)",
        "tenant_id text not null, id uuid, primary key (tenant_id, id)",
        "tenant_id uuid not null, id uuid not null",
    ] {
        catches("tenant-keys", table(body), &[&format!("{PLACE}:4")]);
    }
}

#[test]
fn a_key_that_does_not_begin_with_the_tenant_is_caught() {
    for more in [
        "code text constraint shop_code unique",
        "constraint shop_name unique (name)",
        "constraint shop_name unique nulls not distinct (name, tenant_id)",
        "plan uuid constraint shop_plan references socle_shop.plan (id)",
        "constraint shop_plan foreign key (id) references socle_shop.shop (tenant_id)",
        "constraint shop_plan foreign key (tenant_id, id) references socle_shop.shop (id, tenant_id)",
        "constraint shop_plan foreign key (tenant_id, id) references socle_shop.shop",
    ] {
        catches("tenant-keys", table(&format!("{SOUND},\n{more}")), &[&format!("{PLACE}:6")]);
    }
    let key = "tenant_id uuid not null, id uuid not null primary key";
    catches("tenant-keys", table(key), &[&format!("{PLACE}:5")]);
}

#[test]
fn a_key_added_later_is_held_to_it_too() {
    for later in [
        "create unique index shop_name on socle_shop.shop (lower(name), tenant_id);",
        "create unique index concurrently if not exists shop_name on socle_shop.shop using btree (name);",
        "alter table socle_shop.shop add constraint shop_name unique (name);",
        "alter table if exists only socle_shop.shop add column a int, add b text constraint b unique;",
    ] {
        let [shop] = table(SOUND);

        catches("tenant-keys", [shop.migration(later)], &[&format!("{PLACE}:1")]);
    }
}

#[test]
fn keys_inside_a_tenant_and_tables_of_other_classes_are_spared() {
    let body = format!(
        "{SOUND}, price numeric(9, 2), -- unique (name)
        constraint shop_name unique (tenant_id, name),
        constraint shop_tenant foreign key (tenant_id) references socle_shop.plan (id),
        constraint shop_parent foreign key (tenant_id, name) references socle_shop.shop (tenant_id, id),
        constraint shop_key check (name <> 'primary key (id)')"
    );
    let [shop] = table(&body);
    let shop = shop.migration("create unique index a on socle_shop.shop (tenant_id, lower(name));");

    spares("tenant-keys", [shop.migration("create unique index b on socle_shop.plan (id);")]);
}

#[test]
fn a_nameless_constraint_is_caught() {
    for more in [
        "check (name <> '')",
        "price int check (0 <= price)",
        "price int constraint shop_price check (0 <= price) check (price < 9)",
        "unique (tenant_id, name)",
        "foreign key (tenant_id, name) references socle_shop.shop (tenant_id, id)",
        "plan uuid references socle_shop.plan (id)",
    ] {
        catches("named-constraints", table(&format!("{SOUND},\n{more}")), &[&format!("{PLACE}:6")]);
    }
}

#[test]
fn named_constraints_and_policies_with_checks_are_spared() {
    let body = format!("{SOUND}, price int constraint shop_price check (0 <= price)");
    let [shop] = table(&body);

    let policy = "create policy tenant on socle_shop.shop to socle_shop with check (true);";
    spares("named-constraints", [shop.migration(policy)]);
}
