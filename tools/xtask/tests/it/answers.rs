//! What the smoke test reads, and that it can fail.

use xtask::smoke::answer::{Answer, member};

const OBJECT: &str = r#"{"lines":6919,"imported":0, "rejected": [],"points":239444}"#;

#[test]
fn a_member_is_read_as_json_writes_it() {
    assert_eq!(member(OBJECT, "lines"), Some("6919"));
    assert_eq!(member(OBJECT, "rejected"), Some("[]"));
    assert_eq!(member(OBJECT, "points"), Some("239444"));
    assert_eq!(member(OBJECT, "already"), None);
    assert_eq!(member("", "lines"), None);
}

#[test]
fn another_value_and_a_missing_member_are_failures_that_show_the_answer() {
    let answer = Answer { command: "socle import".into(), object: OBJECT.into() };

    assert!(answer.says("imported", "0").is_ok());
    for (name, expected) in [("imported", "6919"), ("imported", "00"), ("already", "0")] {
        let failure = answer.says(name, expected).expect_err(name).to_string();
        assert!(failure.contains(OBJECT), "{failure}");
    }
}
