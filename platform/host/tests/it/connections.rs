//! How long connections are kept, and how many.

use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socle_host::Limits;
use tokio::io::AsyncWriteExt;

use crate::{
    client::Client,
    site::{Site, with_limits},
};

const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_cut_off() {
    let site = Site::with(with_limits(Limits { head: SHORT, ..Limits::default() })).await;
    let mut fresh = site.connect().await;
    let mut used = site.connect().await;
    used.get("/v1/probe/open", "").await.assert_status(200);
    for client in [&mut fresh, &mut used] {
        let start = Instant::now();
        let mut head = b"GET / HTTP/1.1\r\nx: ".iter().copied().chain(std::iter::repeat(b'a'));
        let mut pace = tokio::time::interval(Duration::from_millis(20));

        let cut = loop {
            pace.tick().await;
            let byte = head.next().expect("it has no end");
            if client.stream.write_all(&[byte]).await.is_err() {
                break true;
            }
            if crate::site::LONG < start.elapsed() {
                break false;
            }
        };

        assert!(cut && SHORT <= start.elapsed(), "{:?}", start.elapsed());
    }
    site.get("/v1/probe/open").await.assert_status(200);
}

#[tokio::test]
async fn who_connects_and_says_nothing_is_sent_away() {
    let site = Site::with(with_limits(Limits { head: SHORT, ..Limits::default() })).await;
    for said in ["", "PRI * HT"] {
        let mut client = site.connect().await;
        client.send(said).await;

        assert!(client.until_end().await.is_empty());
    }
}

#[tokio::test]
async fn an_idle_connection_outlives_the_time_for_a_head_and_not_its_own() {
    let limits = Limits { head: SHORT, idle: SHORT * 4, ..Limits::default() };
    let site = Site::with(with_limits(limits)).await;
    let mut client = site.connect().await;
    client.get("/v1/probe/open", "").await.assert_status(200);
    let start = Instant::now();

    // The clock of a connection cannot be moved by hand: it is the system's.
    tokio::time::timeout(SHORT * 2, client.stream.readable()).await.expect_err("it is kept");
    client.get("/v1/probe/open", "").await.assert_status(200);
    let again = Instant::now();
    assert!(client.until_end().await.is_empty());

    assert!(SHORT * 3 < again.elapsed(), "{:?} of {:?}", again.elapsed(), start.elapsed());
}

#[tokio::test]
async fn a_request_may_take_longer_than_a_connection_may_be_idle() {
    let limits = Limits { head: SHORT / 3, idle: SHORT / 3, ..Limits::default() };
    let site = Site::with(with_limits(limits)).await;
    let mut client = site.connect().await;
    client.ask("GET", "/v1/probe/waits", "").await;
    site.probe.arrival().await;

    tokio::time::timeout(SHORT, client.stream.readable()).await.expect_err("it waits");
    site.probe.go_on.add_permits(1);

    client.answer().await.assert_status(200);
}

#[tokio::test]
async fn more_connections_than_there_is_room_for_wait_until_others_end() {
    let limits = Limits { connections_max: 2, ..Limits::default() };
    let site = Site::with(with_limits(limits)).await;
    let (mut first, mut second) = (site.connect().await, site.connect().await);
    first.get("/v1/probe/open", "").await.assert_status(200);
    second.get("/v1/probe/open", "").await.assert_status(200);

    let mut third = site.connect().await;
    third.ask("GET", "/v1/probe/open", "").await;
    tokio::time::timeout(SHORT, third.stream.readable()).await.expect_err("it has to wait");
    first.get("/v1/probe/open", "").await.assert_status(200);
    drop(first);

    third.answer().await.assert_status(200);
}

#[tokio::test]
async fn two_thousand_idle_connections_are_held_while_others_are_answered() {
    let limit = getrlimit(Resource::Nofile);
    let all = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, all).expect("a process may use what it is granted");
    let limits = Limits { head: SHORT, ..Limits::default() };
    let site = Site::with(with_limits(limits)).await;
    let mut held = Vec::new();
    for _ in 0..2_000 {
        let mut client = Client::connect(site.address).await;
        client.get("/v1/probe/open", "").await.assert_status(200);
        held.push(client);
    }

    tokio::time::timeout(SHORT * 2, held[0].stream.readable()).await.expect_err("it is kept");
    for _ in 0..20 {
        site.get("/health").await.assert_status(200);
    }

    for client in &mut held {
        client.get("/v1/probe/open", "").await.assert_status(200);
    }
}
