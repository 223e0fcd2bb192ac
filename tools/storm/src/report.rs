//! What is told of a campaign: a line a round, and a summary.

use std::{
    io::{self, Write},
    path::Path,
};

use crate::{
    round::{Outcome, Round},
    schedule::Schedule,
};

/// The most findings that are told of a round: one cause has many.
const FINDINGS_MAX: usize = 20;

/// The longest finding that is told whole.
const CHARS_MAX: usize = 1_500;

/// All rounds together.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) rounds: usize,
    pub(crate) faults: usize,
    pub(crate) asked: usize,
    pub(crate) acknowledged: usize,
    pub(crate) retried: usize,
    pub(crate) events: i64,
    pub(crate) jobs: i64,
    pub(crate) found_in: Vec<u64>,
}

impl Summary {
    pub(crate) fn add(&mut self, round: Round, outcome: &Outcome) {
        self.rounds += 1;
        self.faults += Schedule::of(round.seed, round.number).faults.len();
        self.asked += outcome.asked;
        self.acknowledged += outcome.acknowledged;
        self.retried += outcome.retried;
        self.events += outcome.events;
        self.jobs += outcome.jobs;
        if !outcome.findings.is_empty() {
            self.found_in.push(round.number);
        }
    }

    pub(crate) fn tell(&self, seed: u64) -> io::Result<()> {
        let Self { rounds, faults, asked, acknowledged, retried, events, jobs, found_in } = self;
        say(&format!(
            "{rounds} rounds of seed {seed}: {faults} faults, {asked} requests, {acknowledged} \
             acknowledged, {retried} retried, {events} events heard, {jobs} jobs done; something \
             found in {} rounds {found_in:?}",
            found_in.len()
        ))
    }
}

/// A round's line, and what was found.
pub(crate) fn round(round: Round, outcome: &Outcome, kept: &Path) -> io::Result<()> {
    let Round { seed, number } = round;
    let faults: Vec<_> =
        Schedule::of(seed, number).faults.iter().map(ToString::to_string).collect();
    let Outcome { asked, acknowledged, retried, events, jobs, took, findings, .. } = outcome;
    let no_disk = if outcome.has_no_disk { " (no disk to fill without root)" } else { "" };
    say(&format!(
        "round {number}: {}{no_disk}; {asked} asked, {acknowledged} acknowledged, {retried} \
         retried, {events} heard, {jobs} done; {:.1} s; {}",
        faults.join(" "),
        took.as_secs_f64(),
        if findings.is_empty() { "whole" } else { "FOUND" },
    ))?;
    for it in findings.iter().take(FINDINGS_MAX) {
        say(&format!("  {}", it.to_string().chars().take(CHARS_MAX).collect::<String>()))?;
    }
    if FINDINGS_MAX < findings.len() {
        say(&format!("  and {} more", findings.len() - FINDINGS_MAX))?;
    }
    if !findings.is_empty() {
        say(&format!("  again: --seed {seed} --round {number}; kept in {}", kept.display()))?;
    }
    Ok(())
}

/// Prints a line on standard output.
pub(crate) fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
