//! Groups and jobs of modules that are served: what happens after the commit.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use socle_db::Tx;
use socle_events::{Delivery, Subscription, publish};
use socle_host::{Host, Module};
use socle_jobs::{Job, Work, enqueue};
use socle_kernel::{Actor, Event, Fault, Revision, TenantId};
use socle_telemetry::{Format, Service, Settings as Telemetry, Traces, subscriber};
use socle_testkit::{Believing, Collector, TestDatabase, cx};
use tokio::{sync::mpsc, time::timeout};
use tracing::{Dispatch, Instrument, dispatcher, info_span};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    probe::TABLES,
    site::{LONG, Site, catalogue, settings},
};

#[derive(Serialize, Deserialize, ToSchema)]
struct ThingSold {
    name: String,
}

impl Event for ThingSold {
    const TYPE: &str = "probe.thing.sold";
    const TOPIC: &str = "probe.things.v1";

    fn partition_key(&self) -> String {
        self.name.clone()
    }

    fn sequence(&self) -> Revision {
        Revision::FIRST
    }
}

#[derive(Serialize, Deserialize)]
struct SendThing {
    name: String,
}

impl Job for SendThing {
    const KIND: &'static str = "probe.send-thing";
}

/// What a job was told.
type Sent = (String, TenantId, Uuid, Actor);

/// Whoever hears that a thing was sold has it sent.
fn send_what_is_sold() -> Subscription {
    Subscription::each::<ThingSold>("probe.sending", |cx, tx, it: &Delivery<ThingSold>| {
        Box::pin(async move {
            enqueue(cx, tx, &SendThing { name: it.event.name.clone() }).await.map(drop)
        })
    })
}

fn sending(module: Module, sent: mpsc::UnboundedSender<Sent>) -> Module {
    let work = Work::new(move |run, job: SendThing| {
        let sent = sent.clone();
        async move {
            let told = (job.name, run.cx.tenant, run.cx.correlation, run.cx.actor);
            sent.send(told).map_err(|error| Fault::internal("send the thing", error.to_string()))
        }
    });
    module.publishes::<ThingSold>().subscribes(send_what_is_sold()).works(work)
}

#[tokio::test]
async fn what_a_commit_told_is_handled_and_what_that_asked_for_is_done_for_the_same_tenant() {
    let (sender, mut sent) = mpsc::unbounded_channel();
    let module = |probe: &Arc<crate::probe::Probe>| vec![sending(probe.module(), sender)];
    let mut site = Site::of(settings(), Arc::new(Believing), module).await;
    let caller = cx();

    let sell = async |tx: &mut Tx| publish(&caller, tx, &ThingSold { name: "lamp".into() }).await;
    site.database.db("probe").run(&caller, sell).await.expect("it is sold");

    let told = timeout(LONG, sent.recv()).await.expect("in time").expect("the job is done");
    let by = Actor::System(SendThing::KIND);
    assert_eq!(told, ("lamp".to_owned(), caller.tenant, caller.correlation, by));
    site.stop();
    site.ended().await;
    assert_eq!(site.database.number("select count(*) from socle_probe.job_run").await, 0);
}

#[tokio::test]
async fn one_trace_leads_from_who_asked_through_the_event_to_the_job() {
    let collector = Collector::start().await;
    let (subscriber, telemetry) = subscriber(&Telemetry {
        format: Format::Json,
        filter: "off".to_owned(),
        service: Service { name: "socle-test", version: "1" },
        traces: Some(Traces { endpoint: format!("http://{}", collector.address), sampled: 1.0 }),
    })
    .expect("the address is one");
    // The runtime of this test has one thread, so this holds for the workers, too.
    let guard = dispatcher::set_default(&Dispatch::new(subscriber));
    let (sender, mut sent) = mpsc::unbounded_channel();
    let module = |probe: &Arc<crate::probe::Probe>| vec![sending(probe.module(), sender)];
    let mut site = Site::of(settings(), Arc::new(Believing), module).await;
    let (caller, asking) = (cx(), info_span!(target: "socle_test", "request"));

    let sell = async |tx: &mut Tx| publish(&caller, tx, &ThingSold { name: "lamp".into() }).await;
    let sold = site.database.db("probe").run(&caller, sell).instrument(asking.clone()).await;
    sold.expect("it is sold");
    drop(asking);
    timeout(LONG, sent.recv()).await.expect("in time").expect("the job is done");
    site.stop();
    site.ended().await;

    drop(guard);
    tokio::task::spawn_blocking(move || telemetry.end()).await.expect("the spans are sent");
    let spans = collector.spans();
    let span = |name| spans.iter().find(|it| it.name == name).expect("it ended");
    let (request, handled, done) = (span("request"), span("handle events"), span("job"));
    assert_eq!((&handled.trace_id, &done.trace_id), (&request.trace_id, &request.trace_id));
    assert_eq!(
        (&handled.parent_span_id, &done.parent_span_id),
        (&request.span_id, &handled.span_id)
    );
}

#[tokio::test]
async fn groups_and_jobs_end_with_the_host() {
    let (sender, mut sent) = mpsc::unbounded_channel();
    let module = |probe: &Arc<crate::probe::Probe>| vec![sending(probe.module(), sender)];
    let mut site = Site::of(settings(), Arc::new(Believing), module).await;

    site.stop();
    site.ended().await;

    assert!(sent.recv().await.is_none(), "the worker is gone, and with it who tells");
    let held = "select count(*) from socle_probe.outbox_group where owner is not null";
    assert_eq!(site.database.number(held).await, 0);
}

#[tokio::test]
async fn a_group_that_reads_what_nobody_publishes_does_not_start() {
    let database = TestDatabase::of(&[TABLES]).await.database.clone();
    let module = Module::new(TABLES).subscribes(send_what_is_sold());

    let starting = AssertUnwindSafe(async {
        let _ = Host::new(database, vec![module], Believing::ports(), catalogue(), &settings());
    });

    let panic = starting.catch_unwind().await.expect_err("it does not start");
    let why = panic.downcast_ref::<String>().cloned().expect("text");
    assert_eq!(why, "probe.sending reads probe.thing.sold, which no module publishes");
}
