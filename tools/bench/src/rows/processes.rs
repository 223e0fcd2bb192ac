//! Two processes on one database: correct by construction, and hardly slower together than one.

use std::{env, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines, stdin, stdout},
    process::{Child, ChildStdin, ChildStdout, Command},
    try_join,
};

use crate::{
    Failed,
    contest::populate,
    deal::Shape,
    hand::Contestant,
    place::{Ground, Place},
    report::{Ask, Row},
    round::{Crew, Tally, median},
    verify::verify,
};

const CALLERS: usize = 64;
const ROUND: Duration = Duration::from_millis(1_500);
const ROUNDS: usize = 5;

/// The other process: this program again, told what to do over its standard input.
struct Other {
    child: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

pub(super) async fn processes(place: &Place) -> Result<Row, Failed> {
    let ground = place.ground().await?;
    let mut told = populate(&ground, Shape::Accounts).await?;
    let all = crew(&ground, CALLERS).await?;
    let half = crew(&ground, CALLERS / 2).await?;
    let mut other = Other::start(&ground)?;
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let one = all.work(ROUND).await?;
        let (mine, its) = try_join!(half.work(ROUND), other.work(ROUND))?;
        told += one.posted + mine.posted + its.posted;
        // The first warms up.
        if round > 0 {
            alone.push(one.rate());
            together.push(mine.rate() + its.rate());
        }
    }
    other.end().await?;
    drop((all, half));
    verify(&ground, &Tally { posted: told, ..Tally::default() }).await?;
    place.clear(ground).await?;
    let [alone, together] = [median(alone), median(together)];
    let row = Row::new("processes", "between 50 accounts, 64 callers in one process or 32 in each");
    Ok(row
        .with("one process", alone, "/s")
        .with("two processes on one database", together, "/s")
        .asked("together to one", together / alone, "×", Ask::AtLeast(0.9)))
}

async fn crew(ground: &Ground, callers: usize) -> Result<Crew, Failed> {
    let hands = Contestant::Books.hands(ground, callers).await?;
    Ok(Crew::new(hands, Shape::Accounts, 1))
}

/// What the other process does: a round for each line, until there is none.
pub(crate) async fn obey(url: &str) -> Result<(), Failed> {
    let ground = Ground::at(url)?;
    let crew = crew(&ground, CALLERS / 2).await?;
    let mut orders = BufReader::new(stdin()).lines();
    let mut answers = stdout();
    while let Some(millis) = orders.next_line().await? {
        let tally = crew.work(Duration::from_millis(millis.parse()?)).await?;
        let answer = format!("{} {}\n", tally.posted, tally.seconds);
        answers.write_all(answer.as_bytes()).await?;
        answers.flush().await?;
    }
    Ok(())
}

impl Other {
    fn start(ground: &Ground) -> Result<Self, Failed> {
        let mut command = Command::new(env::current_exe()?);
        command.args(["--on", &ground.url]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn()?;
        let orders = child.stdin.take().expect("it is piped");
        let answers = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        Ok(Self { child, orders, answers })
    }

    async fn work(&mut self, time: Duration) -> Result<Tally, Failed> {
        self.orders.write_all(format!("{}\n", time.as_millis()).as_bytes()).await?;
        let ended = || Failed::because("the other process ended");
        let answer = self.answers.next_line().await?.ok_or_else(ended)?;
        let (posted, seconds) = answer.split_once(' ').ok_or_else(ended)?;
        let (posted, seconds) = (posted.parse()?, seconds.parse()?);
        Ok(Tally { posted, seconds, ..Tally::default() })
    }

    async fn end(mut self) -> Result<(), Failed> {
        drop(self.orders);
        self.child.wait().await?;
        Ok(())
    }
}
