//! When an entry's times are, in a zone with its gaps and repetitions.

use croner::{
    Cron,
    errors::CronError,
    parser::{CronParser, Seconds, Year},
};
use jiff::tz::TimeZone;
use socle_kernel::Timestamp;

/// Five fields, as they are understood here.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) text: &'static str,
    /// One for each hour and minute that are told, else the one. `croner` gives a single time of
    /// the day what a daily job needs where clocks are changed, and a list of times nothing.
    times: Vec<Cron>,
}

impl Expression {
    pub(crate) fn read(text: &'static str) -> Result<Self, CronError> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed);
        let parser = parser.build();
        let whole = parser.parse(text)?;
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, days @ ..] = &fields[..] else {
            return Ok(Self { text, times: vec![whole] });
        };
        if [minute, hour].iter().any(|it| it.contains(['*', '/', '?'])) {
            return Ok(Self { text, times: vec![whole] });
        }
        let (days, minutes) = (days.join(" "), whole.pattern.minutes.values());
        let hours = whole.pattern.hours.values().into_iter();
        let each = hours.flat_map(|hour| minutes.iter().map(move |minute| (hour, *minute)));
        let each = each.map(|(hour, minute)| parser.parse(&format!("{minute} {hour} {days}")));
        Ok(Self { text, times: each.collect::<Result<_, _>>()? })
    }

    /// The first time after `at`; none if there is none for thousands of years.
    pub(crate) fn after(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let at = at.to_jiff().to_zoned(zone.clone());
        let next = |it: &Cron| it.find_next_occurrence(&at, false).ok();
        self.times.iter().filter_map(next).map(|it| it.timestamp().into()).min()
    }

    /// The last time until `at`, itself included.
    pub(crate) fn until(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let at = at.to_jiff().to_zoned(zone.clone());
        let last = |it: &Cron| it.find_previous_occurrence(&at, true).ok();
        self.times.iter().filter_map(last).map(|it| it.timestamp().into()).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("the zone is known")
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    /// The times from one to another, and the same ones looked for from the other end.
    fn times(text: &'static str, zone: &TimeZone, from: &str, to: &str) -> Vec<String> {
        let expression = Expression::read(text).expect("it reads");
        let (from, to) = (at(from), at(to));
        let mut found = Vec::new();
        let mut next = from;
        while let Some(it) = expression.after(next, zone).filter(|it| *it <= to) {
            found.push(it.to_string());
            next = it;
        }
        let mut back = Vec::new();
        let mut last = to;
        while let Some(it) = expression.until(last, zone).filter(|it| from < *it) {
            back.push(it.to_string());
            last = it.to_jiff().checked_sub(jiff::SignedDuration::from_secs(1)).expect("").into();
        }
        back.reverse();
        assert_eq!(found, back, "both ways");
        found
    }

    #[test]
    fn a_daily_time_that_is_missing_is_made_up_for_at_the_first_moment_after_the_gap() {
        let paris = times(
            "30 2 * * *",
            &zone("Europe/Paris"),
            "2026-03-27T12:00:00Z",
            "2026-03-30T12:00:00Z",
        );
        let new_york = times(
            "30 2 * * *",
            &zone("America/New_York"),
            "2026-03-06T12:00:00Z",
            "2026-03-09T12:00:00Z",
        );

        assert_eq!(paris, ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]);
        assert_eq!(
            new_york,
            ["2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]
        );
    }

    #[test]
    fn a_daily_time_that_comes_twice_is_taken_the_first_time() {
        let paris = times(
            "30 2 * * *",
            &zone("Europe/Paris"),
            "2026-10-23T12:00:00Z",
            "2026-10-26T12:00:00Z",
        );
        let new_york = times(
            "30 1 * * *",
            &zone("America/New_York"),
            "2026-10-30T12:00:00Z",
            "2026-11-02T12:00:00Z",
        );

        assert_eq!(paris, ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
        assert_eq!(
            new_york,
            ["2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]
        );
    }

    #[test]
    fn times_that_are_listed_are_each_made_up_for_and_taken_once() {
        let paris = zone("Europe/Paris");
        let gap = times("15,45 2,5 * * *", &paris, "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z");
        let twice = times("30 1-3 * * *", &paris, "2026-10-24T22:00:00Z", "2026-10-25T12:00:00Z");

        assert_eq!(gap, ["2026-03-29T01:00:00Z", "2026-03-29T03:15:00Z", "2026-03-29T03:45:00Z"]);
        assert_eq!(twice, ["2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00Z"]);
    }

    #[test]
    fn intervals_follow_the_time_that_passes() {
        let paris = zone("Europe/Paris");
        let spring = ("2026-03-28T23:00:00Z", "2026-03-29T04:00:00Z");
        let autumn = ("2026-10-24T22:00:00Z", "2026-10-25T03:00:00Z");

        for (from, to) in [spring, autumn] {
            let quarters = times("*/15 * * * *", &paris, from, to);
            let hours = times("30 * * * *", &paris, from, to);
            assert_eq!((quarters.len(), hours.len()), (20, 5), "{from}");
            assert!(hours.iter().all(|it| it.ends_with(":30:00Z")));
        }
    }

    #[test]
    fn days_of_the_month_and_of_the_week_are_those_of_the_zone() {
        let first = times(
            "0 0 1 * *",
            &zone("Europe/Paris"),
            "2026-02-10T00:00:00Z",
            "2026-04-10T00:00:00Z",
        );
        let sundays = times(
            "0 3 * * 0",
            &zone("America/New_York"),
            "2026-03-01T12:00:00Z",
            "2026-03-15T12:00:00Z",
        );

        assert_eq!(first, ["2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"]);
        assert_eq!(sundays, ["2026-03-08T07:00:00Z", "2026-03-15T07:00:00Z"]);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["", "* * * *", "60 * * * *", "* 24 * * *", "0 0 * * * *", "every day"] {
            assert!(Expression::read(text).is_err(), "{text:?}");
        }
    }
}
