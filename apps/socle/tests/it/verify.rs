//! Damage that somebody did behind the books' back is found, and named.

use crate::place::Place;

#[test]
fn verify_names_what_was_changed_behind_its_back() {
    let place = Place::served();
    let account = place.psql(
        "select replace(account_id::text, '-', '') from socle_ledger.entry
         where amount = 199 order by 1 limit 1",
    );

    place.psql("update socle_ledger.entry set amount = 198 where amount = 199");
    let reply = place.run(&["ledger", "verify", "--json"]);

    assert_eq!(reply.code, Some(1), "{reply:?}");
    let verdict = reply.object();
    assert_eq!(verdict["conserved"], false, "{verdict}");
    let differences = verdict["differences"].as_array().unwrap();
    let names = |it: &&serde_json::Value| it["subject"].as_str().unwrap().contains(&account);
    assert!(differences.iter().any(|it| names(&it)), "{verdict}");
    let text = place.run(&["ledger", "verify"]);
    assert!(text.stdout.contains("NOT conserved") && text.stdout.contains(&account), "{text:?}");

    place.ask(&["tenant", "create", "clean"]);
    let clean = place.ask(&["ledger", "verify", "--tenant", "clean"]);
    assert_eq!(clean["entries"], 0);
}

#[test]
fn doctor_finds_a_hole_in_the_walls() {
    let place = Place::served();
    assert_eq!(place.ask(&["doctor"])["healthy"], true);

    place.psql(
        "alter table socle_ledger.purchase no force row level security;
         grant select on socle_auth.tenant to socle_ledger;
         alter role socle_ledger createdb",
    );
    let reply = place.run(&["doctor"]);

    assert_eq!(reply.code, Some(1), "{reply:?}");
    for hole in [
        "socle_ledger.purchase",
        "socle_ledger may SELECT socle_auth.tenant",
        "socle_ledger (creates databases)",
    ] {
        assert!(reply.stdout.contains(hole), "no {hole} in {reply:?}");
    }
}
