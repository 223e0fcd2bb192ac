//! The domain is pure.

use crate::world::{Draft, catches, spares};

fn domain(text: &str) -> [Draft; 1] {
    [Draft::at("modules/loyalty/shop").source("src/domain.rs", text)]
}

#[test]
fn waiting_wire_and_storage_in_the_domain_are_caught() {
    let place = ["modules/loyalty/shop/src/domain.rs:1"];

    for text in [
        "async fn load() {}",
        "use serde::Serialize;",
        "#[derive(serde::Serialize)] struct Shop;",
        "fn save(tx: &mut socle_db::Tx) {}",
        "fn now() -> tokio::time::Instant { todo() }",
        "fn read(row: &sqlx::postgres::PgRow) {}",
        "fn f() { decide!(async { 1 }) }",
        "use sqlx::FromRow;",
    ] {
        catches("pure-domain", domain(text), &place);
    }
}

#[test]
fn the_books_engine_and_files_below_the_domain_are_held_to_it_too() {
    let books = Draft::at("platform/books").source("src/engine/lots.rs", "\nasync fn wait() {}");
    let shop =
        Draft::at("modules/loyalty/shop").source("src/domain/name.rs", "use serde_json::Value;");

    let places =
        ["modules/loyalty/shop/src/domain/name.rs:1", "platform/books/src/engine/lots.rs:2"];
    catches("pure-domain", [books, shop], &places);
}

#[test]
fn comments_strings_storage_derives_and_other_files_are_spared() {
    let text = r#"
        //! No serde, no tokio, no async.
        /// Like `sqlx::query`, but pure.
        #[derive(Debug, sqlx::FromRow)]
        struct Shop { #[sqlx(rename = "type")] kind: Kind }
        #[derive(sqlx::Type)]
        #[sqlx(transparent)]
        struct Kind(String);
        // async
        const ADVICE: &str = "use serde and tokio";
    "#;
    let [shop] = domain(text.trim_start());
    let shop = shop.source("src/domains.rs", "async fn load() {}");
    let shop = shop.source("src/app.rs", "async fn load(tx: socle_db::Tx) {}");

    spares("pure-domain", [shop]);
}
