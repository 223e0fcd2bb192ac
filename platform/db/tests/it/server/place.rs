//! Where programs, clusters and sockets lie, and what is said when they cannot.

use std::{env, fs, os::unix::fs::MetadataExt, path::PathBuf, process::Command};

use socle_db::server::{Error, Folder, Server, Settings};
use sqlx::Connection;

use super::{
    actor::Actor,
    connect, fast, is_alive, is_root,
    scratch::{Scratch, set_mode},
};

#[tokio::test]
async fn without_programs_the_error_names_the_package_and_the_places() {
    let scratch = Scratch::new();
    let settings = Settings { binaries: Some(scratch.path().join("bin")), ..fast() };

    let refused = Server::start(&scratch.folder(), &settings).await.unwrap_err();

    let text = refused.to_string();
    assert!(matches!(refused, Error::NoBinaries { .. }), "{text}");
    assert!(text.contains("apt-get install postgresql"), "{text}");
    assert!(text.contains(&*scratch.path().join("bin").to_string_lossy()), "{text}");
}

/// Root hides the machine's own installation. For others it stays, and is found without a path.
#[test]
fn a_machine_without_postgresql_is_told_to_install_it() {
    let scratch = Scratch::new();
    let hide = "mount -t tmpfs none /usr/lib/postgresql && PATH=/nonexistent exec \"$@\"";
    let inner = Actor::command(&scratch.folder(), &env::current_exe().unwrap());
    let mut command = Command::new(if is_root() { "unshare" } else { "env" });
    if is_root() {
        command.args(["--mount", "sh", "-c", hide, "sh"]);
    } else {
        command.arg("PATH=/bin");
    }
    command.arg(inner.get_program()).args(inner.get_args());
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));

    let actor = Actor::spawn(&mut command);

    if !is_root() {
        return assert!(is_alive(actor.server()));
    }
    let refused = actor.answer.clone().unwrap_err();
    assert!(refused.contains("apt-get install postgresql"), "{refused}");
    assert!(refused.contains("/nonexistent, /usr/lib/postgresql/*/bin"), "{refused}");
}

#[tokio::test]
async fn a_folder_of_another_major_version_is_refused_with_both() {
    let scratch = Scratch::new();
    let server = Server::start(&scratch.folder(), &fast()).await.unwrap();
    let found: String = server.version().chars().take_while(char::is_ascii_digit).collect();
    server.stop().await.unwrap();
    let version = scratch.folder().path().join("pg/PG_VERSION");
    let own = fs::read_to_string(&version).unwrap();

    for other in ["14", "99"] {
        fs::write(&version, format!("{other}\n")).unwrap();
        let refused = Server::start(&scratch.folder(), &fast()).await.unwrap_err();
        let text = refused.to_string();
        assert!(matches!(refused, Error::OtherVersion { .. }), "{text}");
        assert!(text.contains(&format!("made by PostgreSQL {other}")), "{text}");
        assert!(text.contains(&format!("found is {found}")), "{text}");
        assert!(text.contains("pg_upgrade"), "{text}");
    }
    fs::write(&version, own).unwrap();
    Server::start(&scratch.folder(), &fast()).await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn a_long_path_puts_the_socket_elsewhere_and_leaves_nothing_there() {
    let scratch = Scratch::new();
    let folder = long(&scratch);
    let server = Server::start(&folder, &fast()).await.unwrap();
    connect(&server).await.ping().await.unwrap();
    let socket = server.admin("postgres").get_socket().unwrap().clone();
    assert!(!socket.starts_with(scratch.path()), "{socket:?}");
    let about = fs::symlink_metadata(&socket).unwrap();
    assert_eq!(about.mode() & 0o777, 0o700);
    let user = Server::find(&folder).await.unwrap().expect("it runs");
    connect(&user).await.ping().await.unwrap();
    drop(user);

    server.stop().await.unwrap();

    assert!(!socket.exists());
}

#[test]
fn a_path_that_is_too_long_everywhere_is_refused_with_its_length() {
    let scratch = Scratch::new();
    let temporary = scratch.path().join("t".repeat(100));
    fs::create_dir(&temporary).unwrap();
    let mut command = Actor::command(&long(&scratch), &env::current_exe().unwrap());
    command.env("TMPDIR", &temporary).env_remove("XDG_RUNTIME_DIR");

    let refused = Actor::spawn(&mut command).answer.clone().unwrap_err();

    let bytes = temporary.join("socle-0123456789abcdef/.s.PGSQL.5432").as_os_str().len();
    assert!(refused.contains(&format!("has {bytes} bytes, 107 is the limit")), "{refused}");
}

#[tokio::test]
async fn a_folder_behind_a_closed_one_is_refused_with_the_closed_one() {
    let scratch = Scratch::new();
    let closed = scratch.path().join("closed");
    let folder = Folder::try_new(closed.join("open/data")).unwrap();
    fs::create_dir_all(closed.join("open")).unwrap();
    set_mode(&closed, if is_root() { 0o700 } else { 0 });

    let refused = Server::start(&folder, &fast()).await.unwrap_err();
    set_mode(&closed, 0o755);

    let component = |path: &PathBuf| *path == closed;
    assert!(
        matches!(&refused, Error::Unreachable { component: at, .. } if component(at)),
        "{refused}"
    );
    assert!(refused.to_string().contains("chmod o+x"), "{refused}");
    assert!(!folder.path().exists());
    Server::start(&folder, &fast()).await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn what_somebody_else_has_put_there_is_left_alone() {
    let scratch = Scratch::new();
    let theirs = scratch.folder().path().join("log");
    fs::create_dir_all(&theirs).unwrap();
    set_mode(&theirs, 0o751);
    fs::write(theirs.join("note"), "mine").unwrap();
    let before = fs::metadata(&theirs).unwrap();

    let refused = Server::start(&scratch.folder(), &fast()).await.unwrap_err();

    assert!(matches!(&refused, Error::Taken { path } if *path == theirs), "{refused}");
    let after = fs::metadata(&theirs).unwrap();
    assert_eq!((before.uid(), before.mode()), (after.uid(), after.mode()));
    assert_eq!(fs::read_to_string(theirs.join("note")).unwrap(), "mine");
}

fn long(scratch: &Scratch) -> Folder {
    Folder::try_new(scratch.path().join("d".repeat(100))).unwrap()
}
