//! What can be seen whole.

use crate::world::{Draft, catches, spares};

const PLACE: &str = "modules/loyalty/shop/src/app.rs";

fn file(text: &str) -> [Draft; 1] {
    [Draft::at("modules/loyalty/shop").source("src/app.rs", text)]
}

#[test]
fn a_file_above_400_lines_is_caught() {
    spares("limits", file(&"fn f() {}\n".repeat(400)));
    catches("limits", file(&"fn f() {}\n".repeat(401)), &[&format!("{PLACE}:401")]);
}

#[test]
fn a_function_above_70_lines_is_caught_inside_macros_and_implementations_too() {
    let function = |lines: usize| format!("fn f()\n-> [u8; 2] {{ {}}}", "\n".repeat(lines - 2));

    for (before, after) in [
        ("", ""),
        ("impl Shop {", "}"),
        ("mod inner {", "}"),
        ("proptest! {", "}"),
        ("trait Sell {", "}"),
    ] {
        let wrapped = |lines| file(&format!("{before}\n{}\n{after}", function(lines)));

        spares("limits", wrapped(70));
        catches("limits", wrapped(71), &[&format!("{PLACE}:2")]);
    }
}

#[test]
fn a_line_above_100_columns_is_caught_unless_a_string_makes_it_long() {
    let comment = |columns: usize| format!("// {}", "é".repeat(columns - 3));
    let string = format!("const A: &str = \"{}\";", "x".repeat(100));
    let raw = format!("const A: &str = r#\"\n{}\n\"#;", "x".repeat(120));
    let after = format!("const A: &str = \"\"; // {}", "x".repeat(100));
    let documented = format!("/// {}\nfn f() {{}}", "x".repeat(100));

    for text in [comment(101), after, documented] {
        catches("limits", file(&text), &[&format!("{PLACE}:1")]);
    }
    for text in [comment(100), string, raw] {
        spares("limits", file(&text));
    }
}

#[test]
fn a_sixth_argument_is_caught_and_the_receiver_does_not_count() {
    let five = "a: u8, b: u8, c: u8, d: u8, e: u8";

    spares("limits", file(&format!("impl Shop {{ fn f(&self, {five}) {{}} }}")));
    spares("limits", file(&format!("fn f({five}) {{}} // f: u8")));
    catches("limits", file(&format!("fn f({five}, f: u8) {{}}")), &[&format!("{PLACE}:1")]);
    catches(
        "limits",
        file(&format!("trait Sell {{\n fn f(self, {five}, f: u8); }}")),
        &[&format!("{PLACE}:2")],
    );
}

#[test]
fn the_arguments_of_a_trait_are_its_own_affair_where_it_is_implemented() {
    let six = "a: u8, b: u8, c: u8, d: u8, e: u8, f: u8";

    spares("limits", file(&format!("impl Sell for Shop {{ fn f(&self, {six}) {{}} }}")));
    catches(
        "limits",
        file(&format!("impl Sell for Shop {{ fn f(&self) {{\n fn g({six}) {{}} }} }}")),
        &[&format!("{PLACE}:2")],
    );
    catches(
        "limits",
        file(&format!("impl Shop {{\n fn f({six}) {{}} }}")),
        &[&format!("{PLACE}:2")],
    );
}
