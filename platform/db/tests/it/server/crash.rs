//! Servers that were killed: what was committed is there, what was stale is not in the way.

use std::{
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    process::{Child, Command, Stdio},
};

use socle_db::server::{Folder, Server, Settings};
use sqlx::Executor;

use super::{
    actor::{Actor, children, kill},
    connect,
    scratch::Scratch,
};

#[tokio::test]
async fn what_was_committed_outlives_a_crash_of_every_process() {
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());
    let user = Server::find(&scratch.folder()).await.unwrap().expect("it runs");
    let mut connection = connect(&user).await;
    connection
        .execute("create table kept as select g from generate_series(1, 10000) g")
        .await
        .unwrap();
    connection.execute("begin; insert into kept values (0)").await.unwrap();

    crash(&mut actor);
    user.ended().await;

    let server = Server::start(&scratch.folder(), &Settings::default()).await.unwrap();
    let rows: i64 = sqlx::query_scalar("select count(*) from kept")
        .fetch_one(&mut connect(&server).await)
        .await
        .unwrap();
    assert_eq!(rows, 10_000);
    drop(user);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_pid_that_nobody_has_is_no_obstacle() {
    let scratch = Scratch::new();
    crash(&mut Actor::start(&scratch.folder()));
    assert!(pid_file(&scratch.folder()).exists());

    let server = Server::start(&scratch.folder(), &Settings::default()).await.unwrap();

    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_pid_that_another_process_has_got_is_no_obstacle() {
    let scratch = Scratch::new();
    crash(&mut Actor::start(&scratch.folder()));
    let mut other = Other::start(&scratch.folder());
    let file = pid_file(&scratch.folder());
    let text = fs::read_to_string(&file).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    fs::write(&file, format!("{}\n{rest}", other.0.id())).unwrap();

    assert!(Server::find(&scratch.folder()).await.unwrap().is_none());
    let server = Server::start(&scratch.folder(), &Settings::default()).await.unwrap();

    assert!(other.0.try_wait().unwrap().is_none(), "the other process is left alone");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn an_initdb_that_was_killed_is_done_again() {
    let scratch = Scratch::new();
    let actor = std::thread::scope(|scope| {
        let folder = scratch.folder();
        let starting = scope.spawn(move || Actor::start(&folder));
        super::until("the unfinished cluster", || has_unfinished(&scratch.folder()));
        kill_initdb(&scratch.folder());
        starting.join().unwrap()
    });
    assert!(actor.answer.is_err(), "{:?}", actor.answer);
    assert!(!scratch.folder().path().join("pg").exists());

    let server = Server::start(&scratch.folder(), &Settings::default()).await.unwrap();

    assert!(!has_unfinished(&scratch.folder()));
    server.stop().await.unwrap();
}

#[tokio::test]
async fn an_owner_that_is_killed_during_initdb_is_no_obstacle() {
    let scratch = Scratch::new();
    let mut command = Actor::command(&scratch.folder(), &std::env::current_exe().unwrap());
    let mut owner = command.stdout(Stdio::null()).spawn().unwrap();
    super::until("the unfinished cluster", || has_unfinished(&scratch.folder()));
    owner.kill().unwrap();
    owner.wait().unwrap();

    let server = Server::start(&scratch.folder(), &Settings::default()).await.unwrap();

    assert!(!has_unfinished(&scratch.folder()));
    server.stop().await.unwrap();
}

/// Everything dies at once, as far as one process can arrange that.
fn crash(actor: &mut Actor) {
    let server = actor.server();
    let backends = children(server);
    actor.orphan_its_server();
    kill(server);
    for backend in backends {
        super::until("the end of a backend", || !super::is_alive(backend));
    }
}

fn pid_file(folder: &Folder) -> std::path::PathBuf {
    folder.path().join("pg/postmaster.pid")
}

/// A process of the server's user: one of another user would not stand in the way.
struct Other(Child);

impl Other {
    fn start(folder: &Folder) -> Self {
        let owner = fs::metadata(folder.path().join("pg")).unwrap().uid();
        let mut command = Command::new("sleep");
        command.arg("60");
        if super::is_root() {
            command.uid(owner);
        }
        Self(command.spawn().unwrap())
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn has_unfinished(folder: &Folder) -> bool {
    let entries = fs::read_dir(folder.path()).into_iter().flatten().map(Result::unwrap);
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    names.into_iter().any(|name| name.starts_with("pg-") && !name.contains('.'))
}

fn kill_initdb(folder: &Folder) {
    let is_initdb = |pid: &u32| {
        let words = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        words.split('\0').next().is_some_and(|program| program.ends_with("initdb"))
            && words.contains(folder.path().to_str().unwrap())
    };
    let pids = || {
        let entries = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().file_name());
        entries.filter_map(|name| name.to_str()?.parse().ok())
    };
    super::until("initdb to run", || pids().any(|pid| is_initdb(&pid)));
    pids().filter(is_initdb).for_each(kill);
}
