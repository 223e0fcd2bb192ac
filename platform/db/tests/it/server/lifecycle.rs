//! A server is started, joined, stopped and started again; its data stays.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, process::Command, time::Duration};

use socle_db::server::{Error, Folder, Server, Settings};
use sqlx::{Connection, Executor};
use tokio::time::timeout;

use super::{connect, fast, is_alive, scratch::Scratch, until};

#[tokio::test]
async fn a_server_starts_answers_and_stops_and_keeps_what_it_was_told() {
    let scratch = Scratch::new();
    let server = Server::start(&scratch.folder(), &fast()).await.unwrap();
    let pid = server.pid();
    connect(&server).await.execute("create table kept as select 42 as it").await.unwrap();

    server.stop().await.unwrap();

    assert!(!is_alive(pid));
    assert!(Server::find(&scratch.folder()).await.unwrap().is_none());
    let again = Server::start(&scratch.folder(), &fast()).await.unwrap();
    let kept: i32 = sqlx::query_scalar("select it from kept")
        .fetch_one(&mut connect(&again).await)
        .await
        .unwrap();
    assert_eq!(kept, 42);
    assert!(again.is_owned());
    again.stop().await.unwrap();
}

#[tokio::test]
async fn a_new_server_has_checksums_utf8_and_no_port() {
    let scratch = Scratch::new();
    let server = Server::start(&scratch.folder(), &fast()).await.unwrap();
    let mut connection = connect(&server).await;

    for (setting, expected) in [
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("listen_addresses", ""),
        ("fsync", "off"),
        ("log_error_verbosity", "terse"),
    ] {
        let value: String = sqlx::query_scalar("select current_setting($1)")
            .bind(setting)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(value, expected, "{setting}");
    }
    let version: String =
        sqlx::query_scalar("show server_version").fetch_one(&mut connection).await.unwrap();
    assert_eq!(server.version(), version);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_port_of_other_servers_does_not_matter() {
    // If another program has it, so much the better.
    let _taken = TcpListener::bind("127.0.0.1:5432");
    let scratch = Scratch::new();

    let server = Server::start(&scratch.folder(), &fast()).await.unwrap();

    connect(&server).await.ping().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn psql_understands_the_url() {
    let scratch = Scratch::new();
    for name in ["été o'clock & \"50\" %", "a, comma"] {
        let folder = Folder::try_new(scratch.path().join(name)).unwrap();
        let server = Server::start(&folder, &fast()).await.unwrap();

        let output = Command::new("psql")
            .args(["-XAtc", "select current_user, current_database()"])
            .arg(server.url("postgres"))
            .output()
            .unwrap();

        assert_eq!(String::from_utf8_lossy(&output.stdout), "socle_admin|postgres\n", "{output:?}");
        server.stop().await.unwrap();
    }
}

#[tokio::test]
async fn looking_for_a_server_creates_nothing() {
    let scratch = Scratch::new();

    assert!(Server::find(&scratch.folder()).await.unwrap().is_none());

    assert!(!scratch.folder().path().exists());
}

#[tokio::test]
async fn an_owner_waits_for_those_who_joined() {
    let scratch = Scratch::new();
    let owner = Server::start(&scratch.folder(), &fast()).await.unwrap();
    let user = Server::find(&scratch.folder()).await.unwrap().expect("it runs");
    assert!(!user.is_owned());
    assert_eq!(user.pid(), owner.pid());
    let mut connection = connect(&user).await;
    let mut stopping = Box::pin(owner.stop());

    assert!(timeout(Duration::from_millis(300), &mut stopping).await.is_err());
    connection.ping().await.unwrap();
    user.stop().await.unwrap();

    stopping.await.unwrap();
    assert!(connection.ping().await.is_err());
}

#[tokio::test]
async fn of_many_who_come_at_once_one_owns_and_the_others_join() {
    let scratch = Scratch::new();
    let (folder, settings) = (scratch.folder(), fast());
    let come = || Server::join_or_start(&folder, &settings);

    let (a, b, c) = tokio::join!(come(), come(), come());

    let servers = [a.unwrap(), b.unwrap(), c.unwrap()];
    assert_eq!(servers.iter().filter(|server| server.is_owned()).count(), 1);
    assert!(servers.iter().all(|server| server.pid() == servers[0].pid()));
    let (owners, users): (Vec<_>, Vec<_>) = servers.into_iter().partition(Server::is_owned);
    drop(users);
    for owner in owners {
        owner.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_is_let_go_is_stopped_by_its_guard_and_can_start_at_once() {
    let scratch = Scratch::new();
    let server = Server::start(&scratch.folder(), &fast()).await.unwrap();
    let pid = server.pid();
    drop(server);

    let again = Server::start(&scratch.folder(), &fast()).await.unwrap();

    assert_ne!(again.pid(), pid);
    assert!(!is_alive(pid));
    again.stop().await.unwrap();
}

#[tokio::test]
async fn a_setting_of_the_callers_wins_and_one_that_is_none_is_refused() {
    let scratch = Scratch::new();
    let with = |name: &str, value: &str| {
        let mut settings = fast();
        settings.conf.push((name.into(), value.into()));
        settings
    };
    let start = async |settings: Settings| Server::start(&scratch.folder(), &settings).await;

    let refused = start(with("a = 1\nfsync", "on")).await.unwrap_err();
    assert!(matches!(refused, Error::Setting { .. }), "{refused}");
    let refused = start(with("no_such_setting", "1")).await.unwrap_err();
    assert!(matches!(refused, Error::Start { .. }), "{refused}");
    assert!(refused.to_string().contains("no_such_setting"), "{refused}");
    let server = start(with("socle.note", "it's a \\ note")).await.unwrap();

    let note: String =
        sqlx::query_scalar("show socle.note").fetch_one(&mut connect(&server).await).await.unwrap();
    assert_eq!(note, "it's a \\ note");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn no_value_of_a_row_reaches_the_log() {
    let scratch = Scratch::new();
    let server = Server::start(&scratch.folder(), &fast()).await.unwrap();
    let mut connection = connect(&server).await;
    connection.execute("create table person (email text primary key)").await.unwrap();
    let insert = "insert into person values ('private@example.org')";
    connection.execute(insert).await.unwrap();

    connection.execute(insert).await.unwrap_err();
    let bound = sqlx::query("insert into person values ($1)").bind("private@example.org");
    bound.execute(&mut connection).await.unwrap_err();
    server.stop().await.unwrap();

    let folder = scratch.folder().path().join("log");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let log: String = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    assert!(log.contains("duplicate key"), "{log}");
    assert!(!log.contains("private@"), "{log}");
}

#[tokio::test]
async fn only_the_servers_user_can_reach_the_socket() {
    let scratch = Scratch::new();
    let server = Server::start(&scratch.folder(), &fast()).await.unwrap();

    for folder in ["pg", "run", "log"] {
        let about = fs::metadata(scratch.folder().path().join(folder)).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o700, "{folder}");
    }
    let pid = server.pid();
    drop(server);
    until("the end of the server", || !is_alive(pid));
}
