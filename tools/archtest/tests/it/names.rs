//! Names follow paths.

use crate::world::{Draft, catches, spares};

#[test]
fn a_name_that_its_path_does_not_give_is_caught() {
    let shop = Draft::at("modules/loyalty/shop").named("shop");
    let contract = Draft::at("contracts/shop").named("socle-shop-api");
    let app = Draft::at("apps/till").named("socle-till");

    let places = [
        "apps/till/Cargo.toml:2",
        "contracts/shop/Cargo.toml:2",
        "modules/loyalty/shop/Cargo.toml:2",
    ];
    catches("names", [shop, contract, app], &places);
}

#[test]
fn a_folder_in_no_tier_or_suite_or_not_in_kebab_case_is_caught() {
    let places = [
        "lib/shop/Cargo.toml:2",
        "modules/retail/till/Cargo.toml:2",
        "platform/key_ring/Cargo.toml:2",
    ];

    let drafts = ["lib/shop", "modules/retail/till", "platform/key_ring"].map(Draft::at);

    catches("names", drafts, &places);
}

#[test]
fn a_name_used_twice_is_caught() {
    let drafts = ["platform/shop", "modules/loyalty/shop"].map(Draft::at);

    catches("names", drafts, &["modules/loyalty/shop/Cargo.toml:2"]);
}

#[test]
fn a_contract_bears_the_name_of_its_module() {
    let paths = ["contracts/gift-card", "modules/loyalty/gift-card", "apps/socle", "tools/xtask"];

    spares("names", paths.map(Draft::at));
}
