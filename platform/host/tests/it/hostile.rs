//! Clients that speak otherwise than others, or badly.

use axum::http::Request;
use h2::client::handshake;
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet};

use crate::site::Site;

#[tokio::test]
async fn a_client_that_has_closed_its_half_still_gets_its_answer() {
    let site = Site::open().await;
    let mut client = site.connect().await;
    client.ask("GET", "/v1/probe/waits", "").await;
    client.stream.shutdown().await.expect("it is open");
    site.probe.arrival().await;
    site.probe.go_on.add_permits(1);

    assert_eq!(client.answer().await.assert_status(200).text, "waited");
    assert!(client.until_end().await.is_empty());
}

#[tokio::test]
async fn bytes_that_are_no_http_are_refused_and_end_their_connection_alone() {
    let site = Site::open().await;
    let garbage: [&[u8]; 4] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\x00\x00\x00\x00\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /v1/probe/things HTTP/1.1\r\nhost: t\r\ncontent-length: x\r\n\r\n",
    ];
    for bytes in garbage {
        let mut client = site.connect().await;
        client.send(bytes).await;

        let answer = client.answer_to("GET").await.expect("an answer");

        assert!(answer.status.is_client_error(), "{bytes:?}: {}", answer.status);
        assert!(client.until_end().await.is_empty());
    }
    site.get("/v1/probe/open").await.assert_status(200);
}

#[tokio::test]
async fn http_1_0_is_answered_and_its_connection_closed() {
    let site = Site::open().await;
    let mut client = site.connect().await;
    client.send("GET /v1/probe/open HTTP/1.0\r\n\r\n").await;

    assert_eq!(client.answer().await.assert_status(200).text, "open");
    assert!(client.until_end().await.is_empty());
}

#[tokio::test]
async fn requests_that_are_sent_together_are_answered_in_their_order() {
    let site = Site::open().await;
    let mut client = site.connect().await;
    let of = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: t\r\n\r\n");
    client.send(of("/v1/probe/open") + &of("/nowhere") + &of("/version")).await;

    assert_eq!(client.answer().await.text, "open");
    client.answer().await.assert_problem(404, "web.no-route");
    assert_eq!(client.answer().await.text_of("name"), "socle");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let site = Site::open().await;
    let long = format!("x: {}\r\n", "a".repeat(100_000));
    let many: String = (0..200).map(|it| format!("x-{it}: a\r\n")).collect::<Vec<_>>().concat();
    for headers in [long, many] {
        let mut client = site.connect().await;
        client.ask("GET", "/v1/probe/open", &headers).await;

        client.answer().await.assert_status(431);
    }
    let mut client = site.connect().await;
    client.ask("GET", &format!("/v1/probe/things?{}", "a".repeat(65_000)), "").await;
    let answer = client.answer().await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

#[tokio::test]
async fn http_2_is_spoken_to_whoever_begins_with_it() {
    let site = Site::open().await;
    let stream = TcpStream::connect(site.address).await.expect("the server listens");
    let (mut client, connection) = handshake(stream).await.expect("HTTP/2");
    let mut connections = JoinSet::new();
    connections.spawn(async { drop(connection.await) });
    for (path, status) in [("/v1/probe/open", 200), ("/v1/probe/things", 401)] {
        let request = Request::get(format!("http://t{path}")).body(()).expect("a request");

        let (answer, _) = client.send_request(request, true).expect("a stream");
        let answer = answer.await.expect("an answer");

        assert_eq!(answer.status(), status);
        assert!(answer.headers().contains_key("x-request-id"));
        let mut body = answer.into_body();
        while let Some(part) = body.data().await {
            let part = part.expect("a part").len();
            body.flow_control().release_capacity(part).expect("it was taken");
        }
    }
}

/// A client that does not know would send its next request into a connection that is ending.
#[tokio::test]
async fn who_is_refused_before_the_body_was_read_is_told_that_the_connection_ends() {
    let site = Site::open().await;
    let refused = "POST /v1/probe/things HTTP/1.1\r\nhost: t\r\ncontent-length: 400000\r\n\r\n{";
    let mut with_a_rest = site.connect().await;
    let mut without = site.connect().await;

    with_a_rest.send(refused).await;
    let told = with_a_rest.answer().await;
    without.ask("POST", "/v1/probe/things", "").await;
    let kept = without.answer().await;

    told.assert_status(401);
    assert_eq!(told.header("connection"), Some("close"));
    kept.assert_status(401);
    assert_eq!(kept.header("connection"), None, "nothing of it was left");
    without.get("/v1/probe/open", "").await.assert_status(200);
}
