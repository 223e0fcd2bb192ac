//! What happens after the commit, as those who operate see it on the command line.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::place::Place;

/// Longer than anything takes on a loaded machine.
const LONG: Duration = Duration::from_mins(1);

/// Asks until the answer is as wanted: a server works meanwhile.
fn once(place: &Place, command: &[&str], is_wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let answer = place.ask(command);
        if is_wanted(&answer) {
            return answer;
        }
        assert!(began.elapsed() < LONG, "{command:?} answers {answer}");
    }
}

fn entry<'a>(calendar: &'a Value, name: &str) -> Option<&'a Value> {
    calendar["entries"].as_array().unwrap().iter().find(|it| it["name"] == name)
}

#[test]
fn an_entry_of_the_calendar_is_done_when_somebody_asks_and_not_while_it_is_paused() {
    let place = Place::served();
    let has_entry = |it: &Value| entry(it, "ledger.verify-books").is_some();
    once(&place, &["cron", "list"], has_entry);

    let paused = place.ask(&["cron", "pause", "ledger.verify-books"]);
    let calendar = place.ask(&["cron", "list"]);
    let resumed = place.ask(&["cron", "resume", "ledger.verify-books"]);
    let asked = place.ask(&["cron", "run-now", "ledger.verify-books"]);

    assert_eq!(paused, json!({ "done": "paused", "name": "ledger.verify-books", "entries": 1 }));
    let entry = entry(&calendar, "ledger.verify-books").unwrap();
    assert!(entry["paused_by"].is_string() && entry["paused_at"].is_string(), "{entry}");
    assert_eq!((&resumed["done"], &asked["done"]), (&json!("resumed"), &json!("asked")));
    let done = ["jobs", "list", "--kind", "ledger.verify-books", "--state", "done"];
    let jobs = once(&place, &done, |it| !it["jobs"].as_array().unwrap().is_empty());
    let id = jobs["jobs"][0]["id"].as_str().unwrap();
    let job = place.ask(&["jobs", "show", id]);
    assert_eq!(
        (&job["state"], &job["attempts"], &job["module"]),
        (&json!("done"), &json!(1), &json!("ledger"))
    );
}

#[test]
fn a_paused_queue_is_seen_with_who_paused_it() {
    let mut place = Place::with_demo();
    place.variables.push(("SUDO_USER", "alice".to_owned()));

    place.ask(&["jobs", "pause", "low"]);
    let paused = place.ask(&["jobs", "queues"]);
    place.ask(&["jobs", "resume", "low"]);
    let after = place.ask(&["jobs", "queues"]);

    assert_eq!(
        (&paused["queues"][0]["queue"], &paused["queues"][0]["paused_by"]),
        (&json!("low"), &json!("alice"))
    );
    assert_eq!(after["queues"], json!([]));
}

#[test]
fn events_are_told_one_a_line_and_end_where_nobody_wants_more() {
    let place = Place::with_demo();

    let posted = "ledger.transaction.posted";
    let all = place.run(&["events", "tail", "--from-start", "--no-follow", "--type", posted]);
    let none = place.ask(&["events", "tail", "--no-follow"]);

    let lines: Vec<Value> =
        all.stdout.lines().filter_map(|it| serde_json::from_str(it).ok()).collect();
    assert!(10 < lines.len(), "{all:?}");
    let is_whole = |it: &Value| {
        it["type"] == posted && it["source"] == "/socle/ledger" && it["data"]["legs"].is_array()
    };
    assert!(lines.iter().all(is_whole), "{all:?}");
    assert_eq!(none, json!({ "events": 0 }));
}

#[test]
fn what_is_not_there_or_mistyped_is_said_with_what_to_do() {
    let place = Place::with_demo();
    let id = "job_00000000000000000000000000000001";

    for (command, code, why) in [
        (&["jobs", "show", id][..], 3, "there is no job_"),
        (&["jobs", "cancel", "apk_1"], 2, "job_"),
        (&["jobs", "pause", "urgent"], 2, "critical, high, default, low, scheduled"),
        (&["jobs", "list", "--state", "gone"], 2, "no state is gone"),
        (&["cron", "pause", "ledger.nothing"], 3, "no entry is called ledger.nothing"),
        (&["dead-letters", "show", id], 3, "there is no dead letter"),
        (&["dead-letters", "replay", id], 3, "nothing was done"),
        (&["dead-letters", "replay"], 2, "required"),
        (&["events", "forget", "nobody"], 3, "there is no group nobody"),
    ] {
        let reply = place.run(command);
        assert_eq!(reply.code, Some(code), "{command:?}: {reply:?}");
        assert!(reply.stderr.contains(why), "{command:?}: {reply:?}");
    }
    assert_eq!(place.ask(&["dead-letters", "list"]), json!({ "letters": [] }));
    assert_eq!(place.ask(&["events", "groups"]), json!({ "groups": [] }));
}

/// Events and jobs that failed for good, more than a page of each.
const MANY_DEAD: &str = "
    insert into socle_ledger.delivery
        (tenant_id, grp, id, seq, type, dataversion, partitionkey, sequence, time, actortype,
         actorid, correlationid, data, state, attempts, tries, next_at, last_error)
    select gen_random_uuid(), 'test.readers', gen_random_uuid(), n, 'ledger.hold.placed', 1, 'key',
           n, now(), 'system', 'test', gen_random_uuid(), '{}', 'dead', 13, 13, now(),
           'could not read the event: it is broken'
    from generate_series(1, 501) as n;
    with planted as (
        insert into socle_ledger.job
            (tenant_id, id, kind, queue, args, enqueued_at, actortype, actorid, correlationid)
        select gen_random_uuid(), gen_random_uuid(), 'ledger.forget-keys', 'scheduled', 'null',
               now(), 'system', 'test', gen_random_uuid()
        from generate_series(1, 201) as n
        returning *
    )
    insert into socle_ledger.job_run
        (tenant_id, id, kind, queue, state, run_at, attempts_max, failed_at, reason, causes)
    select tenant_id, id, kind, queue, 'dead', now(), 13, now(), 'jobs.failed', array['why']
    from planted";

#[test]
fn all_dead_letters_are_seen_and_decided_about_however_many_there_are() {
    let place = Place::served();
    place.psql(MANY_DEAD);

    let listed = place.ask(&["dead-letters", "list"]);
    let last = listed["letters"][501 + 201 - 1]["id"].as_str().unwrap().to_owned();
    let shown = place.ask(&["dead-letters", "show", &last]);
    let one = place.ask(&["dead-letters", "discard", &last]);
    let rest = place.ask(&["dead-letters", "discard", "--all"]);

    assert_eq!(shown["id"], json!(last));
    assert_eq!(one, json!({ "done": "discarded", "letters": 1 }));
    assert_eq!(rest, json!({ "done": "discarded", "letters": 501 + 201 - 1 }));
    assert_eq!(place.ask(&["dead-letters", "list"]), json!({ "letters": [] }));
}
