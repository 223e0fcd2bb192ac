//! Who comes in, and how often.

use std::{sync::Arc, time::Instant};

use futures_util::{FutureExt, future::BoxFuture};
use socle_host::{Authenticator, Identity, NotAdmitted};
use socle_kernel::Timestamp;
use socle_testkit::{Believing, Visitor};
use uuid::Uuid;

use crate::site::{Site, bearer, settings};

/// Lets each in so many times a minute.
struct Few(u32);

impl Authenticator for Few {
    fn authenticate<'a>(
        &'a self,
        credential: &'a str,
        now: Timestamp,
        tick: Instant,
    ) -> BoxFuture<'a, Result<Identity, NotAdmitted>> {
        let calls_per_minute = self.0;
        let known = Believing.authenticate(credential, now, tick);
        async move { Ok(Identity { calls_per_minute, ..known.await? }) }.boxed()
    }
}

fn reader() -> Visitor {
    Visitor::anybody().with_scopes(&["ledger:read"])
}

#[tokio::test]
async fn what_is_described_is_what_is_asked_for() {
    let site = Site::open().await;

    site.get("/v1/probe/open").await.assert_status(200);
    let nobody = site.get("/v1/probe/things").await;
    nobody.assert_problem(401, "unauthenticated");
    assert_eq!(nobody.header("www-authenticate"), Some("Bearer realm=\"socle\""));
    site.get_as(&reader(), "/v1/probe/things").await.assert_status(200);
    let mut client = site.connect().await;
    client.ask("POST", "/v1/probe/things", &bearer(&reader())).await;
    let denied = client.answer().await;
    denied.assert_problem(403, "denied");
    assert_eq!(denied.pointers(), ["Authorization"]);
    assert!(denied.text.contains("the key needs the scope ledger:write"), "{}", denied.text);
}

#[tokio::test]
async fn a_credential_that_is_none_is_nobody_s() {
    let site = Site::open().await;
    let good = Visitor::anybody().credential();
    for header in ["Basic abc", "Bearer", "Bearer ", "Bearer \u{e9}", good.as_str()] {
        let mut client = site.connect().await;

        let answer = client.get("/v1/probe/things", &format!("authorization: {header}\r\n")).await;

        answer.assert_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn head_is_get_without_its_body_at_the_gate_too() {
    let site = Site::open().await;
    let mut client = site.connect().await;
    for (headers, status) in [("", 401), (bearer(&reader()).as_str(), 200)] {
        client.ask("HEAD", "/v1/probe/things", headers).await;

        let answer = client.answer_to("HEAD").await.expect("an answer");

        answer.assert_status(status);
        assert!(answer.header("content-length").is_some_and(|it| it != "0"), "of GET's body");
    }
    // Had a body come after all, the next answer could not be read.
    client.get("/v1/probe/open", "").await.assert_status(200);
}

#[tokio::test]
async fn whoever_calls_too_often_is_told_when_to_come_back() {
    let site = Site::of(settings(), Arc::new(Few(2)), |probe| vec![probe.module()]).await;
    // Both calls and the one too many have to fall into one minute.
    let mut answers = Vec::new();
    while answers.last().is_none_or(|it: &socle_testkit::Answer| it.status != 429) {
        answers.push(site.get_as(&reader(), "/v1/probe/things").await);
        assert!(answers.len() <= 5, "nobody was sent away");
    }

    let refused = answers.last().expect("it was just pushed");

    refused.assert_problem(429, "too-many");
    let wait = refused.header("retry-after").and_then(|it| it.parse::<u32>().ok());
    assert!(wait.is_some_and(|it| (1..=60).contains(&it)), "{:?}", refused.headers);
    assert_eq!(refused.header("ratelimit-limit"), Some("2"));
    assert_eq!(refused.header("ratelimit-remaining"), Some("0"));
    assert_eq!(refused.header("ratelimit-reset"), refused.header("retry-after"));
    assert_eq!(refused.header("ratelimit-policy"), Some("2;w=60"));
    assert_eq!(answers[0].header("ratelimit-remaining"), Some("1"));
    assert_eq!(site.counted("socle_rate_limited_total ").await, 1);
    site.get("/v1/probe/open").await.assert_status(200);
}

#[tokio::test]
async fn a_correlation_is_taken_if_it_is_a_uuid_and_handed_to_the_use_case() {
    let site = Site::open().await;
    let given = "0198c0de-0000-7000-8000-00000000cafe";
    let mut client = site.connect().await;
    let credential = bearer(&reader());

    let header = format!("x-correlation-id: {given}\r\n{credential}");
    let taken = client.get("/v1/probe/things/a", &header).await;
    let header = format!("x-correlation-id: canary\r\n{credential}");
    let made_up = client.get("/v1/probe/things/a", &header).await;

    assert_eq!(
        (taken.text_of("correlation"), taken.header("x-correlation-id")),
        (given, Some(given))
    );
    let id = made_up.header("x-request-id").expect("each request has a name");
    assert_eq!((made_up.text_of("correlation"), made_up.text_of("causation")), (id, id));
    assert_eq!(made_up.header("x-correlation-id"), Some(id));
    assert_eq!(Uuid::parse_str(id).expect("a UUID").get_version_num(), 7);
    assert_eq!(made_up.body["patience_ms"], 10_000);
}

#[tokio::test]
async fn a_route_that_will_end_says_since_when_and_until_when() {
    let site = Site::open().await;

    let (old, refused) =
        (site.get_as(&reader(), "/v1/probe/old").await, site.get("/v1/probe/old").await);
    let other = site.get("/v1/probe/open").await;

    for answer in [old.assert_status(200), refused.assert_status(401)] {
        assert_eq!(answer.header("deprecation"), Some("@1767225600"));
        assert_eq!(answer.header("sunset"), Some("Fri, 01 Jan 2027 00:00:00 GMT"));
    }
    assert_eq!(other.header("deprecation"), None);
}
