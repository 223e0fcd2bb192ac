//! `socle import purchases`: replays a file of purchases, each on its own date.
//!
//! The file is read a line at a time, and a bounded number of purchases are on their way at once,
//! so memory does not grow with it, but for one small count for each distinct purchase.

mod identity;
mod lines;
mod parse;
mod progress;
mod run;

use std::{fs::File, path::Path};

use serde::Serialize;
use socle_kernel::Amount;

use crate::{
    answer::Answer,
    cli::Purchases,
    failure::{Exit, Failure},
    session::{self, Session},
    settings::Settings,
    text::Text,
};

/// What came of a file.
#[derive(Debug, Default, Serialize)]
struct Report {
    /// Lines with something on them: imported, already there, or rejected.
    lines: u64,
    imported: u64,
    already: u64,
    rejected: Vec<Rejected>,
    /// Rejections beyond those listed.
    #[serde(skip_serializing_if = "is_zero")]
    rejected_more: u64,
    /// Of all purchases of the file that are in.
    points: Amount,
}

/// A line that is not in, and why.
#[derive(Debug, Serialize)]
struct Rejected {
    line: u64,
    reason: String,
}

/// How many rejections are listed: a file of another kind must not fill the memory.
const REJECTED_MAX: usize = 100_000;

/// How many of them people want to read.
const SHOWN_MAX: usize = 20;

/// Imports a file into the books of the tenant that was named.
pub(crate) async fn obey(what: &Purchases, settings: &Settings) -> Result<Answer, Failure> {
    let file = open(&what.file)?;
    let report = session::with(settings, "socle import", async |session: &Session| {
        let programme = session.programme(what.programme.as_deref()).await?;
        run::run(session, &programme, file).await
    });
    let report = report.await?;
    Ok(Answer::new(&report, report.text()))
}

fn open(path: &Path) -> Result<File, Failure> {
    let opened = File::open(path).and_then(|it| Ok((it.metadata()?.is_dir(), it)));
    let why = match opened {
        Ok((false, file)) => return Ok(file),
        Ok((true, _)) => "it is a folder".to_owned(),
        Err(error) => error.to_string(),
    };
    let why = format!("could not open {}: {why}", path.display());
    Err(Failure::new(Exit::Missing, why, "name a file of purchases that you may read"))
}

impl Report {
    fn reject(&mut self, line: u64, reason: String) {
        if self.rejected.len() < REJECTED_MAX {
            self.rejected.push(Rejected { line, reason });
        } else {
            self.rejected_more += 1;
        }
    }

    fn text(&self) -> Text {
        let mut text = Text::new();
        for it in self.rejected.iter().take(SHOWN_MAX) {
            text.line(format_args!("line {}: {}", it.line, it.reason));
        }
        let rejected = self.rejected.len() as u64 + self.rejected_more;
        if SHOWN_MAX < self.rejected.len() {
            text.line("… and more; --json lists them");
        }
        text.line(format_args!(
            "{} purchases: {} imported, {} already there, {rejected} rejected; {} points in all",
            self.lines, self.imported, self.already, self.points
        ));
        text
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
