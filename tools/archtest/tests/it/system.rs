//! Who may span tenants.

use crate::world::{Draft, catches, spares};

const ENTRANCE: &str =
    "//! Reads all.\nfn all(db: &Db) { db.run_system(|tx: &mut SystemTx| read(tx)) }";

#[test]
fn a_module_or_app_that_spans_tenants_is_caught() {
    for path in ["modules/loyalty/shop", "apps/socle", "contracts/shop"] {
        let place = format!("{path}/src/lib.rs:2");

        catches("system-work", [Draft::at(path).source("src/lib.rs", ENTRANCE)], &[&place, &place]);
    }
}

#[test]
fn a_module_that_inspects_all_tenants_is_caught() {
    let text = "fn all(db: &Db) { db.inspect(async |tx| read(tx).await) }";
    let shop = Draft::at("modules/loyalty/shop").source("src/app.rs", text);

    catches("system-work", [shop], &["modules/loyalty/shop/src/app.rs:1"]);
}

#[test]
fn a_module_that_takes_the_role_by_hand_is_caught() {
    let text = "const ROLE: &str = \"set local role socle_shop_system\";";
    let shop = Draft::at("modules/loyalty/shop").source("src/store.rs", text);

    catches("system-work", [shop], &["modules/loyalty/shop/src/store.rs:1"]);
}

#[test]
fn platform_crates_migrations_and_words_are_spared() {
    let grant = "grant select on socle_shop.shop to socle_shop_system;";
    let words = "/// Unlike `SystemTx`.\nfn run() -> &'static str { \"run_system\" } // read_system
fn log(shops: Shops) { shops.inspect(|it| print(it)) }";
    let shop = Draft::at("modules/loyalty/shop").migration(grant).source("src/app.rs", words);

    spares("system-work", [shop, Draft::at("platform/events").source("src/relay.rs", ENTRANCE)]);
}
