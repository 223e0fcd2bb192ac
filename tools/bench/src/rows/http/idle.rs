//! Ten thousand that have asked once and stay, beside those that are served.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::task::JoinSet;

use super::{CONNECTIONS, market};
use crate::{
    Failed,
    http::{Caller, Connection},
    profile,
    report::{Ask, Row},
    round::count,
};

const IDLE: usize = 10_000;

/// How many of them connect at a time: less than the queue of a listener.
const AT_ONCE: usize = 100;

const RATE: u32 = 500;
const TIME: Duration = Duration::from_secs(10);
const WARM_UP: Duration = Duration::from_secs(1);

/// Files that this process needs besides.
const FILES: u64 = 512;

const ASKED_MIB: Ask = Ask::AtMost(150.0);

/// What each of them asks.
const PATH: &str = "/v1/ledger/programmes";

pub(in crate::rows) async fn idle() -> Result<Row, Failed> {
    let (merchant, mut load) = market(WARM_UP).await?;
    // Only now: the program is not given what it has to see to itself.
    admit(IDLE as u64 + FILES)?;
    let (before, _) = profile::program_mib(&merchant.program);
    let idle = connect(&merchant.caller).await?;
    let (resident, proportional) = profile::program_mib(&merchant.program);
    let paced = load.paced(RATE, TIME).await?;
    let (after, _) = profile::program_mib(&merchant.program);
    let server = profile::server_mib(&merchant.program);
    let alive = ask_again(&merchant.caller, idle).await?;
    let lost = count((IDLE - alive) as u64);
    let each = (resident - before) * 1_024.0 / count(IDLE as u64);
    let work = format!("{IDLE} idle connections, while {RATE} purchases a second are answered");
    Ok(Row::new("http-idle", work)
        .asked("connections that were lost", lost, "", Ask::AtMost(0.0))
        .asked("memory of the program, resident", resident.max(after), "MiB", ASKED_MIB)
        .with("  its share of it (PSS)", proportional, "MiB")
        .with("  before they came", before, "MiB")
        .with("  a connection", each, "KiB")
        .with("memory of PostgreSQL (PSS)", server, "MiB")
        .with(format!("purchases over {CONNECTIONS} others"), paced.tally.rate(), "/s")
        .with("  p50", paced.tally.latency_ms(0.5), "ms")
        .with("  p99", paced.tally.latency_ms(0.99), "ms"))
}

/// Lets this process open so many files.
fn admit(files: u64) -> Result<(), Failed> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|it| files <= it) {
        return Ok(());
    }
    if maximum.is_some_and(|it| it < files) {
        let why = format!("`ulimit -n` admits {maximum:?} files, and {files} are needed");
        return Err(Failed(why));
    }
    Ok(setrlimit(Resource::Nofile, Rlimit { current: Some(files), maximum })?)
}

/// Each asks once, so that it is a client that comes back, not one that has yet to say what it
/// wants.
async fn connect(caller: &Caller) -> Result<Vec<Connection>, Failed> {
    let request = caller.get(PATH);
    let mut idle = Vec::new();
    while idle.len() < IDLE {
        let mut arriving = JoinSet::new();
        for _ in 0..AT_ONCE.min(IDLE - idle.len()) {
            let (request, address) = (request.clone(), caller.address);
            arriving.spawn(async move {
                let mut connection = Connection::open(address).await?;
                connection.ask(&request).await?.body()?;
                connection.rest();
                Ok::<_, Failed>(connection)
            });
        }
        while let Some(arrived) = arriving.join_next().await {
            idle.push(arrived??);
        }
    }
    Ok(idle)
}

/// How many are answered on the connection that they have kept.
async fn ask_again(caller: &Caller, idle: Vec<Connection>) -> Result<usize, Failed> {
    let request = caller.get(PATH);
    let mut alive = 0;
    for mut connection in idle {
        let answer = connection.ask(&request).await;
        alive += usize::from(answer.is_ok_and(|it| it.body().is_ok()));
    }
    Ok(alive)
}
