//! Which tier may use which, and where test helpers may stand.

use crate::world::{Draft, catches, spares};

#[test]
fn a_module_never_uses_another_module_not_even_in_its_tests() {
    let ledger = || Draft::at("modules/loyalty/ledger");
    let places = ["modules/loyalty/shop/Cargo.toml:4"];

    catches("tiers", [ledger(), Draft::at("modules/loyalty/shop").uses("socle-ledger")], &places);
    catches(
        "tiers",
        [ledger(), Draft::at("modules/loyalty/shop").tests_with("socle-ledger")],
        &places,
    );
    catches(
        "tiers",
        [ledger(), Draft::at("modules/loyalty/shop").builds_with("socle-ledger")],
        &places,
    );
}

#[test]
fn a_contract_uses_the_kernel_alone_and_the_kernel_uses_nothing() {
    let kernel = Draft::at("platform/kernel").tests_with("socle-testkit");
    let contract = Draft::at("contracts/shop").uses("socle-kernel").uses("socle-db");
    let others = [Draft::at("platform/db"), Draft::at("platform/testkit").uses("socle-kernel")];
    let [db, testkit] = others;

    let places = ["contracts/shop/Cargo.toml:5", "platform/kernel/Cargo.toml:4"];
    catches("tiers", [kernel, contract, db, testkit], &places);
}

#[test]
fn the_platform_knows_no_contract_and_no_module() {
    let contract = Draft::at("contracts/shop");
    let testkit = Draft::at("platform/testkit").uses("socle-shop-contract");

    catches("tiers", [contract, testkit], &["platform/testkit/Cargo.toml:4"]);
}

#[test]
fn what_the_table_allows_is_allowed() {
    let kernel = Draft::at("platform/kernel");
    let db = Draft::at("platform/db").uses("socle-kernel").tests_with("socle-testkit");
    let testkit = Draft::at("platform/testkit").uses("socle-db");
    let contract = Draft::at("contracts/shop").uses("socle-kernel");
    let module = Draft::at("modules/loyalty/shop").uses("socle-db").uses("socle-shop-contract");
    let app = Draft::at("apps/socle").uses("socle-shop");

    spares("tiers", [kernel, db, testkit, contract, module, app]);
}

#[test]
fn test_helpers_stand_under_dev_dependencies_only() {
    let shop = || Draft::at("modules/loyalty/shop");
    let places = ["modules/loyalty/shop/Cargo.toml:4"];

    catches("test-helpers", [shop().uses("socle-testkit")], &places);
    catches("test-helpers", [shop().builds_with("socle-testkit")], &places);
    spares("test-helpers", [shop().tests_with("socle-testkit")]);
}
