//! Error codes are unique and say whose they are.

use crate::world::{Draft, catches, spares};

fn classify(code: &str) -> String {
    format!(
        "impl Classify for Error {{
            fn class(&self) -> (Kind, &'static str) {{
                match self {{
                    Self::NameTaken => (Kind::Conflict, \"{code}\"),
                    Self::Common(it) => it.class(),
                }}
            }}
        }}"
    )
}

fn coded(path: &str, code: &str) -> Draft {
    Draft::at(path).source("src/error.rs", &classify(code))
}

#[test]
fn a_code_used_twice_is_caught() {
    let shop = coded("modules/loyalty/shop", "shop.name-taken");
    let again = shop.source("src/till.rs", &classify("shop.name-taken"));

    catches("error-codes", [again], &["modules/loyalty/shop/src/till.rs:4"]);
}

#[test]
fn a_code_of_another_form_or_owner_is_caught() {
    for code in ["name-taken", "shop.name_taken", "shop.NameTaken", "ledger.name-taken", "shop."] {
        let shop = coded("modules/loyalty/shop", code);

        catches("error-codes", [shop], &["modules/loyalty/shop/src/error.rs:4"]);
    }
    catches(
        "error-codes",
        [coded("platform/kernel", "kernel.stale")],
        &["platform/kernel/src/error.rs:4"],
    );
}

#[test]
fn codes_of_their_owners_and_other_literals_are_spared() {
    let kernel = coded("platform/kernel", "stale");
    let gift_card = coded("modules/loyalty/gift-card", "gift-card.name-taken");
    let words = "// (Kind::Conflict, \"stale\")
        impl Shop { fn class(&self) -> &str { \"stale\" } }
        impl Classify for Shop {
            fn class(&self) -> (Kind, &str) { (self.kind.expect(\"a kind\"), \"shop.closed\") }
        }";
    let shop = Draft::at("modules/loyalty/shop").source("src/error.rs", words);

    spares("error-codes", [kernel, gift_card, shop]);
}
