//! What is seen from outside: one trace from who asked to what was done, and figures.

use serde::{Deserialize, Serialize};
use socle_jobs::{Job, Work, Worker};
use socle_kernel::Retry;
use socle_telemetry::{Format, Metrics, Service, Settings, Traces, subscriber};
use socle_testkit::Collector;
use tracing::{Dispatch, Instrument, dispatcher, info_span};

use crate::{
    kinds::{broken, letter, sending},
    world::{World, until},
};

/// Is tried once.
#[derive(Debug, Serialize, Deserialize)]
struct Frank;

impl Job for Frank {
    const KIND: &'static str = "post.frank";
    const RETRY: Retry = Retry::NONE;
}

#[tokio::test]
async fn a_job_is_part_of_the_trace_of_whoever_asked_for_it() {
    let collector = Collector::start().await;
    let (subscriber, telemetry) = subscriber(&Settings {
        format: Format::Json,
        filter: "off".to_owned(),
        service: Service { name: "socle-test", version: "1" },
        traces: Some(Traces { endpoint: format!("http://{}", collector.address), sampled: 1.0 }),
    })
    .expect("the address is one");
    // The runtime of this test has one thread, so this holds for the jobs that it does.
    let guard = dispatcher::set_default(&Dispatch::new(subscriber));
    let world = World::new().await;

    let asking = info_span!(target: "socle_test", "request");
    let job = world.enqueue(&letter("dear")).instrument(asking.clone()).await;
    drop(asking);
    world.pump(vec![sending(&world.log)]).await;

    let traceparent = world.seen(job.id).await.traceparent.expect("it is traced");
    drop(guard);
    tokio::task::spawn_blocking(move || telemetry.end()).await.expect("the spans are sent");
    let spans = collector.spans();
    let span = |name| spans.iter().find(|it| it.name == name).expect("it ended");
    let (request, done) = (span("request"), span("job"));
    assert_eq!(done.trace_id, request.trace_id);
    assert_eq!(done.parent_span_id, request.span_id);
    let trace = <[u8; 16]>::try_from(&request.trace_id[..]).expect("sixteen bytes");
    assert!(traceparent.contains(&format!("{:032x}", u128::from_be_bytes(trace))));
    let names: Vec<_> = done.attributes.iter().map(|it| it.key.as_str()).collect();
    for name in ["kind", "queue", "attempt", "job"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
}

#[tokio::test]
async fn attempts_depths_and_hands_are_measured_by_kind() {
    let world = World::real().await;
    let metrics = Metrics::new("0");
    world.enqueue(&letter("dear")).await;
    world.enqueue(&Frank).await;
    let failing = Work::new(|_, _: Frank| async { Err(broken()) });
    let works = vec![sending(&world.log), failing];
    let worker = Worker::new(world.db.clone(), works).measured(&metrics, "post");
    worker.pump(world.now()).await.expect("pumped");
    let waiting = world.enqueue(&letter("later")).await;
    world.desk().pause(socle_jobs::Queue::Default, "ana", world.now()).await.expect("paused");

    let worker = Worker::new(world.db.clone(), vec![sending(&world.log)]);
    let hired = crate::world::Hired::begin(worker.measured(&metrics, "post"));
    let of = r#"module="post",queue="default",kind="post.send-letter""#;
    let text = until("a measure", async || {
        Some(metrics.render()).filter(|it| it.contains(&format!("socle_jobs_waiting{{{of}}} 1")))
    });
    let text = text.await;
    hired.dismiss().await;

    assert!(!waiting.id.to_string().is_empty());
    let dead = r#"module="post",queue="default",kind="post.frank",outcome="dead""#;
    for line in [
        format!("socle_jobs_ended_total{{{of},outcome=\"done\"}} 1"),
        format!("socle_jobs_ended_total{{{dead}}} 1"),
        format!("socle_jobs_ended_total{{{of},outcome=\"lost\"}} 0"),
        format!("socle_jobs_duration_seconds_count{{{of}}} 1"),
        r#"socle_jobs_hands{module="post",queue="low",state="idle"} 5"#.to_owned(),
    ] {
        assert!(text.contains(&line), "{line}\n{text}");
    }
}
