//! What the metrics say, and that nobody can make them say more.

use std::{collections::BTreeSet, time::Duration};

use http::{Method, StatusCode};
use socle_telemetry::{AuthFailure, Metrics, PanicPlace, Pool, Request};

/// Every label that may exist: each is a decision, see `docs/observability.md`.
const LABELS: [&str; 12] = [
    "books",
    "http_request_method",
    "http_response_status_code",
    "http_route",
    "le",
    "pool",
    "reason",
    "state",
    "task",
    "trace_id",
    "version",
    "where",
];

fn answered(route: Option<&str>, took_ms: u64) -> Request<'_> {
    let took = Duration::from_millis(took_ms);
    Request { method: &Method::GET, route, status: StatusCode::OK, took, trace: None }
}

/// The value of the one line that begins so.
fn value(text: &str, series: &str) -> String {
    let rest = |it: &str| it.strip_prefix(series)?.strip_prefix(' ').map(str::to_owned);
    let values: Vec<_> = text.lines().filter_map(rest).collect();
    let [value] = values.as_slice() else { panic!("not one `{series}` in\n{text}") };
    value.split(' ').next().expect("split gives a first part").to_owned()
}

fn number(text: &str, series: &str) -> f64 {
    value(text, series).parse().expect("a value is a number")
}

fn label_names(text: &str) -> BTreeSet<&str> {
    let series = text.lines().filter(|it| !it.starts_with('#'));
    let labels = series.flat_map(|it| it.split(['{', ',']).filter_map(|it| it.split_once("=\"")));
    labels.map(|(name, _)| name).collect()
}

#[test]
fn a_request_is_counted_in_the_bucket_of_its_duration() {
    let metrics = Metrics::new("1.2.3");

    metrics.request_ended(answered(Some("/v1/ledger/accounts/{id}"), 150));
    metrics.request_ended(answered(Some("/v1/ledger/accounts/{id}"), 700));

    let text = metrics.render();
    let labels = "http_request_method=\"GET\",http_route=\"/v1/ledger/accounts/{id}\",\
                  http_response_status_code=\"200\"";
    let name = "http_server_request_duration_seconds";
    let bucket = |le: &str| value(&text, &format!("{name}_bucket{{le=\"{le}\",{labels}}}"));
    assert_eq!(["0.1", "0.2", "0.5", "1.0"].map(bucket), ["0", "1", "1", "2"]);
    assert_eq!(value(&text, &format!("{name}_count{{{labels}}}")), "2");
    assert!((number(&text, &format!("{name}_sum{{{labels}}}")) - 0.85).abs() < 1e-9);
}

#[test]
fn a_slow_request_points_to_its_trace() {
    let metrics = Metrics::new("1.2.3");
    let trace = Some("0af7651916cd43dd8448eb211c80319c".to_owned());

    metrics.request_ended(Request { trace, ..answered(Some("/v1/x"), 150) });

    assert!(metrics.render().contains("# {trace_id=\"0af7651916cd43dd8448eb211c80319c\"} 0.15"));
}

#[test]
fn requests_under_way_are_those_that_began_and_did_not_end() {
    let metrics = Metrics::new("1.2.3");
    let active = || value(&metrics.render(), "http_server_active_requests");

    let one = metrics.request_began();
    let other = metrics.request_began();
    assert_eq!(active(), "2");

    drop((one, other));
    assert_eq!(active(), "0");
}

#[test]
fn every_reason_is_there_from_the_start_at_zero() {
    let metrics = Metrics::new("1.2.3");

    let text = metrics.render();

    assert_eq!(value(&text, "socle_auth_failures_total{reason=\"revoked\"}"), "0");
    assert_eq!(value(&text, "socle_panics_total{where=\"request\"}"), "0");
    assert_eq!(value(&text, "socle_rate_limited_total"), "0");
    assert_eq!(value(&text, "socle_build_info{version=\"1.2.3\"}"), "1");
    assert!(text.ends_with("# EOF\n"), "{text}");
}

#[test]
fn what_is_counted_is_shown() {
    let metrics = Metrics::new("1.2.3");

    metrics.auth_failed(AuthFailure::Revoked);
    metrics.clone().rate_limited();
    metrics.panicked(PanicPlace::Batch);
    metrics.restarted("relay");
    metrics.batch_posted("ledger", 64);
    metrics.watch_pool("app", || Pool { in_use: 3, idle: 5 });
    metrics.watch_pool("owner", || Pool { in_use: 0, idle: 1 });
    metrics.watch_queue("ledger", || 7);

    let text = metrics.render();
    assert_eq!(value(&text, "socle_auth_failures_total{reason=\"revoked\"}"), "1");
    assert_eq!(value(&text, "socle_rate_limited_total"), "1");
    assert_eq!(value(&text, "socle_panics_total{where=\"batch\"}"), "1");
    assert_eq!(value(&text, "socle_background_restarts_total{task=\"relay\"}"), "1");
    assert_eq!(value(&text, "socle_books_batch_units_sum{books=\"ledger\"}"), "64.0");
    assert_eq!(value(&text, "db_client_connections{pool=\"app\",state=\"used\"}"), "3");
    assert_eq!(value(&text, "db_client_connections{pool=\"owner\",state=\"idle\"}"), "1");
    assert_eq!(value(&text, "socle_books_queue_depth{books=\"ledger\"}"), "7");
    assert_eq!(text.matches("# TYPE db_client_connections ").count(), 1);
}

#[test]
fn the_process_tells_what_it_uses() {
    let text = Metrics::new("1.2.3").render();

    assert!(number(&text, "process_cpu_seconds_total") >= 0.);
    assert!(number(&text, "process_resident_memory_bytes") > 1e6);
    assert!(number(&text, "process_open_fds") >= 3.);
    assert!(number(&text, "process_max_fds") >= number(&text, "process_open_fds"));
    let started = number(&text, "process_start_time_seconds");
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_secs_f64();
    assert!((now - 3600. * 24.) < started && started < now + 5., "{started} of {now}");
}

#[test]
fn hostile_input_makes_no_label_and_no_more_series_than_the_limit() {
    let metrics = Metrics::new("1.2.3");
    let odd = Method::from_bytes(b"X-ADA").expect("a token");

    for number in 0..2_000 {
        let route =
            format!("/v1/users/{number}?email=ada@example.org\"}} 1\nforged{{user_id=\"{number}");
        metrics.request_ended(Request { method: &odd, ..answered(Some(&route), 1) });
        metrics.request_ended(answered(None, 1));
    }

    let text = metrics.render();
    let known = BTreeSet::from(LABELS);
    let unescaped = text.replace("\\\"", "'");
    let names = label_names(&unescaped);
    let series =
        text.lines().filter(|it| it.starts_with("http_server_request_duration_seconds_count"));
    assert!(series.count() <= 514);
    assert!(text.contains("http_request_method=\"_OTHER\",http_route=\"_OTHER\""));
    assert!(text.contains("http_request_method=\"GET\",http_route=\"_UNMATCHED\""));
    assert!(!text.contains("X-ADA") && !text.lines().any(|it| it.starts_with("forged")));
    assert!(names.iter().all(|it| known.contains(it)), "{names:?}");
}
