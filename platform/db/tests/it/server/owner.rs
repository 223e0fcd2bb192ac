//! One process owns a server, others join it; it ends with its owner.

use rustix::process::Signal;
use socle_db::server::{Error, Server, Settings, Stopped, stop};
use sqlx::Connection;

use super::{
    actor::{Actor, kill, signal},
    connect, fast, is_alive,
    scratch::Scratch,
    until,
};

#[tokio::test]
async fn a_second_owner_is_refused_and_told_the_first() {
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());

    let refused = Server::start(&scratch.folder(), &fast()).await.unwrap_err();

    assert!(matches!(refused, Error::Owned { pid, .. } if pid == actor.pid()), "{refused}");
    assert!(refused.to_string().contains("socle stop"), "{refused}");
    actor.end();
}

#[tokio::test]
async fn a_second_process_joins_and_leaves_the_server_running() {
    let scratch = Scratch::new();
    let owner = Server::start(&scratch.folder(), &fast()).await.unwrap();

    let mut actor = Actor::start(&scratch.folder());
    assert_eq!(actor.server(), owner.pid());
    actor.end();

    connect(&owner).await.ping().await.unwrap();
    owner.stop().await.unwrap();
}

#[test]
fn a_server_ends_with_an_owner_that_is_killed() {
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());
    let server = actor.server();

    actor.kill();

    until("the end of the server", || !is_alive(server));
}

#[tokio::test]
async fn a_killed_user_does_not_keep_the_owner_waiting() {
    let scratch = Scratch::new();
    let owner = Server::start(&scratch.folder(), &fast()).await.unwrap();
    let mut actor = Actor::start(&scratch.folder());

    actor.kill();

    owner.stop().await.unwrap();
}

#[tokio::test]
async fn what_the_terminal_sends_to_the_owners_group_does_not_reach_the_server() {
    let scratch = Scratch::new();
    let actor = Actor::start(&scratch.folder());
    let groups = [actor.pid(), actor.server()].map(|pid| {
        let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap());
        rustix::process::getpgid(pid).unwrap()
    });

    assert_ne!(groups[0], groups[1]);
}

#[tokio::test]
async fn a_server_whose_guard_is_killed_still_ends_with_its_owner() {
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());
    let server = actor.server();
    super::actor::children(actor.pid()).into_iter().for_each(kill);

    actor.kill();

    until("the end of the server", || !is_alive(server));
}

#[tokio::test]
async fn stopping_from_outside_ends_the_owner_and_the_server() {
    let scratch = Scratch::new();
    assert_eq!(stop(&scratch.folder()).await.unwrap(), Stopped::Nothing);
    let mut actor = Actor::start(&scratch.folder());

    let stopped = stop(&scratch.folder()).await.unwrap();

    assert_eq!(stopped, Stopped::Owner { pid: actor.pid() });
    assert!(!is_alive(actor.server()));
    actor.wait();
    assert_eq!(stop(&scratch.folder()).await.unwrap(), Stopped::Nothing);
}

#[tokio::test]
async fn a_start_that_comes_while_the_last_server_ends_waits_for_it() {
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());
    signal(actor.pid(), Signal::KILL);
    actor.wait();

    let server = Server::start(&scratch.folder(), &Settings::default()).await.unwrap();

    assert!(!is_alive(actor.server()));
    assert_ne!(server.pid(), actor.server());
    server.stop().await.unwrap();
}
