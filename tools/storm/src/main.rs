//! The fault campaign: breaks a running Socle, and looks whether anything was lost or doubled. See
//! the README; it repairs nothing, and ends only what it has started.

mod apart;
mod checks;
mod dice;
mod failed;
mod faults;
mod load;
mod plant;
mod report;
mod round;
mod schedule;
mod witness;
mod world;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, ExitCode},
    time::{SystemTime, UNIX_EPOCH},
};

use clap::Parser;
use tokio::{select, signal::ctrl_c};

use failed::Failed;
use report::{Summary, say};
use round::{Keep, Round};
use world::Template;

/// Breaks two programs on one database in every way, and looks whether they kept their word.
#[derive(Parser)]
struct Arguments {
    /// What decides everything that breaks; drawn and printed when it is not given.
    #[arg(long)]
    seed: Option<u64>,
    /// How many rounds.
    #[arg(long, default_value_t = 10)]
    rounds: u64,
    /// Only this round.
    #[arg(long, conflicts_with = "rounds")]
    round: Option<u64>,
    /// Keep the folder of every round, also where nothing was found.
    #[arg(long)]
    keep: bool,
    /// Plant damage in a world where nothing broke, and look whether each is found.
    #[arg(long)]
    self_test: bool,
    /// Be a witness on this database until killed.
    #[arg(long, hide = true, value_name = "URL")]
    witness: Option<String>,
    /// The program; without it the one that was built beside this one.
    #[arg(long, value_name = "FILE")]
    socle: Option<PathBuf>,
}

fn main() -> ExitCode {
    let asked = Arguments::parse();
    let done = apart::go_apart().and_then(|()| run(&asked));
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failed) => {
            eprintln!("storm: {failed}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all is well.
#[tokio::main]
async fn run(asked: &Arguments) -> Result<bool, Failed> {
    if let Some(url) = &asked.witness {
        return Box::pin(witness::testify(url)).await.map(|()| true);
    }
    let scratch = Scratch::new()?;
    let folder = &scratch.0;
    let campaign = async {
        let template = Template::make(asked.socle()?, &folder.join("t")).await?;
        if asked.self_test {
            plant::find_all(&template, folder).await
        } else {
            asked.campaign(&template, folder).await
        }
    };
    select! {
        done = campaign => done,
        _ = ctrl_c() => Err(Failed::because("interrupted")),
    }
}

/// A folder that goes away, however this ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Failed> {
        let folder = env::temp_dir().join(format!("storm-{}-{}", nanos(), process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("storm: could not remove {}: {error}", self.0.display());
        }
    }
}

impl Arguments {
    async fn campaign(&self, template: &Template, folder: &Path) -> Result<bool, Failed> {
        let seed = self.seed.unwrap_or_else(|| nanos() % 1_000_000);
        say(&format!("seed {seed}"))?;
        let rounds = match self.round {
            Some(round) => round..round + 1,
            None => 0..self.rounds,
        };
        let mut summary = Summary::default();
        for number in rounds {
            let round = Round { seed, number };
            let kept = env::temp_dir().join(format!("storm-{seed}-{number}-{}", nanos()));
            let keep = if self.keep { Keep::Always } else { Keep::WhereFound };
            let played = round.play(template, (folder.join("r"), kept.clone()), keep).await;
            let outcome = played.map_err(|it| {
                let kept = kept.display();
                Failed(format!("--seed {seed} --round {number}: {it}; kept in {kept}"))
            })?;
            report::round(round, &outcome, &kept)?;
            summary.add(round, &outcome);
        }
        summary.tell(seed)?;
        Ok(summary.found_in.is_empty())
    }

    fn socle(&self) -> Result<PathBuf, Failed> {
        match &self.socle {
            Some(path) => Ok(fs::canonicalize(path)?),
            None => Ok(env::current_exe()?.with_file_name("socle")),
        }
    }
}

/// A number that is another at each run.
fn nanos() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or_default()
}
