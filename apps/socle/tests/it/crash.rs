//! An import that is killed, and run again.

use std::{
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::json;

use crate::place::{Place, Reply, sample};

fn import(place: &Place) -> Command {
    place.command(&["import", "purchases", sample().to_str().unwrap(), "--json"])
}

#[test]
fn an_import_that_is_killed_ends_in_the_same_state_when_it_is_run_again() {
    let place = Place::with_demo();

    for failpoint in ["books.written:2", "books.committed:2"] {
        let died = Reply::of(import(&place).env("SOCLE_FAILPOINT", failpoint));
        assert_eq!(died.code, None, "{failpoint}: {died:?}");
    }
    for delay_ms in [250, 400, 650] {
        let mut child = import(&place);
        let child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = child.unwrap();
        // Wherever it is by then: there is no right moment to be killed at.
        thread::sleep(Duration::from_millis(delay_ms));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let last = Reply::of(&mut import(&place)).object();

    let (imported, already) =
        (last["imported"].as_u64().unwrap(), last["already"].as_u64().unwrap());
    assert_eq!(imported + already, 6_919, "{last}");
    assert!(0 < already, "what the dying had committed is found: {last}");
    assert_eq!((&last["points"], &last["rejected"]), (&json!(239_444), &json!([])));
    let verdict = place.ask(&["ledger", "verify"]);
    assert_eq!((&verdict["conserved"], &verdict["differences"]), (&json!(true), &json!([])));
    let balance = ["ledger", "balance", "--customer", "00004", "--at", "1998-06-30"];
    let balance = place.ask(&balance);
    let found = (&balance["earned"], &balance["expired"], &balance["available"]);
    assert_eq!(found, (&json!(98), &json!(58), &json!(40)));
}
