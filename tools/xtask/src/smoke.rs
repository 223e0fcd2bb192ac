//! Socle as a newcomer meets it: the commands of the README on an empty data folder, and answers
//! that were worked out here from the file of purchases, not by Socle.

pub mod answer;
mod developer;
mod visit;

use std::{fs, path::Path};

use crate::{
    Failure,
    step::{run as run_command, step},
    tree::{Profile, cargo, root, socle},
};
use visit::Visit;

const PURCHASES: &str = "demo/data/cdnow_sample.txt";

/// A customer of that file, and what the four purchases come to on the day: two have lapsed.
const CUSTOMER: &str = "00004";
const CUSTOMER_DAY: &str = "1998-06-30";
const CUSTOMER_BALANCE: [(&str, &str); 3] =
    [("earned", "98"), ("expired", "58"), ("available", "40")];

/// Starts the program that the tests have built, uses it, and stops it; leaves nothing behind.
pub fn run(schemathesis: &Path) -> Result<(), Failure> {
    step("newcomer: the program, from an empty folder to a verified ledger", || {
        let mut build = cargo(&["build", "--workspace", "--bin", "socle"]);
        run_command(&mut build, "the compiler's first error is the one to read")?;
        let mut visit = Visit::begin(socle(Profile::Dev)?)?;
        let url = start(&mut visit)?;
        replay_purchases(&visit)?;
        look_at_the_ledger(&visit)?;
        developer::run_clients(&visit, &url)?;
        developer::call_everything(&visit, &url, schemathesis)?;
        visit.end()
    })
}

fn start(visit: &mut Visit) -> Result<String, Failure> {
    let url = visit.serve()?;
    visit.ask(&["status"])?.says("running", "true")?;
    visit.ask(&["demo"])?;
    Ok(url)
}

/// The second import finds everything there and changes nothing.
fn replay_purchases(visit: &Visit) -> Result<(), Failure> {
    let (purchases, points) = totals()?;
    let import = ["import", "purchases", PURCHASES];

    for (imported, already) in [(purchases, 0), (0, purchases)] {
        let answer = visit.ask(&import)?;
        answer.says("lines", &purchases.to_string())?;
        answer.says("imported", &imported.to_string())?;
        answer.says("already", &already.to_string())?;
        answer.says("rejected", "[]")?;
        answer.says("points", &points.to_string())?;
    }
    Ok(())
}

fn look_at_the_ledger(visit: &Visit) -> Result<(), Failure> {
    let balance = ["ledger", "balance", "--customer", CUSTOMER, "--at", CUSTOMER_DAY];
    let answer = visit.ask(&balance)?;
    for (name, expected) in CUSTOMER_BALANCE {
        answer.says(name, expected)?;
    }
    let verdict = visit.ask(&["ledger", "verify"])?;
    verdict.says("conserved", "true")?;
    verdict.says("differences", "[]")
}

/// The purchases of the file and the points they earn: one a whole dollar, purchase by purchase.
fn totals() -> Result<(u64, u64), Failure> {
    let text = fs::read_to_string(root().join(PURCHASES)).map_err(|error| {
        Failure::new(format!("could not read {PURCHASES}: {error}"), "restore it from git")
    })?;
    let dollars = text.lines().filter_map(|line| line.split_whitespace().last());
    let points = dollars.filter_map(|it| it.split('.').next()?.parse::<u64>().ok());
    Ok(points.fold((0, 0), |(purchases, sum), it| (purchases + 1, sum + it)))
}
