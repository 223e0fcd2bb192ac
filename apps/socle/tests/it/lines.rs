//! What is one purchase, and what is none.

use serde_json::json;

use crate::place::Place;

#[test]
fn a_purchase_is_what_it_is_whatever_the_line_looks_like() {
    let place = Place::served();
    let five = " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n";
    let four = "00004\t19970118 02 29.730\r\n\r\n\u{feff}00004 19970101 2 29.33";

    let first = place.ask(&["import", "purchases", &place.file("five.txt", five)]);
    let second = place.ask(&["import", "purchases", &place.file("four.txt", four)]);

    let points = 58;
    assert_eq!(
        first,
        json!({"lines": 2, "imported": 2, "already": 0, "rejected": [], "points": points})
    );
    assert_eq!(second["already"], 2, "{second}");
    assert_eq!((&second["lines"], &second["points"]), (&json!(2), &json!(points)));

    identical_lines_are_distinct_purchases(&place);
    a_longer_file_adds_what_is_new(&place);
    a_purchase_of_no_points_is_in_and_moves_nothing(&place);
}

fn identical_lines_are_distinct_purchases(place: &Place) {
    let line = "twin 19970101 1 10.00\n";
    let twice = place.file("twice.txt", line.repeat(2));
    let thrice = place.file("thrice.txt", line.repeat(3));

    let first = place.ask(&["import", "purchases", &twice]);
    let second = place.ask(&["import", "purchases", &thrice]);

    assert_eq!((&first["imported"], &first["points"]), (&json!(2), &json!(20)));
    assert_eq!((&second["imported"], &second["already"]), (&json!(1), &json!(2)));
    let balance = ["ledger", "balance", "--customer", "twin", "--at", "1997-01-01"];
    assert_eq!(place.ask(&balance)["available"], 30);
}

fn a_longer_file_adds_what_is_new(place: &Place) {
    let old = "longer 19970101 1 10.00\nlonger 19970102 1 11.00\n";
    let short = place.file("short.txt", old);
    let long = place.file("long.txt", format!("longer 19970103 1 12.00\n{old}new 19970101 1 10\n"));
    place.ask(&["import", "purchases", &short]);

    let report = place.ask(&["import", "purchases", &long]);

    let counts = (&report["imported"], &report["already"], &report["points"]);
    assert_eq!(counts, (&json!(2), &json!(2), &json!(43)));
}

fn a_purchase_of_no_points_is_in_and_moves_nothing(place: &Place) {
    let file = place.file("nothing.txt", "idle 19970101 1 0.99\n");
    let before = place.ask(&["ledger", "verify"])["entries"].clone();

    let first = place.ask(&["import", "purchases", &file]);
    let second = place.ask(&["import", "purchases", &file]);

    assert_eq!((&first["imported"], &first["points"]), (&json!(1), &json!(0)));
    assert_eq!(second["already"], 1);
    assert_eq!(place.ask(&["ledger", "verify"])["entries"], before);
    assert_eq!(place.ask(&["ledger", "balance", "--customer", "idle"])["earned"], 0);
}

#[test]
fn malformed_lines_are_reported_by_number_with_the_reason_and_the_rest_goes_in() {
    let place = Place::with_demo();
    let long = format!("{} 19970101 1 1.00", "x".repeat(1_000));
    let wide = format!("{} 19970101 1 1.00", "y".repeat(101));
    let mut content = b"good 19970101 1 10.00\n\n".to_vec();
    let bad: [(&[u8], &str); 13] = [
        (b"only three columns", "5 or 4 columns, this has 3"),
        (b"a b 19970101 1 2.00 c", "5 or 4 columns, this has 6"),
        (b"a 19970231 1 2.00", "the date 19970231 does not exist"),
        (b"a 1997-01-01 1 2.00", "the date 1997-01-01 does not read YYYYMMDD"),
        (b"a 29970101 1 2.00", "the date 29970101 lies in the future"),
        (b"a 19970101 one 2.00", "the count one is no whole number of things"),
        (b"a 19970101 -1 2.00", "the count -1 is no whole number of things"),
        (b"a 19970101 1 2.001", "dollars: 2.001: a sum reads 29.33"),
        (b"a 19970101 1 -2.00", "dollars: -2.00 is negative"),
        (b"a 19970101 1 99999999999999999999", "the sum is too large"),
        (b"a\xff 19970101 1 2.00", "the line is not UTF-8"),
        (long.as_bytes(), "the line has more than 1000 bytes"),
        (wide.as_bytes(), "the customer: it has at most 100 characters"),
    ];
    for (line, _) in bad {
        content.extend_from_slice(line);
        content.push(b'\n');
    }
    content.extend_from_slice(b"a\0b 19970101 1 2.00\ngood 19970102 1 20.00");

    let report = place.ask(&["import", "purchases", &place.file("bad.txt", content)]);

    let counts = (&report["lines"], &report["imported"], &report["points"]);
    assert_eq!(counts, (&json!(16), &json!(2), &json!(30)), "{report}");
    let rejected = report["rejected"].as_array().unwrap();
    assert_eq!(rejected.len(), 14);
    for (place, (found, (_, reason))) in rejected.iter().zip(bad).enumerate() {
        assert_eq!(found["line"], 3 + place, "{found}");
        assert!(found["reason"].as_str().unwrap().contains(reason), "{found}, expected {reason}");
    }
    assert_eq!(rejected[13]["line"], 16);
    assert!(rejected[13]["reason"].as_str().unwrap().contains("cannot contain"));
}
