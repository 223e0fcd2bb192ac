//! A server that lost its owner: adopted after it told the nonce, refused without.

use std::{fs, path::PathBuf};

use socle_db::server::{Error, Folder, Server, Settings, Stopped, stop};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

use super::{
    actor::{Actor, kill},
    connect, is_alive,
    scratch::Scratch,
    until,
};

#[tokio::test]
async fn an_orphan_is_adopted_and_stopped_by_whoever_comes_next() {
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());
    actor.orphan_its_server();

    let server = Server::start(&scratch.folder(), &Settings::default()).await.unwrap();

    assert_eq!(server.pid(), actor.server());
    assert!(server.is_owned());
    connect(&server).await.ping().await.unwrap();
    server.stop().await.unwrap();
    assert!(!is_alive(actor.server()));
}

#[tokio::test]
async fn an_orphan_that_is_looked_for_is_adopted_too() {
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());
    actor.orphan_its_server();

    let server = Server::find(&scratch.folder()).await.unwrap().expect("it runs");

    assert!(server.is_owned());
    server.stop().await.unwrap();
    assert!(!is_alive(actor.server()));
}

#[test]
fn an_adopted_server_ends_with_its_adopter() {
    let scratch = Scratch::new();
    let mut parent = Actor::start(&scratch.folder());
    parent.orphan_its_server();
    let mut adopter = Actor::start(&scratch.folder());
    assert_eq!(adopter.server(), parent.server());

    adopter.kill();

    until("the end of the server", || !is_alive(parent.server()));
}

#[tokio::test]
async fn a_server_with_another_nonce_is_refused_and_left_alone() {
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());
    actor.orphan_its_server();
    let identity = scratch.folder().path().join("installation");
    let own = fs::read_to_string(&identity).unwrap();
    fs::write(&identity, format!("{} {}\n", "0".repeat(32), "0".repeat(16))).unwrap();

    let start = Server::start(&scratch.folder(), &Settings::default()).await.unwrap_err();
    let find = Server::find(&scratch.folder()).await.unwrap_err();
    let stopped = stop(&scratch.folder()).await.unwrap_err();

    for refused in [start, find, stopped] {
        assert!(
            matches!(refused, Error::Stranger { pid, .. } if pid == actor.server()),
            "{refused}"
        );
    }
    assert!(is_alive(actor.server()));
    ping(&scratch.folder()).await;
    fs::write(&identity, own).unwrap();
    assert_eq!(stop(&scratch.folder()).await.unwrap(), Stopped::Orphan { pid: actor.server() });
    assert!(!is_alive(actor.server()));
}

#[tokio::test]
async fn an_orphan_that_dies_before_it_is_adopted_is_replaced() {
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());
    actor.orphan_its_server();
    kill(actor.server());

    let server = Server::start(&scratch.folder(), &Settings::default()).await.unwrap();

    assert_ne!(server.pid(), actor.server());
    server.stop().await.unwrap();
}

async fn ping(folder: &Folder) {
    let socket: PathBuf = folder.path().join("run");
    let options = PgConnectOptions::new().socket(socket).username("socle_admin");
    let options = options.database("postgres");
    PgConnection::connect_with(&options).await.unwrap().ping().await.unwrap();
}
