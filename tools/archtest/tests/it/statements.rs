//! Where SQL may stand.

use crate::world::{Draft, catches, spares};

fn file(path: &str, inside: &str, text: &str) -> [Draft; 1] {
    [Draft::at(path).source(inside, text)]
}

#[test]
fn a_statement_out_of_place_is_caught() {
    for (path, inside) in [
        ("modules/loyalty/shop", "src/app.rs"),
        ("modules/loyalty/shop", "src/restore.rs"),
        ("platform/events", "src/outbox.rs"),
        ("contracts/shop", "src/lib.rs"),
        ("apps/socle", "src/main.rs"),
    ] {
        let text = "\nconst FIND: &str = \"select id from socle_shop.shop where tenant_id = $1\";";

        catches("sql-place", file(path, inside, text), &[&format!("{path}/{inside}:2")]);
    }
}

#[test]
fn every_kind_of_statement_is_known() {
    for statement in [
        "select 1",
        " SELECT name FROM shop",
        "select set_config($1, $2, true)",
        "-- Why.\n insert into t (a) values ($1)",
        "update {} set a = $1",
        "update socle_shop.shop as it set name = $1",
        "delete from socle_shop.shop where id = $1",
        "with news as (select $1) select a from news",
        "begin; set local role socle_shop",
        "set local role socle_shop",
        "set statement_timeout = 5",
        "lock table socle_shop.shop in share mode",
        "copy socle_shop.shop (id) from stdin (format binary)",
        "alter table socle_shop.shop add column a text",
        "create table socle_shop.shop ()",
        "create unique index shop_name on socle_shop.shop (name)",
        "drop schema socle_shop cascade",
        "truncate socle_shop.shop",
        "grant select on socle_shop.shop to socle_shop",
        "explain (analyze) select 1",
        "do $$ begin end $$",
    ] {
        let text = format!("fn f() {{ run({statement:?}) }}");

        let place = ["modules/loyalty/shop/src/http.rs:1"];
        catches("sql-place", file("modules/loyalty/shop", "src/http.rs", &text), &place);
    }
}

#[test]
fn a_modules_statement_without_a_name_is_caught() {
    for text in [
        "fn f() { run(\"select id from shop\") }",
        "fn f() { run(format!(\"select id from {}\", table())) }",
        "static FIND: &str = \"select id from shop\";",
    ] {
        let place = ["modules/loyalty/shop/src/store/find.rs:1"];

        catches("sql-place", file("modules/loyalty/shop", "src/store/find.rs", text), &place);
    }
}

#[test]
fn a_platform_statement_without_a_name_is_caught() {
    for text in [
        "fn f() { run(\"select id from {schema}.shop\") }",
        "fn f() { run(format!(\"select id from {{schema}}.shop limit {n}\")) }",
        "const FIND: &str = \"a\"; fn f() { run(\"delete from {schema}.shop\") }",
    ] {
        for inside in ["src/sql.rs", "src/sequencer/sql/load.rs"] {
            let place = [&*format!("platform/books/{inside}:1")];

            catches("sql-place", file("platform/books", inside, text), &place);
        }
    }
}

#[test]
fn a_file_of_sql_that_is_no_migration_is_caught() {
    let text = "\nconst FIND: &str = include_str!(\"find.sql\");";

    for (path, inside) in [
        ("modules/loyalty/shop", "src/store/find.rs"),
        ("modules/loyalty/shop", "src/app.rs"),
        ("platform/books", "src/sql.rs"),
    ] {
        catches("sql-place", file(path, inside, text), &[&format!("{path}/{inside}:2")]);
    }
    let migrations = "const A: &str = include_str!(\"../migrations/0001_a.sql\");";
    spares("sql-place", file("modules/loyalty/shop", "src/module.rs", migrations));
    let page = "const A: &str = include_str!(\"page.html\"); fn f() { g(\"find.sql\") }";
    spares("sql-place", file("modules/loyalty/shop", "src/app.rs", page));
}

#[test]
fn named_statements_in_their_place_are_spared() {
    let named = "const FIND: &str = \"select id from shop\";
        struct Shop; impl Shop { const ALL: &str = concat!(\"select id\", \" from shop\"); }";
    let inline = "fn f() { run(format!(\"select id from {schema}.shop\")) }";

    spares("sql-place", file("modules/loyalty/shop", "src/store.rs", named));
    spares("sql-place", file("platform/events", "src/sql.rs", named));
    spares("sql-place", file("platform/books", "src/sequencer/sql/load.rs", named));
    spares("sql-place", file("platform/books", "src/sql/write.rs", inline));
    spares("sql-place", file("platform/db", "src/roles.rs", inline));
    spares("sql-place", file("platform/testkit", "src/database.rs", inline));
    spares("sql-place", file("tools/xtask", "src/main.rs", inline));
    spares("sql-place", file("modules/loyalty/shop", "tests/it/main.rs", inline));
}

#[test]
fn sentences_and_comments_are_no_statements() {
    for text in [
        "//! select id from shop\n/// delete from shop\nfn f() {} // update it set a = 1",
        "fn f() { g(\"select the account from the list\") }",
        "fn f() { g(\"insert the merchant\") }",
        "fn f() { g(\"insert into the outbox\") }",
        "fn f() { g(\"update the merchant and set its name\") }",
        "fn f() { g(\"delete the lot from the shelf\") }",
        "fn f() { g(\"with a folder of your own\") }",
        "fn f() { g(\"begin\") }",
        "fn f() { g(\"set SOCLE_DATA to a folder that you own\") }",
        "fn f() { g(\"lock the accounts\") }",
        "fn f() { g(\"copy the file from here to there\") }",
        "fn f() { g(\"create the data folder\") }",
        "fn f() { g(\"grant it to nobody\") }",
        "fn f() { g(\"from socle_shop.shop\") }",
    ] {
        spares("sql-place", file("modules/loyalty/shop", "src/app.rs", text));
    }
}
