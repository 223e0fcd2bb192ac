//! Spans as a collector receives them.

use std::{fs, net::SocketAddr, time::Duration};

use http::{HeaderMap, HeaderValue};
use serde_json::Value;
use socle_telemetry::{
    Format, Service, Settings, Telemetry, Traces, continue_trace, send_trace, subscriber, trace_id,
};
use socle_testkit::{Collector, spans_of, text_of};
use tracing::{Dispatch, dispatcher::with_default, error, info, info_span};

const SERVICE: Service = Service { name: "socle-test", version: "1.2.3" };
const CALLER: &str = "0af7651916cd43dd8448eb211c80319c";

fn traced(collector: SocketAddr, sampled: f64) -> (Dispatch, Telemetry) {
    let endpoint = format!("http://{collector}");
    let settings = Settings {
        format: Format::Json,
        filter: "info".to_owned(),
        service: SERVICE,
        traces: Some(Traces { endpoint, sampled }),
    };
    let (subscriber, telemetry) = subscriber(&settings).expect("the address is one");
    telemetry.continue_in("/dev/null".as_ref()).expect("it can be written");
    (Dispatch::new(subscriber), telemetry)
}

fn from_caller(flags: &str) -> HeaderMap {
    let value = format!("00-{CALLER}-b7ad6b7169203331-{flags}");
    HeaderMap::from_iter([(
        http::header::HeaderName::from_static("traceparent"),
        HeaderValue::try_from(value).expect("visible characters"),
    )])
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|it| [it >> 4, it & 15]);
    digits.map(|it| char::from_digit(it.into(), 16).expect("four bits")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_arrive_with_their_service_and_without_what_is_private() {
    let collector = Collector::start().await;
    let (dispatch, telemetry) = traced(collector.address, 1.0);

    with_default(&dispatch, || {
        let request = info_span!(target: "socle_test", "request", email = "canary1",
            note = "canary2@example.org", amount = 4_111_111_111_111_111_i64, route = "/v1/x");
        let _inside = request.enter();
        info_span!(target: "socle_test", "inner").in_scope(|| {
            error!(target: "socle_test", detail = "password=canary3", "no canary4@example.org");
        });
    });
    telemetry.end();

    let requests = collector.requests();
    let resource = requests[0].resource_spans[0].resource.as_ref().expect("who sent it");
    assert_eq!(text_of(&resource.attributes, "service.name"), Some("socle-test"));
    assert_eq!(text_of(&resource.attributes, "service.version"), Some("1.2.3"));
    let spans = spans_of(&requests);
    let request = spans.iter().find(|it| it.name == "request").expect("it ended");
    assert_eq!(text_of(&request.attributes, "route"), Some("/v1/x"));
    assert_eq!(text_of(&request.attributes, "note"), Some("[email]"));
    assert_eq!(text_of(&request.attributes, "email"), Some("[secret]"));
    let inner = spans.iter().find(|it| it.name == "inner").expect("it ended");
    assert_eq!(inner.parent_span_id, request.span_id);
    assert!(!inner.events.is_empty(), "the error is an event of its span");
    let all = format!("{requests:?}");
    assert!(!all.contains("canary") && !all.contains("4111111111111111"), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_of_a_caller_goes_on_and_out_and_into_the_log() {
    let collector = Collector::start().await;
    let log = std::env::temp_dir().join(format!("socle-trace-log-{}", std::process::id()));
    let mut sent = HeaderMap::new();

    let (subscriber, logged) = subscriber(&Settings {
        format: Format::Json,
        filter: "info".to_owned(),
        service: SERVICE,
        traces: Some(Traces { endpoint: format!("http://{}", collector.address), sampled: 0.0 }),
    })
    .expect("the address is one");
    logged.continue_in(&log).expect("the file can be written");
    tracing::subscriber::with_default(subscriber, || {
        let request = info_span!(target: "socle_test", "request");
        continue_trace(&request, &from_caller("01"));
        request.in_scope(|| info!(target: "socle_test", "inside"));
        send_trace(&request, &mut sent);
        assert_eq!(trace_id(&request).as_deref(), Some(CALLER));
    });
    logged.end();

    let spans = collector.spans();
    assert_eq!((spans.len(), hex(&spans[0].trace_id).as_str()), (1, CALLER));
    let span = hex(&spans[0].span_id);
    assert_eq!(sent["traceparent"], format!("00-{CALLER}-{span}-01"));
    let line: Value = serde_json::from_str(&fs::read_to_string(&log).expect("it was written"))
        .expect("a line is an object");
    assert_eq!((&line["trace_id"], &line["span_id"]), (&CALLER.into(), &span.into()));
    fs::remove_file(&log).expect("it is ours");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_traces_that_were_not_drawn_those_with_an_error_arrive_whole_and_no_other() {
    let collector = Collector::start().await;
    let (dispatch, telemetry) = traced(collector.address, 0.0);

    with_default(&dispatch, || {
        info_span!(target: "socle_test", "dull").in_scope(|| {
            info_span!(target: "socle_test", "dull inside").in_scope(|| info!("nothing"));
        });
        let failed = info_span!(target: "socle_test", "failed");
        continue_trace(&failed, &from_caller("00"));
        failed.in_scope(|| {
            info_span!(target: "socle_test", "before").in_scope(|| info!("still well"));
            info_span!(target: "socle_test", "cause")
                .in_scope(|| error!(target: "socle_test", "broken"));
        });
    });
    telemetry.end();

    let mut names: Vec<_> = collector.spans().into_iter().map(|it| it.name).collect();
    names.sort_unstable();
    assert_eq!(names, ["before", "cause", "failed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_trace_arrives_though_it_was_not_drawn() {
    let collector = Collector::start().await;
    let (dispatch, telemetry) = traced(collector.address, 0.0);
    let began = std::time::Instant::now();

    with_default(&dispatch, || {
        let slow = info_span!(target: "socle_test", "slow");
        let inside = slow.entered();
        // The clock of a span is the machine's.
        while began.elapsed() <= Traces::SLOW + Duration::from_millis(20) {
            std::thread::yield_now();
        }
        drop(inside);
    });
    telemetry.end();

    let names: Vec<_> = collector.spans().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["slow"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_trace_headers_are_ignored() {
    let collector = Collector::start().await;
    let (dispatch, telemetry) = traced(collector.address, 1.0);

    for value in
        ["", "00", "zz-zz-zz-zz", "00-00000000000000000000000000000000-0000000000000000-01"]
    {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", HeaderValue::from_static(value));
        with_default(&dispatch, || {
            let request = info_span!(target: "socle_test", "request");
            continue_trace(&request, &headers);
            assert!(trace_id(&request).is_some_and(|it| it.len() == 32), "{value}");
        });
    }

    telemetry.end();
    assert!(collector.spans().iter().all(|it| it.parent_span_id.is_empty()));
}

#[test]
fn without_an_endpoint_there_is_no_trace_and_no_header() {
    let mut sent = HeaderMap::new();
    let settings =
        Settings { format: Format::Json, filter: "off".to_owned(), service: SERVICE, traces: None };
    let (subscriber, telemetry) = subscriber(&settings).expect("nothing is sent anywhere");

    tracing::subscriber::with_default(subscriber, || {
        let request = info_span!(target: "socle_test", "request");
        continue_trace(&request, &from_caller("01"));
        send_trace(&request, &mut sent);
        assert_eq!(trace_id(&request), None);
    });

    telemetry.end();
    assert!(sent.is_empty(), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_holds_nobody_up() {
    let away = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let (dispatch, telemetry) = traced(away.expect("a port that nobody has"), 1.0);
    let began = std::time::Instant::now();

    with_default(&dispatch, || {
        for _ in 0..10_000 {
            info_span!(target: "socle_test", "request").in_scope(|| info!("nothing"));
        }
    });
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    telemetry.end();

    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_no_address_is_refused_by_its_name() {
    let traces = Some(Traces { endpoint: "not an address".to_owned(), sampled: 1.0 });
    let filter = "info".to_owned();
    let settings = Settings { format: Format::Json, filter, service: SERVICE, traces };

    let Err(refused) = subscriber(&settings) else { panic!("it was taken") };

    assert!(refused.to_string().contains("`not an address`"), "{refused}");
}
