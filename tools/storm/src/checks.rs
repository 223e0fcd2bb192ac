//! What must be true when everything is whole again: what was acknowledged is there as it was told,
//! nothing is there twice, and everything adds up.

mod accounts;
mod holds;
mod journal;
mod paper;
mod programmes;
mod purchases;
mod replays;
mod seen;
mod settled;
mod verified;
mod witnessed;

use std::fmt;

use crate::{Failed, load::Book, world::World};

pub(crate) use seen::Seen;

/// Something is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) check: &'static str,
    /// What was expected, and what was found.
    pub(crate) says: String,
}

impl Finding {
    pub(crate) fn new(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, says: says.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.check, self.says)
    }
}

/// Lets nothing be unknown any more: asks again whatever was not answered.
pub(crate) async fn settle(world: &World, books: &mut [Book]) -> Result<(), Failed> {
    settled::settle(world, books).await
}

/// How many events were heard, and how many jobs done.
pub(crate) async fn witnessed(world: &World) -> Result<(i64, i64), Failed> {
    witnessed::count(world).await
}

/// All checks, on a world that is whole and books without anything unknown.
pub(crate) async fn run(world: &World, books: &[Book]) -> Result<Vec<Finding>, Failed> {
    let mut findings = replays::check(world, books).await?;
    findings.extend(looked(world, books).await?);
    Ok(findings)
}

/// The checks that ask for nothing again.
pub(crate) async fn looked(world: &World, books: &[Book]) -> Result<Vec<Finding>, Failed> {
    let mut findings = verified::check(world).await?;
    findings.extend(witnessed::check(world).await?);
    for book in books {
        let seen = Seen::look(world, book).await?;
        findings.extend(judge(book, &seen));
    }
    Ok(findings)
}

/// Compares what is there with what was asked and answered; looks at nothing itself.
pub(crate) fn judge(book: &Book, seen: &Seen) -> Vec<Finding> {
    let checks = [
        settled::refusals,
        journal::check,
        accounts::check,
        holds::check,
        purchases::check,
        programmes::check,
    ];
    let handle = book.tenant.handle;
    let findings = checks.into_iter().flat_map(|check| check(book, seen));
    findings.map(|it| Finding { says: format!("{handle}: {}", it.says), ..it }).collect()
}
