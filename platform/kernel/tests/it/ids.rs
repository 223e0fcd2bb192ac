//! Identifiers and text with rules.

use std::collections::HashSet;

use proptest::prelude::*;
use socle_kernel::{AccountId, Actor, Cx, Id, Rule, TenantId, Text, TextError, Timestamp};
use uuid::Uuid;

proptest! {
    #[test]
    fn an_identifier_is_read_in_the_form_it_is_printed_and_in_no_other(bits: u128) {
        let id = AccountId::from_uuid(Uuid::from_u128(bits));
        let printed = id.to_string();

        prop_assert_eq!(printed.parse(), Ok(id));
        prop_assert_eq!(serde_json::to_value(id).expect("JSON"), printed.as_str());
        let of_another_kind = TenantId::from_uuid(id.uuid()).to_string();
        let longer = format!("{printed}0");
        for other in [of_another_kind, id.uuid().to_string(), longer, printed[4..].to_owned()] {
            prop_assert!(other.parse::<AccountId>().is_err(), "{}", other);
            prop_assert!(serde_json::from_value::<AccountId>(other.into()).is_err());
        }
    }
}

#[test]
fn the_same_words_name_the_same_thing_and_words_do_not_run_together() {
    let of = AccountId::of_words;

    assert_eq!(of(&["a", "bc"]), of(&["a", "bc"]));
    let apart: HashSet<_> =
        [of(&["a", "bc"]), of(&["ab", "c"]), of(&["abc"]), of(&["a", "bc", ""])].into();
    assert_eq!(apart.len(), 4);
    assert_eq!(of(&["a"]).uuid().get_version_num(), 8);
}

#[test]
fn drawn_identifiers_keep_the_order_of_drawing() {
    let noon: Timestamp = "2030-01-01T12:00:00Z".parse().expect("a time");
    let cx = Cx::new(Id::from_uuid(Uuid::nil()), Actor::System("test"), noon);

    let drawn: Vec<AccountId> = (0..1_000).map(|_| cx.new_id()).collect();

    assert!(drawn.is_sorted());
    assert_eq!(drawn.iter().collect::<HashSet<_>>().len(), 1_000);
    assert_eq!(drawn[0].uuid().get_version_num(), 7);
}

enum Handle {}

impl Rule for Handle {
    const NAME: &str = "Handle";
    const CHARS_MAX: usize = 5;

    fn admits(it: char) -> bool {
        it != '#'
    }
}

#[test]
fn text_is_trimmed_and_keeps_its_rule() {
    let text = Text::<Handle>::try_new;

    assert_eq!(text("  ééééé ").expect("five characters").as_ref(), "ééééé");
    assert_eq!(text(" \t "), Err(TextError::Empty));
    assert_eq!(text("123456"), Err(TextError::TooLong { chars_max: 5 }));
    assert_eq!(text("a#b"), Err(TextError::Character { character: '#' }));
    assert_eq!(text("a\u{0}b"), Err(TextError::Character { character: '\u{0}' }));
    assert!(serde_json::from_str::<Text<Handle>>("\"123456\"").is_err());
}
