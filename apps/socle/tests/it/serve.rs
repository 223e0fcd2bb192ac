//! A server in the background: joined, stopped, killed, never doubled.

use std::{fs, path::Path, thread, time::Duration};

use serde_json::json;

use crate::place::{Place, Reply};

fn is_alive(pid: &serde_json::Value) -> bool {
    let status = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat"));
    status.is_ok_and(|it| !it.contains(") Z "))
}

/// Files below a folder that some process still has open.
fn open_below(folder: &Path) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|it| it.path().join("fd"));
    let open = processes.filter_map(|it| fs::read_dir(it).ok()).flatten().flatten();
    let paths = open.filter_map(|it| fs::read_link(it.path()).ok());
    paths.filter(|it| it.starts_with(folder)).map(|it| it.display().to_string()).collect()
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("still waiting for {what}");
}

#[test]
fn a_server_is_told_of_joined_never_doubled_and_stopped() {
    let place = Place::new();
    let before = place.ask(&["status"]);
    assert_eq!((&before["running"], &before["database_url"]), (&json!(false), &json!(null)));

    let served = place.ask(&["serve", "--detach"]);
    let status = place.ask(&["status"]);
    place.ask(&["demo"]);

    assert_eq!(status["running"], true);
    assert_eq!(status["data"], place.data().to_str().unwrap());
    assert_eq!(status["database_url"], served["database_url"]);
    assert_eq!(place.psql("select count(*) from socle_auth.tenant"), "1");
    for second in [&["serve"][..], &["serve", "--detach"]] {
        place.run(second).refused(4, &["already runs the server of", &served["pid"].to_string()]);
    }
    assert_eq!(place.ask(&["status"])["pid"], status["pid"], "others joined it");
    assert!(place.run(&["migrate"]).stdout.contains("up to date"));

    let stopped = place.ask(&["stop"]);

    assert_eq!((&stopped["stopped"], &stopped["pid"]), (&json!(true), &served["pid"]));
    assert!(!is_alive(&status["pid"]) && !is_alive(&served["pid"]));
    assert_eq!(open_below(&place.data()), [""; 0], "its disk can be taken away");
    assert_eq!(place.ask(&["status"])["running"], false);
    let log = fs::read_to_string(place.data().join("serve.log")).unwrap();
    assert!(log.contains("serving") && log.contains("stopping"), "{log}");
}

#[test]
fn a_server_that_is_killed_leaves_nothing_running() {
    let place = Place::served();
    let database = place.ask(&["status"])["pid"].clone();
    let owner = fs::read_to_string(place.data().join("owner.lock")).unwrap();
    let owner = owner.split(' ').next().unwrap().to_owned();

    let killed = Reply::of(std::process::Command::new("kill").args(["-KILL", &owner]));

    assert_eq!(killed.code, Some(0), "{killed:?}");
    until("the end of the database", || !is_alive(&database));
    assert_eq!(place.ask(&["status"])["running"], false);
    assert_eq!(place.ask(&["demo"])["changed"], false, "the data has stayed");
}

#[test]
fn a_database_of_a_newer_program_is_refused_and_left_alone() {
    let place = Place::served();
    place.psql(
        "insert into socle_ledger.migration
         select 999, 'from the future', now(), true, checksum, 0 from socle_ledger.migration limit 1",
    );

    let words = ["newer than this program", "run the program that this database was made by"];
    place.run(&["ledger", "verify"]).refused(4, &words);
    place.run(&["migrate"]).refused(4, &words);
}
