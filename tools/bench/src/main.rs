//! Prints what the books do in a second, beside hand-written SQL in the same run. See the README;
//! it decides nothing: what must be true is asserted in the tests.

mod baseline;
mod contest;
mod deal;
mod events;
mod failed;
mod hand;
mod http;
mod jobs;
mod machine;
mod pace;
mod peer;
mod place;
mod plot;
mod profile;
mod program;
mod report;
mod round;
mod rows;
mod statements;
mod verify;

use std::{env, fs, path::PathBuf, process::ExitCode};

use clap::Parser;
use tokio::{select, signal::ctrl_c};

use failed::Failed;
use machine::Machine;
use place::Place;
use rows::Shown;

/// Measures the books, and the same work by hand.
#[derive(Parser)]
struct Arguments {
    /// Print one JSON object on the last line.
    #[arg(long)]
    json: bool,
    /// Measure what takes minutes, too.
    #[arg(long)]
    long: bool,
    /// Draw the reads as SVG into this file.
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Write what some statements cost the server to this file; figures are lower meanwhile.
    #[arg(long, value_name = "FILE")]
    plans: Option<PathBuf>,
    /// Be the second process on this database, told what to do over standard input.
    #[arg(long, hide = true, value_name = "URL")]
    on: Option<String>,
    /// Which rows; all of them when none is named.
    rows: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match bench(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("bench: {failed}");
            ExitCode::FAILURE
        }
    }
}

async fn bench(asked: &Arguments) -> Result<(), Failed> {
    if let Some(url) = &asked.on {
        return rows::obey(url).await;
    }
    let place = Place::open(asked.plans.is_some()).await?;
    let measured = select! {
        measured = measure(asked, &place) => measured,
        _ = ctrl_c() => Err(Failed::because("interrupted")),
    };
    let closed = place.close().await;
    measured.and(closed)
}

async fn measure(asked: &Arguments, place: &Place) -> Result<(), Failed> {
    let all = rows::NAMES.map(str::to_owned);
    let names = if asked.rows.is_empty() { &all[..] } else { &asked.rows[..] };
    let machine = Machine::look(&mut place.admin().await?, &env::temp_dir()).await?;
    report::head(&machine)?;
    let shown = if asked.long { Shown::Long } else { Shown::Short };
    let mut rows = Vec::new();
    for name in names {
        let row = rows::measure(name, place, shown).await?;
        report::row(&row)?;
        if let Some(path) = asked.plot.as_ref().filter(|_| !row.looks.is_empty()) {
            fs::write(path, plot::svg(&row.looks))?;
        }
        rows.push(row);
    }
    if let Some(path) = &asked.plans {
        fs::write(path, place.log()?)?;
    }
    if asked.json {
        report::json(&machine, &rows)?;
    }
    Ok(())
}
