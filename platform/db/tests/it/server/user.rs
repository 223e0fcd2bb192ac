//! Whom the server runs as.

use std::{
    env, fs,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    process::Command,
};

use socle_db::server::{Error, Server};

use super::{
    actor::Actor,
    fast, is_alive, is_root,
    scratch::{Scratch, set_mode},
};

const NOBODY: u32 = 65_534;

/// As root; any other user sees the second half of the same promise in every other test.
#[tokio::test]
async fn the_server_never_runs_as_root() {
    let scratch = Scratch::new();

    let server = Server::start(&scratch.folder(), &fast()).await.unwrap();

    let uid = fs::metadata(format!("/proc/{}", server.pid())).unwrap().uid();
    assert_ne!(uid, 0);
    assert_eq!(uid, fs::metadata(scratch.folder().path().join("pg")).unwrap().uid());
    let mine = rustix::process::geteuid().as_raw();
    assert_eq!(fs::metadata(scratch.folder().path()).unwrap().uid(), mine);
    server.stop().await.unwrap();
}

#[test]
fn an_ordinary_user_runs_a_server_in_a_folder_of_its_own() {
    let scratch = Scratch::new();
    let mut command = ordinary(&scratch);

    let mut actor = Actor::spawn(&mut command);

    let uid = fs::metadata(format!("/proc/{}", actor.server())).unwrap().uid();
    assert_eq!(uid, if is_root() { NOBODY } else { rustix::process::geteuid().as_raw() });
    actor.end();
    assert!(!is_alive(actor.server()));
}

#[tokio::test]
async fn root_runs_the_server_of_an_ordinary_users_folder_as_that_user() {
    let scratch = Scratch::new();
    let mut actor = Actor::spawn(&mut ordinary(&scratch));
    actor.end();
    let owner = fs::metadata(scratch.folder().path().join("pg")).unwrap().uid();

    let server = Server::start(&scratch.folder(), &fast()).await.unwrap();
    assert_eq!(fs::metadata(format!("/proc/{}", server.pid())).unwrap().uid(), owner);
    server.stop().await.unwrap();

    // And afterwards its own user still can.
    let mut actor = Actor::spawn(&mut ordinary(&scratch));
    assert!(actor.answer.is_ok(), "{:?}", actor.answer);
    actor.end();
}

#[tokio::test]
async fn a_cluster_that_belongs_to_root_is_refused() {
    let scratch = Scratch::new();
    let cluster = scratch.folder().path().join("pg");
    fs::create_dir_all(&cluster).unwrap();

    let refused = Server::start(&scratch.folder(), &fast()).await.unwrap_err();

    let is_refused = if is_root() {
        matches!(&refused, Error::Foreign { path, owner: 0, .. } if *path == cluster)
    } else {
        matches!(&refused, Error::Taken { path } if *path == cluster)
    };
    assert!(is_refused, "{refused}");
}

/// A process of an ordinary user: of `nobody` where root runs the tests.
fn ordinary(scratch: &Scratch) -> Command {
    let data = scratch.folder();
    let program = scratch.path().join("it");
    // Not by this process: a file that a fork has open for writing cannot be run.
    let copied = Command::new("cp").arg(env::current_exe().unwrap()).arg(&program).status();
    assert!(copied.unwrap().success());
    set_mode(&program, 0o755);
    fs::create_dir_all(data.path()).unwrap();
    let mut command = Actor::command(&data, &program);
    if is_root() {
        chown(data.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY).env_remove("XDG_RUNTIME_DIR");
    }
    command
}
