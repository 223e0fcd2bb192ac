//! Days and moments.

use socle_kernel::{Day, Timestamp};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

#[test]
fn a_day_means_its_end() {
    let end: Timestamp = "1998-06-30".parse().expect("a day");

    assert_eq!(end, day("1998-06-30").end());
    assert_eq!(end.to_string(), "1998-06-30T23:59:59.999999Z");
    assert_eq!(end.day(), day("1998-06-30"));
    assert!(end < day("1998-07-01").start());
    assert_eq!(end.micros() + 1, day("1998-07-01").start().micros());
}

#[test]
fn months_end_where_months_end() {
    assert_eq!(day("1997-01-18").plus_months(12), day("1998-01-18"));
    assert_eq!(day("2030-01-31").plus_months(1), day("2030-02-28"));
    assert_eq!(day("2028-02-29").plus_months(12), day("2029-02-28"));
    assert_eq!(day("9999-12-31").plus_days(1), day("9999-12-31"));
}

#[test]
fn a_time_is_read_in_one_form() {
    assert!("9999-12-31".parse::<Timestamp>().is_err(), "its end cannot be told");
    for bad in ["1998-6-30", "19980630", "1998-02-30", "30.06.1998", "", "now"] {
        assert!(bad.parse::<Day>().is_err(), "{bad}");
        assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
    }
    let moment: Timestamp = "1998-06-30T12:00:00+02:00".parse().expect("a moment");
    assert_eq!(moment.to_string(), "1998-06-30T10:00:00Z");
    assert_eq!(serde_json::to_value(moment).expect("JSON"), "1998-06-30T10:00:00Z");
}

#[test]
fn a_moment_keeps_whole_microseconds() {
    let fine = jiff::Timestamp::new(1, 999).expect("in range");

    assert_eq!(Timestamp::from(fine).to_jiff().subsec_nanosecond(), 0);
}
