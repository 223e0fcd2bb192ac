//! A full disk: a small file system where root can mount one, else a limit on the size of files,
//! which fails the same calls.

use std::{
    env,
    fs::{self, File},
    io::{self, Write},
    path::Path,
    process::Command,
};

use socle_db::server::{Error, Folder, Server, Settings};
use sqlx::Executor;

use super::{
    actor::Actor,
    connect, is_root,
    scratch::{Scratch, set_mode},
};

#[tokio::test]
async fn a_disk_too_small_for_initdb_is_called_full_and_leaves_no_obstacle() {
    let scratch = Scratch::new();
    if !is_root() {
        return limited(&scratch, "ulimit -f 4096").await;
    }
    let disk = Disk::mount(&scratch, "30m");

    let refused = Server::start(&disk.folder(), &Settings::default()).await.unwrap_err();
    assert!(matches!(refused, Error::DiskFull { .. }), "{refused}");
    assert!(refused.to_string().contains("No space left on device"), "{refused}");

    disk.resize("300m");
    start_and_stop(&disk.folder()).await;
}

#[tokio::test]
async fn a_limit_on_file_sizes_is_called_a_full_disk_and_leaves_no_obstacle() {
    limited(&Scratch::new(), "ulimit -f 4096").await;
}

#[tokio::test]
async fn a_disk_that_is_full_at_the_start_is_called_full_and_leaves_no_obstacle() {
    let scratch = Scratch::new();
    if !is_root() {
        start_and_stop(&scratch.folder()).await;
        return limited(&scratch, "ulimit -f 8").await;
    }
    let disk = Disk::mount(&scratch, "100m");
    start_and_stop(&disk.folder()).await;
    disk.fill();

    for _ in 0..2 {
        let refused = Server::start(&disk.folder(), &Settings::default()).await.unwrap_err();
        assert!(matches!(refused, Error::DiskFull { .. }), "{refused}");
    }

    disk.make_room();
    start_and_stop(&disk.folder()).await;
}

#[tokio::test]
async fn a_disk_that_fills_up_under_a_server_loses_nothing_that_was_committed() {
    let scratch = Scratch::new();
    if !is_root() {
        return limited(&scratch, "ulimit -f 4096").await;
    }
    let disk = Disk::mount(&scratch, "100m");
    let server = Server::start(&disk.folder(), &Settings::default()).await.unwrap();
    let mut connection = connect(&server).await;
    connection.execute("create table kept as select 1 as it").await.unwrap();
    disk.fill();

    let more = "insert into kept select g from generate_series(1, 1000000) g";
    let refused = connection.execute(more).await;
    assert!(refused.is_err());
    // However it ends: with the log's disk full, a server may have to give up.
    let _ = server.stop().await;

    disk.make_room();
    let server = Server::start(&disk.folder(), &Settings::default()).await.unwrap();
    let kept: Vec<i32> = sqlx::query_scalar("select it from kept")
        .fetch_all(&mut connect(&server).await)
        .await
        .unwrap();
    assert_eq!(kept, [1]);
    server.stop().await.unwrap();
}

async fn limited(scratch: &Scratch, limit: &str) {
    let program = env::current_exe().unwrap();
    let inner = Actor::command(&scratch.folder(), &program);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{limit}; exec \"$@\""), "sh"]);
    command.arg(inner.get_program()).args(inner.get_args());
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));

    let refused = Actor::spawn(&mut command).answer.clone().unwrap_err();

    assert!(refused.contains("is full"), "{refused}");
    start_and_stop(&scratch.folder()).await;
}

async fn start_and_stop(folder: &Folder) {
    let server = Server::start(folder, &Settings::default()).await.unwrap();
    server.stop().await.unwrap();
}

/// A small file system in memory.
struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    fn mount(scratch: &'a Scratch, size: &str) -> Self {
        run("mount", &["-t", "tmpfs", "-o", &format!("size={size}"), "none"], scratch.path());
        set_mode(scratch.path(), 0o755);
        Self(scratch.path())
    }

    fn folder(&self) -> Folder {
        Folder::try_new(self.0.join("data")).unwrap()
    }

    fn resize(&self, size: &str) {
        run("mount", &["-o", &format!("remount,size={size}")], self.0);
    }

    fn fill(&self) {
        let mut ballast = File::create(self.0.join("ballast")).unwrap();
        let error = loop {
            if let Err(error) = ballast.write_all(&[0; 4096]) {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        run("umount", &["--lazy"], self.0);
    }
}

fn run(program: &str, arguments: &[&str], path: &Path) {
    let status = Command::new(program).args(arguments).arg(path).status().unwrap();
    assert!(status.success(), "{program} {arguments:?}");
}
