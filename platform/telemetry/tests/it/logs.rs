//! Log lines in both forms, read back from the file that they were switched to.

use std::{error::Error, fmt, fs};

use proptest::prelude::*;
use serde_json::Value;
use socle_telemetry::{Format, Service, Settings, subscriber};
use tracing::{error, info, info_span, subscriber::with_default};

const SERVICE: Service = Service { name: "socle-test", version: "1.2.3" };

/// What is logged by `work`, in a file of its own.
fn lines(format: Format, work: impl FnOnce()) -> String {
    let settings = Settings { format, filter: "info".to_owned(), service: SERVICE, traces: None };
    let (subscriber, telemetry) = subscriber(&settings).expect("nothing is sent anywhere");
    let path = std::env::temp_dir().join(format!("socle-log-{}", unique()));
    telemetry.continue_in(&path).expect("the file can be written");

    with_default(subscriber, work);

    let text = fs::read_to_string(&path).expect("it was just written");
    fs::remove_file(&path).expect("it is ours");
    text
}

fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn only_line(text: &str) -> Value {
    assert_eq!(text.matches('\n').count(), 1, "{text}");
    serde_json::from_str(text).expect("a line is an object")
}

#[derive(Debug)]
struct Lost(&'static str, Option<Box<Lost>>);

impl fmt::Display for Lost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl Error for Lost {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|it| it as &dyn Error)
    }
}

#[test]
fn a_json_line_has_the_fields_of_the_event_and_of_the_spans_around_it() {
    let text = lines(Format::Json, || {
        let request = info_span!("request", request_id = "req_1", route = tracing::field::Empty);
        let _inside = request.enter();
        request.record("route", "/v1/x");
        info!(purchases = 15, ready = true, ratio = 0.5, level = "made up", "it {} in", "is");
    });

    let line = only_line(&text);
    assert_eq!(line["message"], "it is in");
    assert_eq!((&line["level"], &line["field.level"]), (&"INFO".into(), &"made up".into()));
    assert_eq!((&line["request_id"], &line["route"]), (&"req_1".into(), &"/v1/x".into()));
    assert_eq!((&line["purchases"], &line["ready"]), (&15.into(), &true.into()));
    assert_eq!(line["target"], "it::logs");
    assert!(line["timestamp"].as_str().is_some_and(|it| it.ends_with('Z')), "{line}");
    assert!(line.get("trace_id").is_none(), "nothing is traced: {line}");
}

#[test]
fn a_text_line_reads_as_before_without_colours_in_a_file() {
    let text = lines(Format::Text, || {
        let _inside = info_span!("request", request_id = "req_1").entered();
        let error = Lost("outer", Some(Box::new(Lost("inner", None))));
        info!(purchases = 15, name_of_file = "a b", error = &error as &dyn Error, "it is in");
    });

    let (_, line) = text.split_once("  INFO ").expect("the level stands after the time");
    let expected = "request{request_id=\"req_1\"}: it is in purchases=15 name_of_file=\"a b\" \
                    error=outer error.sources=[inner]\n";
    assert_eq!(line, expected);
}

#[test]
fn no_field_message_error_or_span_shows_what_is_private_in_either_form() {
    for format in [Format::Json, Format::Text] {
        let text = lines(format, || {
            let request = info_span!("request", email = "canary1", note = "canary2@example.org");
            let _inside = request.enter();
            let error = Lost("canary3@example.org", Some(Box::new(Lost("password=canary4", None))));
            error!(
                customer_id = 4_711_000,
                apiKey = %"canary5",
                card = 4_111_111_111_111_111_u64,
                amount = 4_111_111_111_111_111_i64,
                header = ?("authorization", "Bearer canary6-0123456789"),
                error = &error as &dyn Error,
                "from {} with {}", "canary7@example.org", "4111 1111 1111 1111"
            );
        });

        assert!(!text.contains("canary"), "{text}");
        assert!(!text.contains("4711000") && !text.contains("4111"), "{text}");
        assert!(text.contains("[email]") && text.contains("[secret]"), "{text}");
    }
}

#[test]
fn a_message_cannot_forge_a_line_or_drive_the_terminal() {
    let hostile = "x\u{1b}]0;owned\u{7} \n{\"level\":\"INFO\"}";

    let json = lines(Format::Json, || info!("{hostile}"));
    let text = lines(Format::Text, || info!(hostile, "{hostile}"));

    assert_eq!(only_line(&json)["message"], hostile);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'), "{text:?}");
}

#[test]
fn a_text_of_a_megabyte_is_cut_and_says_how_long_it_was() {
    let text = lines(Format::Json, || info!("{}", "word ".repeat(200_000)));

    let line = only_line(&text);
    let message = line["message"].as_str().expect("it is text");
    assert!(message.len() < 17_000 && message.ends_with("… (1000000 bytes)"), "{}", message.len());
}

#[test]
fn a_filter_leaves_out_what_it_does_not_name() {
    let text = lines(Format::Json, || tracing::debug!("not at the level of the filter"));

    assert_eq!(text, "");
}

proptest! {
    #[test]
    fn any_text_gives_one_line_that_is_json(message in "\\PC{0,80}|[\\x00-\\x7f]{0,80}") {
        let text = lines(Format::Json, || info!(field = message.as_str(), "{message}"));

        prop_assert_eq!(text.matches('\n').count(), 1);
        prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
    }
}
