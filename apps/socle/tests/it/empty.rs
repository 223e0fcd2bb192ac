//! Where nothing is yet, and where it is not what was typed.

use crate::place::{Place, sample};

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
    place.run(&["tenant", "create", "demo"]).refused(1, &["another tenant has this handle"]);
    place.run(&["tenant", "create", "Demo!"]).refused(2, &["next:"]);
    place.ask(&["tenant", "create", "bare"]);
    let import =
        ["import", "purchases", sample().to_str().unwrap(), "--tenant", "bare"].map(str::to_owned);
    let import = import.iter().map(String::as_str).collect::<Vec<_>>();
    place.run(&import).refused(3, &["programme define points --tenant bare"]);
    let euros = ["ledger", "programme", "define", "points", "--currency", "EUR"];
    place.ask(&[&euros[..], &["--tenant", "bare"]].concat());
    place.run(&import).refused(2, &["EUR"]);

    let failed = place.run(&["ledger", "balance", "--customer", "nobody", "--json"]).object();
    assert_eq!(failed["exit_code"], 3, "{failed}");
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
fn settings_are_told_with_their_source_and_without_their_secrets() {
    let mut place = Place::new();
    let url = "postgresql://boss:hunter2@127.0.0.1:1/none";
    place.variables.push(("DATABASE_URL", url.to_owned()));
    place.variables.push(("SOCLE_TENANT", "shop".to_owned()));

    let reply = place.run(&["config", "--json"]);

    assert!(!reply.stdout.contains("hunter2"), "{reply:?}");
    let settings = reply.object()["settings"].as_array().unwrap().clone();
    let source = |name| settings.iter().find(|it| it["name"] == name).unwrap()["source"].clone();
    assert_eq!(source("data"), "flag");
    assert_eq!(source("tenant"), "environment");
    assert_eq!(source("pg_bin"), "default");
}
