//! Ending: what has begun is finished, what comes is sent away.

use axum::http::StatusCode;

use crate::site::Site;

#[tokio::test]
async fn what_has_begun_is_finished_and_what_comes_meanwhile_is_sent_away() {
    let mut site = Site::open().await;
    let (mut first, mut idle) = (site.connect().await, site.connect().await);
    idle.get("/v1/probe/open", "").await.assert_status(200);
    first.ask("GET", "/v1/probe/waits", "").await;
    site.probe.arrival().await;

    site.stop();
    let mut fresh = site.connect().await;
    for client in [&mut idle, &mut fresh] {
        let mut answer = client.get("/v1/probe/open", "").await;
        // It is told to stop in a task of its own.
        if answer.status == StatusCode::OK {
            answer = client.get("/v1/probe/open", "").await;
        }

        answer.assert_problem(503, "web.stopping");
        assert_eq!(answer.header("retry-after"), Some("1"));
        assert_eq!(answer.header("connection"), Some("close"));
        assert!(client.until_end().await.is_empty(), "nothing follows");
    }
    site.get("/ready").await.assert_problem(503, "web.stopping");
    assert!(!site.has_ended(), "one has begun");
    site.probe.go_on.add_permits(1);

    assert_eq!(first.answer().await.assert_status(200).text, "waited");
    site.ended().await;
}

#[tokio::test]
async fn with_nothing_begun_it_ends_at_once_whatever_is_connected() {
    let mut site = Site::open().await;
    let (mut idle, mut silent) = (site.connect().await, site.connect().await);
    idle.get("/v1/probe/open", "").await.assert_status(200);

    site.stop();
    site.ended().await;

    assert!(idle.until_end().await.is_empty() && silent.until_end().await.is_empty());
}

#[tokio::test]
async fn an_answer_that_comes_in_parts_is_finished() {
    let mut site = Site::open().await;
    let mut client = site.connect().await;
    client.ask("GET", "/v1/probe/streams", "").await;
    client.head().await.expect("it has begun");
    assert_eq!(client.chunk().await.expect("a part"), b"first ");
    site.probe.arrival().await;

    site.stop();
    let mut other = site.connect().await;
    let mut refused = other.get("/v1/probe/open", "").await;
    if refused.status == StatusCode::OK {
        refused = other.get("/v1/probe/open", "").await;
    }
    refused.assert_problem(503, "web.stopping");
    assert!(!site.has_ended());
    site.probe.go_on.add_permits(1);

    assert_eq!(client.chunk().await.expect("the rest"), b"last");
    assert!(client.chunk().await.expect("the end").is_empty());
    site.ended().await;
}
