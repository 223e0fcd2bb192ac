//! A module names its own schema only.

use crate::world::{Draft, catches, spares};

fn shop() -> Draft {
    Draft::at("modules/loyalty/shop")
}

#[test]
fn another_modules_schema_is_caught_in_statements() {
    for text in [
        "const A: &str = \"select id from socle_ledger.account\";",
        "const A: &str = \"select id from socle_shop.shop join socle_ledger.account using (id)\";",
        "const A: &str = \" join socle_ledger.account using (tenant_id)\";",
        "const A: &str = \"set local role socle_ledger\";",
        "const A: &str = \"select id from public.shop\";",
    ] {
        catches(
            "own-schema",
            [shop().source("src/store.rs", text)],
            &["modules/loyalty/shop/src/store.rs:1"],
        );
    }
}

#[test]
fn another_modules_schema_is_caught_in_migrations() {
    let text =
        "create table socle_shop.shop (id uuid);\ngrant select on socle_shop.shop to socle_ledger;";

    let place = ["modules/loyalty/shop/migrations/0001_first.sql:2"];
    catches("own-schema", [shop().migration(text)], &place);
}

#[test]
fn comments_values_and_its_own_roles_are_spared() {
    let statement = "const A: &str = \"
        -- Not socle_ledger.account.
        select it.id, 'socle_ledger.account', extract(epoch from it.time) from socle_shop.shop as it
        where it.name is distinct from $1 and pg_catalog.length(it.name) < 9\";";
    let migration = "/* unlike /* say */ socle_ledger.account */
        create policy system on socle_shop.shop to socle_shop_system using (true);";
    let sentence = "const LOG: &str = \"socle_ledger=debug\";";

    let shop = shop().source("src/store.rs", statement).migration(migration);
    spares("own-schema", [shop.source("src/module.rs", sentence)]);
}

#[test]
fn a_platform_crate_is_free_to_name_what_it_serves() {
    let text = "const A: &str = \"select id from socle_ledger.account\";";

    spares("own-schema", [Draft::at("platform/db").source("src/sql.rs", text)]);
}
