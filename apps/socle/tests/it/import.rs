//! The real purchases, against the oracle: once, twice, and shuffled into another tenant.

use serde_json::{Value, json};

use crate::{
    oracle::{self, Bought, Day},
    place::{Place, sample},
};

/// Around the first and last purchases, the first expiries, and in between.
const DAYS: [Day; 9] = [
    19_961_231, 19_970_101, 19_970_118, 19_970_802, 19_971_231, 19_980_101, 19_980_117, 19_980_630,
    19_990_630,
];

#[test]
fn the_sample_comes_to_what_plain_loops_make_of_it_in_any_order_and_however_often() {
    let place = Place::served();
    let all: Vec<Bought> = oracle::lines().iter().map(|it| oracle::bought(it)).collect();
    let points: i64 = all.iter().map(|it| it.points).sum();
    assert_eq!((all.len(), points), (6_919, 239_444), "the figures that demo/README.md tells");
    let file = sample();
    let import = ["import", "purchases", file.to_str().unwrap()];

    let first = place.ask(&import);
    let again = place.ask(&import);

    let expected = |imported: usize, already: usize| {
        json!({
            "lines": 6_919, "imported": imported, "already": already, "rejected": [],
            "points": points,
        })
    };
    assert_eq!(first, expected(6_919, 0));
    assert_eq!(again, expected(0, 6_919));

    other_tenant(&place);
    let shuffled = place.file("shuffled.txt", oracle::shuffled(oracle::lines()).join("\n"));
    let told = place.ask(&["import", "purchases", &shuffled, "--tenant", "other"]);
    assert_eq!(told, expected(6_919, 0));

    for tenant in ["demo", "other"] {
        totals_are_right(&place, tenant, &all);
        customers_are_right(&place, tenant, &all);
    }
    let verdict = place.ask(&["ledger", "verify"]);
    assert_eq!((&verdict["conserved"], &verdict["differences"]), (&json!(true), &json!([])));
}

fn other_tenant(place: &Place) {
    place.ask(&["tenant", "create", "other"]);
    place.ask(&["ledger", "programme", "define", "points", "--tenant", "other"]);
}

/// All customers at once: what they have, and what has expired, by the end of many days.
fn totals_are_right(place: &Place, tenant: &str, all: &[Bought]) {
    for day in DAYS {
        let at = oracle::dashed(day);
        let answer = place.ask(&["ledger", "trial-balance", "--at", &at, "--tenant", tenant]);
        let expected = oracle::balance(all, day);

        assert_eq!(answer["balanced"], true, "{answer}");
        let issued = sum_of(&answer, "issuance", "debit");
        let expired = sum_of(&answer, "breakage", "credit");
        let owned = sum_of(&answer, "points", "credit");
        let found = (issued, expired, owned);
        let (earned, lost) = (expected.earned, expected.expired);
        assert_eq!(found, (earned, lost, earned - lost), "{tenant} on {at}");
    }
}

/// The demo's customers came long after the last of these days, so they are not in the sums.
fn sum_of(answer: &Value, purpose: &str, side: &str) -> i64 {
    let assets = answer["assets"].as_array().unwrap();
    let rows = assets.iter().flat_map(|it| it["accounts"].as_array().unwrap());
    rows.filter(|it| it["purpose"] == purpose).map(|it| it[side].as_i64().unwrap()).sum()
}

fn customers_are_right(place: &Place, tenant: &str, all: &[Bought]) {
    let customers = oracle::by_customer(all);
    assert_eq!(customers.len(), 2_357);
    let busiest = customers.iter().max_by_key(|(_, bought)| bought.len()).unwrap();
    let idle = customers.iter().find(|(_, bought)| bought.iter().all(|it| it.points == 0));
    let sampled = customers.iter().step_by(400).chain([busiest]).chain(idle);
    for (customer, bought) in sampled {
        for day in [19_970_118, 19_980_101, 19_980_630] {
            let at = oracle::dashed(day);
            let balance = ["ledger", "balance", "--customer", customer, "--at", &at];
            let answer = place.ask(&[&balance[..], &["--tenant", tenant]].concat());
            let oracle::Balance { earned, expired } = oracle::balance(bought, day);

            assert_eq!(answer["earned"], earned, "{tenant}, {customer} on {at}");
            assert_eq!(answer["expired"], expired, "{tenant}, {customer} on {at}");
            assert_eq!(answer["available"], earned - expired, "{tenant}, {customer} on {at}");
        }
        let statement = ["ledger", "statement", "--customer", customer, "--to", "1998-12-31"];
        let answer = place.ask(&[&statement[..], &["--tenant", tenant]].concat());
        assert_eq!(entries(&answer), expected_entries(bought), "{tenant}, {customer}");
    }
}

fn entries(answer: &Value) -> Vec<(String, i64)> {
    let entries = answer["entries"].as_array().unwrap().iter();
    let mut all: Vec<_> = entries
        .map(|it| {
            let day = it["effective_at"].as_str().unwrap()[..10].to_owned();
            (day, it["amount"].as_i64().unwrap())
        })
        .collect();
    all.sort();
    all
}

fn expected_entries(bought: &[Bought]) -> Vec<(String, i64)> {
    let earning = bought.iter().filter(|it| it.points != 0);
    let mut all: Vec<_> = earning.map(|it| (oracle::dashed(it.day), it.points)).collect();
    all.sort();
    all
}
