//! Failpoints in code and in the list.

use crate::world::{Draft, catches, spares};

const LIST: &str = "pub const FAILPOINTS: &[&str] = &[\n\"books.a\",\n\"books.b\",\n];";
const CODE: &str =
    "fn f() { failpoint(\"books.a\"); }\nfn g() { socle_db::failpoint(\"books.b\") }";

fn books(list: &str, code: &str) -> [Draft; 1] {
    let books = Draft::at("platform/books").source("src/lib.rs", list);
    [books.source("src/batch.rs", code)]
}

#[test]
fn a_failpoint_that_is_not_listed_is_caught() {
    catches(
        "failpoints",
        books("", CODE),
        &["platform/books/src/batch.rs:1", "platform/books/src/batch.rs:2"],
    );
    let shorter = LIST.replace("\"books.b\",", "");
    catches("failpoints", books(&shorter, CODE), &["platform/books/src/batch.rs:2"]);
}

#[test]
fn a_listed_failpoint_that_no_code_passes_is_caught() {
    let code = "fn f() { failpoint(\"books.a\"); g(\"books.b\") }";

    catches("failpoints", books(LIST, code), &["platform/books/src/lib.rs:3"]);
}

#[test]
fn a_failpoint_whose_name_is_computed_is_caught() {
    let code = format!("{CODE}\nfn h() {{ failpoint(NAME); }}");

    catches("failpoints", books(LIST, &code), &["platform/books/src/batch.rs:3"]);
}

#[test]
fn failpoints_that_are_listed_and_passed_are_spared() {
    spares("failpoints", books(LIST, CODE));
    let definition = "pub fn failpoint(name: &'static str) {} // failpoint(\"x\")";
    spares("failpoints", books("use socle_db::failpoint;", definition));
    let tests = Draft::at("platform/books").source("tests/it/main.rs", CODE);
    spares("failpoints", [tests]);
}
