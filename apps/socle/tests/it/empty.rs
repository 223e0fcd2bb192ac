//! Where nothing is yet, and where it is not what was typed.

use std::{
    fs::{self, File},
    os::unix::fs::symlink,
    process::Command,
};

use crate::place::{Place, Reply, sample};

#[test]
fn on_an_empty_folder_every_command_says_what_to_run_first() {
    let place = Place::new();
    let file = sample();
    for command in [
        &["ledger", "balance", "--customer", "demo-alice"][..],
        &["ledger", "statement", "--customer", "demo-alice"],
        &["ledger", "trial-balance"],
        &["ledger", "verify"],
        &["ledger", "expire"],
        &["ledger", "expiring"],
        &["ledger", "liability"],
        &["ledger", "programme", "list"],
        &["tenant", "list"],
        &["import", "purchases", file.to_str().unwrap()],
    ] {
        place.run(command).refused(3, &["there is no data in", "next:", "demo`"]);
    }

    assert_eq!(place.ask(&["status"])["running"], false);
    assert_eq!(place.ask(&["stop"])["stopped"], false);
    assert_eq!(place.ask(&["doctor"])["healthy"], true);
    assert!(place.run(&["config"]).stdout.contains("SOCLE_DATA"));
    assert!(!place.data().exists(), "looking makes nothing");
}

#[test]
fn exit_codes_say_what_kind_of_failure_it_is() {
    let mut place = Place::with_demo();

    place.run(&["ledger", "balance"]).refused(2, &["--customer"]);
    place.run(&["ledger", "balance", "--customer", "x", "--at", "1997-02-31"]).refused(2, &[]);
    place
        .run(&["ledger", "balance", "--customer", "nobody"])
        .refused(3, &["no customer nobody", "next:"]);
    place.run(&["ledger", "verify", "--tenant", "x"]).refused(3, &["tenant create x"]);
    place.run(&["import", "purchases", "/nowhere"]).refused(3, &["/nowhere"]);
    place.run(&["tenant", "create", "demo"]).refused(1, &["another tenant has or had this handle"]);
    place.run(&["tenant", "create", "Demo!"]).refused(2, &["next:"]);
    place.ask(&["tenant", "create", "bare"]);
    let import =
        ["import", "purchases", sample().to_str().unwrap(), "--tenant", "bare"].map(str::to_owned);
    let import = import.iter().map(String::as_str).collect::<Vec<_>>();
    place.run(&import).refused(3, &["programme define points --tenant bare"]);
    let euros = ["ledger", "programme", "define", "points", "--currency", "EUR"];
    place.ask(&[&euros[..], &["--tenant", "bare"]].concat());
    place.run(&import).refused(2, &["EUR"]);

    for command in [&["statement", "--customer", "demo-alice"][..], &["liability"]] {
        let span = ["--from", "1998-02-01", "--to", "1998-01-31"];
        place.run(&[&["ledger"], command, &span].concat()).refused(2, &["1998-02-01, lies after"]);
    }

    let help = place.run(&["--help"]).stdout;
    assert!(help.contains("Exit codes:") && help.contains("DATABASE_URL"), "{help}");
    place.variables.push(("DATABASE_URL", "postgresql://boss@127.0.0.1:1/none".to_owned()));
    place.run(&["ledger", "verify"]).refused(4, &["because:", "next:"]);
    assert_eq!(place.ask(&["status"])["running"], false);
    let doctor = place.run(&["doctor"]);
    assert_eq!(doctor.code, Some(1), "{doctor:?}");
    assert!(doctor.stdout.contains("bad   database: could not log in"), "{doctor:?}");
}

#[test]
fn a_failure_is_one_object_for_those_who_ask_for_one() {
    let place = Place::with_demo();
    for (command, code, word) in [
        (&["ledger", "balance", "--customer", "nobody"][..], 3, "no customer nobody"),
        (&["ledger", "balance"], 2, "--customer"),
        (&["nonsense"], 2, "'nonsense'"),
        (&[], 2, "subcommand"),
        (&["status", "--tenant", ""], 2, "--tenant is empty"),
    ] {
        let reply = place.run(&[&["--json"], command].concat());

        reply.refused(code, &["error: ", word]);
        assert_eq!(reply.stdout.lines().count(), 1, "{reply:?}");
        let object = reply.object();
        assert_eq!(object["exit_code"], code, "{reply:?}");
        assert!(object["error"].as_str().unwrap().contains(word), "{reply:?}");
    }
    let full = File::options().write(true).open("/dev/full").unwrap();
    let lost = place.command(&["status"]).stdout(full).output().unwrap();
    assert_eq!(lost.status.code(), Some(3), "{lost:?}");
    assert_eq!(place.run(&["nonsense"]).stdout, "");
    assert_eq!(place.run(&["--help", "--json"]).code, Some(0));
}

#[test]
fn a_data_folder_that_is_none_is_said_to_be_none() {
    let place = Place::new();
    fs::write(place.data(), "a file").unwrap();
    for command in ["demo", "status", "doctor", "stop", "serve"] {
        place.run(&[command]).refused(2, &["is neither a folder", "--data"]);
    }
    fs::remove_file(place.data()).unwrap();
    symlink("nowhere", place.data()).unwrap();
    place.run(&["demo"]).refused(2, &["is neither a folder", "--data"]);
    fs::remove_file(place.data()).unwrap();
}

#[test]
fn settings_are_told_with_their_source_and_without_their_secrets() {
    let mut place = Place::new();
    let url = "postgresql://boss:hunter2@127.0.0.1:1/none";
    place.variables.push(("DATABASE_URL", url.to_owned()));
    place.variables.push(("SOCLE_TENANT", "shop".to_owned()));

    place.variables.push(("SOCLE_APP_URL", String::new()));

    let reply = place.run(&["config", "--json"]);

    assert!(!reply.stdout.contains("hunter2"), "{reply:?}");
    let settings = reply.object()["settings"].as_array().unwrap().clone();
    let source = |name| settings.iter().find(|it| it["name"] == name).unwrap()["source"].clone();
    assert_eq!(source("data"), "flag");
    assert_eq!(source("tenant"), "environment");
    assert_eq!(source("pg_bin"), "default");
    assert_eq!(source("app_url"), "default");

    let mut without_flag = Command::new(env!("CARGO_BIN_EXE_socle"));
    let reply = Reply::of(without_flag.args(["config", "--json"]).env("SOCLE_DATA", ""));
    assert_eq!(reply.object()["settings"][0]["source"], "default", "{reply:?}");
}
