//! What is taken out of text, and what is left alone.

use std::borrow::Cow;

use proptest::{prelude::*, sample::select, test_runner::TestCaseError};
use socle_telemetry::scrub;

/// Text that must not be seen, what is left of it, and the part that must be gone.
const PLANTED: &[(&str, &str, &str)] = &[
    ("ada@example.org", "[email]", "ada@"),
    ("ada.l+tag%40mail.example.co.uk", "[email]", "ada"),
    ("zoë@exämple.org", "[email]", "zo"),
    ("4111111111111111", "[card]", "4111"),
    ("4111 1111 1111 1111", "[card]", "4111"),
    ("5500-0000-0000-0004", "[card]", "5500"),
    ("3782 822463 10005", "[card]", "3782"),
    ("6304000000000000", "[card]", "6304"),
    ("4222222222222", "[card]", "4222"),
    ("FR7630006000011234567890189", "[iban]", "3000"),
    ("DE89 3704 0044 0532 0130 00", "[iban]", "3704"),
    ("gb29nwbk60161331926819", "[iban]", "nwbk"),
    ("sk_acme_0123456789abcdefghij", "[secret]", "0123"),
    ("sk_live_abcdefghijklmnopqrst", "[secret]", "abcd"),
    ("Bearer abc.DEF-123_x", "Bearer [secret]", "abc"),
    ("bearer  abcdefghijklmnopqrstuvwx", "bearer  [secret]", "abcdef"),
    ("Basic YWRhOmxvdmVsYWNl", "Basic [secret]", "YWRh"),
    ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.", "[secret]", "eyJ"),
    ("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl", "[secret]", "eyJ"),
    ("postgres://ada:pa55@db.example/x", "postgres://ada:[secret]@db.example/x", "pa55"),
    ("redis://:hunter/2@localhost:6379", "redis://:[secret]@localhost:6379", "hunter"),
    ("password=hunter2", "password=[secret]", "hunter2"),
    ("?api_key=hunter2&page=2", "?api_key=[secret]&page=2", "hunter2"),
    ("{\"email\":\"Ada\",\"n\":1}", "{\"email\":\"[secret]\",\"n\":1}", "Ada"),
    ("{\\\"name\\\":\\\"Ada \\\\\\\" L\\\",", "{\\\"name\\\":\\\"[secret]\\\",", "Ada"),
    ("Person { name: \"Ada \\\" L\" }", "Person { name: \"[secret]\" }", "Ada"),
    ("Key (email)=(Ada) already", "Key (email)=([secret]) already", "Ada"),
    ("Failing row contains (1, Ada)", "Failing row contains ([secret]", "Ada"),
    ("set-cookie: sid=hunter2; Secure", "set-cookie: [secret]", "hunter2"),
];

/// Text that looks like what is taken out, and is not.
const CLEAN: &[&str] = &[
    "4111111111111112",
    "4111 1111 1111 1112",
    "41111111111111111111",
    "0.4111111111111111",
    "417007 2321 182",
    "4111 1111 111 1111 1",
    "x4111111111111111",
    "1764083545123456",
    "2026-11-25 15:12:25",
    "0199c1d2-e123-7123-8123-123456789012",
    "FR7630006000011234567890188",
    "DE8937040044053201300",
    "tokio@1.54.1",
    "root@localhost",
    "@ada",
    "sk_buff",
    "the bearer information",
    "Bearer authentication",
    "Basic information",
    "Basic dGVzdA",
    "eyJ.eyJ",
    "http://127.0.0.1:8080/a@b",
    "postgres://ada@localhost/socle",
    "the token: it expired",
    "password == token",
    "purchases=15 balance=-3",
    "{\"points\":\"12\"}",
    "f(x)=y, g(x)",
];

#[test]
fn every_planted_secret_is_taken_out_and_its_surroundings_stay() {
    for &(text, expected, _) in PLANTED {
        assert_eq!(scrub(text), expected);
    }
}

#[test]
fn what_only_looks_like_a_secret_is_left_alone_and_borrowed() {
    for &text in CLEAN {
        assert!(matches!(scrub(text), Cow::Borrowed(it) if it == text), "{text}: {}", scrub(text));
    }
}

#[test]
fn text_made_to_be_slow_is_not() {
    let started = std::time::Instant::now();

    for part in
        ["://", "eyJaaaaaaaa-", "a@", "\"", "password:\"", "4 ", "%40", "x=", "Bearer ", ")=("]
    {
        let _ = scrub(&part.repeat(16 * 1024 / part.len()));
    }

    // A hundred times what it takes, so that a loaded machine does not matter and a square does.
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

/// Words, short and long numbers, names of fields, and marks.
const WORDS: &str = "[a-z]{1,12}|[0-9]{1,3}|[0-9]{7,12}|[a-z_]{1,8}: |[(),.;-]";

proptest! {
    #[test]
    fn words_and_numbers_of_ours_stay_as_they_are(
        words in prop::collection::vec(WORDS, 0..40)
    ) {
        let text = words.join(" ");

        prop_assert_eq!(scrub(&text), text.as_str());
    }

    #[test]
    fn a_planted_secret_goes_wherever_it_stands(
        before in "([ \\n\"'(\\[,;>|é]|[xy]{1,9} ){0,6}",
        planted in select(PLANTED),
        after in "([ \\n\"')\\],;<|é][xy]{0,9}){0,6}",
    ) {
        let text = format!("{before}{}{after}", planted.0);

        let clean = scrub(&text).into_owned();

        prop_assert!(!clean.contains(planted.2), "{}", clean);
        is_settled(&clean)?;
    }

    #[test]
    fn any_mix_of_pieces_is_settled_after_one_pass(
        pieces in prop::collection::vec(
            prop_oneof![
                select(PLANTED).prop_map(|it| it.0.to_owned()),
                select(CLEAN).prop_map(str::to_owned),
                "[-@%:=(){}.,\"'\\\\ _/a-c0-9é]{0,8}",
            ],
            0..8,
        )
    ) {
        is_settled(&scrub(&pieces.concat()))?;
    }

    #[test]
    fn any_text_at_all_is_taken(text in "\\PC{0,200}") {
        is_settled(&scrub(&text))?;
    }

    #[test]
    fn any_number_that_passes_as_a_card_goes(digits in "4[0-9]{11,17}", separator in "|-| ") {
        let card = with_check_digit(&digits);
        let groups: Vec<_> = card.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
        let text = format!("paid with {} today", groups.join(&separator));

        prop_assert_eq!(scrub(&text), "paid with [card] today");
    }
}

fn is_settled(clean: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(scrub(clean), clean);
    Ok(())
}

fn with_check_digit(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, it)| match (place % 2, u32::from(it - b'0')) {
            (0, digit) if digit < 5 => digit * 2,
            (0, digit) => digit * 2 - 9,
            (_, digit) => digit,
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
