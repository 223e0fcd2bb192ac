//! Files and crates say what they are.

use crate::world::{Draft, catches, spares};

#[test]
fn a_silent_file_is_caught_wherever_it_stands() {
    for (inside, text) in [
        ("src/app.rs", "use std::fs;"),
        ("src/app.rs", "\n//! Use cases."),
        ("src/app.rs", "// Use cases."),
        ("src/app.rs", "#![doc = include_str!(\"../README.md\")]"),
        ("tests/it/main.rs", "mod world;"),
        ("build.rs", "fn main() {}"),
    ] {
        let shop = Draft::at("modules/loyalty/shop").source(inside, text);

        catches("openings", [shop], &[&format!("modules/loyalty/shop/{inside}:1")]);
    }
}

#[test]
fn a_crate_whose_readme_is_missing_or_says_nothing_is_caught() {
    for readme in [
        "",
        "\n\n",
        "# A shop, which owns what is on its shelves and never a customer's data.",
        "# Shop\n\nA shop.\n",
        "# Shop\n\n```\nOne two three four five six seven eight nine ten eleven.\n```\n",
    ] {
        let shop = Draft::at("contracts/shop").explained(readme);

        catches("openings", [shop], &["contracts/shop:1"]);
    }
    let said = "# Shop\n\nSells what there is, owns\nits shelves and never a customer's data.\n";
    spares("openings", [Draft::at("contracts/shop").explained(said)]);
}

#[test]
fn files_that_open_with_words_or_with_the_readme_are_spared() {
    let shop = Draft::at("modules/loyalty/shop").source("src/app.rs", "//! Use cases.");

    spares("openings", [shop.source("src/lib.rs", "#![doc = include_str!(\"../README.md\")]\n")]);
}
