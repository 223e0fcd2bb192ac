//! Where the time goes: the processors' time of the program, its server and the load, and what the
//! server's sessions were doing.

use std::{collections::BTreeMap, fs, pin::pin, time::Duration};

use sqlx::{Connection, PgConnection};
use tokio::{select, time::interval};

use crate::{
    Failed,
    machine::kib,
    program::Program,
    report::Row,
    round::{Tally, count},
};

/// How often the server's sessions are looked at: often enough for shares, too seldom to matter.
const LOOK: Duration = Duration::from_millis(50);

/// What `/proc` counts in: `USER_HZ`, 100 a second on every machine that Linux runs on.
const TICK_US: f64 = 10_000.0;

/// What the sessions of the program do at a moment.
const SESSIONS: &str = "
    select case when state = 'active' then coalesce(wait_event_type || ': ' || wait_event, 'CPU')
                else 'in a transaction, waiting for the program' end as doing, count(*)
    from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()
        and state in ('active', 'idle in transaction')
    group by 1";

/// What a stretch of work took.
pub(crate) struct Profile {
    program_us: f64,
    server_us: f64,
    load_us: f64,
    looks: u32,
    doing: BTreeMap<String, i64>,
}

/// The processors' time that was used so far, in microseconds.
struct Used {
    program: f64,
    server: f64,
    load: f64,
}

/// Does `work`, and looks meanwhile.
pub(crate) async fn during<T>(
    program: &Program,
    work: impl Future<Output = Result<T, Failed>>,
) -> Result<(T, Profile), Failed> {
    let mut server = PgConnection::connect(&program.served().database_url).await?;
    let (mut looks, mut doing) = (0, BTreeMap::new());
    let mut every = interval(LOOK);
    let before = Used::of(program);
    let mut work = pin!(work);
    let done = loop {
        select! {
            done = &mut work => break done?,
            _ = every.tick() => {
                looks += 1;
                let sessions: Vec<(String, i64)> =
                    sqlx::query_as(SESSIONS).fetch_all(&mut server).await?;
                for (what, n) in sessions {
                    *doing.entry(what).or_default() += n;
                }
            }
        }
    };
    let after = Used::of(program);
    let profile = Profile {
        program_us: after.program - before.program,
        server_us: after.server - before.server,
        load_us: after.load - before.load,
        looks,
        doing,
    };
    Ok((done, profile))
}

impl Profile {
    /// The figures of each answer, and the server's sessions as a note.
    pub(crate) fn tell(&self, row: Row, what: &str, tally: &Tally) -> Row {
        let answers = count(tally.posted);
        let figure = |who: &str| format!("  processors' time an answer, {who}");
        let mut row = row
            .with(figure("program"), self.program_us / answers, "µs")
            .with(figure("PostgreSQL"), self.server_us / answers, "µs")
            .with(figure("load"), self.load_us / answers, "µs");
        let mut doing: Vec<_> = self.doing.iter().collect();
        doing.sort_by_key(|it| -it.1);
        let sessions = doing.iter().map(|(what, n)| {
            let each = count(n.unsigned_abs()) / f64::from(self.looks);
            format!("{what} {each:.2}")
        });
        let sessions = sessions.take(6).collect::<Vec<_>>().join(", ");
        row.notes.push(format!("{what}, sessions at a time: {sessions}"));
        row
    }
}

impl Used {
    fn of(program: &Program) -> Self {
        let server = postmaster(program);
        let others = children(&server).iter().map(|it| ticks(it, 2)).sum::<f64>();
        Self {
            program: ticks(&program.served().pid.to_string(), 2) * TICK_US,
            // Those of its processes that have ended are counted by the first one.
            server: (ticks(&server, 4) + others) * TICK_US,
            load: ticks("self", 2) * TICK_US,
        }
    }
}

/// What the program's process holds in memory, and its share of what it shares, in MiB.
pub(crate) fn program_mib(program: &Program) -> (f64, f64) {
    let pid = program.served().pid;
    let resident = kib(&format!("/proc/{pid}/status"), "VmRSS");
    (count(resident) / 1_024.0, proportional_mib(&pid.to_string()))
}

/// The same of all processes of the server: what they share, among it the buffers, counts once.
pub(crate) fn server_mib(program: &Program) -> f64 {
    let first = postmaster(program);
    let others = children(&first);
    others.iter().chain([&first]).map(|it| proportional_mib(it)).sum()
}

fn proportional_mib(process: &str) -> f64 {
    count(kib(&format!("/proc/{process}/smaps_rollup"), "Pss:")) / 1_024.0
}

fn postmaster(program: &Program) -> String {
    let file = program.data().join("pg/postmaster.pid");
    let started = fs::read_to_string(file).unwrap_or_default();
    started.lines().next().unwrap_or_default().to_owned()
}

fn children(process: &str) -> Vec<String> {
    let path = format!("/proc/{process}/task/{process}/children");
    // Processes come and go while they are counted: one that is gone takes nothing.
    let children = fs::read_to_string(path).unwrap_or_default();
    children.split_whitespace().map(str::to_owned).collect()
}

/// The first so many of `utime`, `stime`, `cutime` and `cstime`.
fn ticks(process: &str, fields: usize) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name, in brackets, may hold anything.
    let after_name = stat.rsplit_once(')').map_or("", |it| it.1);
    let of_time = after_name.split_whitespace().skip(11).take(fields);
    of_time.filter_map(|it| it.parse::<f64>().ok()).sum()
}
