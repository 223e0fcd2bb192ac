//! What a request asks of the database, by the server's own log: every message that it was sent is
//! one line. Nothing of the program takes part in the counting.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Failed, place, program::Program};

/// How long the server may take to write down what it has done.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(2);

/// The login of everything that a request asks.
const LOGIN: &str = " socle_app@";

/// The log of a server that writes down every statement.
pub(crate) struct Statements {
    log: PathBuf,
    admin: PgConnection,
    read_bytes: u64,
    marks: u32,
}

/// What was asked of the server.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Messages that wait for an answer: a statement that is kept prepared, or a text.
    pub(crate) trips: usize,
    /// A text may have several.
    pub(crate) statements: usize,
    /// Statements that were prepared first, which is one trip more, once for each connection.
    pub(crate) prepared: usize,
}

impl Statements {
    /// Lets the program's server write down every statement from now on.
    pub(crate) async fn watch(program: &Program) -> Result<Self, Failed> {
        let mut admin = PgConnection::connect(&program.served().database_url).await?;
        place::run(&mut admin, "alter system set log_min_duration_statement = 0").await?;
        place::run(&mut admin, "select pg_reload_conf()").await?;
        let log = newest(program.data().join("log"))?;
        let mut it = Self { log, admin, read_bytes: 0, marks: 0 };
        it.so_far().await?;
        Ok(it)
    }

    /// What was asked since the last call.
    ///
    /// The log is written by another process, in the order in which it is told: everything before
    /// a mark is there once the mark is.
    pub(crate) async fn so_far(&mut self) -> Result<Asked, Failed> {
        self.marks += 1;
        let mark = format!("select 'mark {}'", self.marks);
        let (mut text, begun) = (String::new(), Instant::now());
        loop {
            // Again and again at first: the server reads its settings when it comes to it.
            sqlx::raw_sql(AssertSqlSafe(mark.clone())).execute(&mut self.admin).await?;
            let mut log = File::open(&self.log)?;
            log.seek(SeekFrom::Start(self.read_bytes))?;
            self.read_bytes += log.read_to_string(&mut text)? as u64;
            if text.contains(&mark) {
                return Ok(Asked::of(&text));
            }
            if PATIENCE < begun.elapsed() {
                return Err(Failed::because("the server writes nothing down"));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// The server's log; the program's own lies beside it.
fn newest(folder: PathBuf) -> Result<PathBuf, Failed> {
    let mut logs = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with("postgresql-") {
            logs.push((file.metadata()?.modified()?, file.path()));
        }
    }
    let newest = logs.into_iter().max().map(|it| it.1);
    newest.ok_or_else(|| Failed::because("the server has no log"))
}

impl Asked {
    fn of(log: &str) -> Self {
        let mut asked = Self::default();
        // The lines of a message after its first begin with a tab.
        for message in log.replace("\n\t", " ").lines() {
            let ours = message.split_once(LOGIN).and_then(|it| it.1.split_once(" ms  "));
            let Some((_, what)) = ours else { continue };
            if what.starts_with("parse ") {
                asked.prepared += 1;
            } else if what.starts_with("execute ") {
                asked.trips += 1;
                asked.statements += 1;
            } else if let Some(text) = what.strip_prefix("statement: ") {
                asked.trips += 1;
                asked.statements += text.split(';').filter(|it| !it.trim().is_empty()).count();
            }
        }
        asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_of_the_program_is_counted_once() {
        let log = "\
2026-01-01 00:00:00 UTC [7] socle_app@socle LOG:  duration: 0.1 ms  statement: begin; set role x;
\t select 1; select 2
2026-01-01 00:00:00 UTC [7] socle_app@socle LOG:  duration: 0.1 ms  parse sqlx_s_1: select 1
2026-01-01 00:00:00 UTC [7] socle_app@socle LOG:  duration: 0.1 ms  bind sqlx_s_1: select 1
2026-01-01 00:00:00 UTC [7] socle_app@socle LOG:  duration: 0.1 ms  execute sqlx_s_1: select 1
\t, ';'
2026-01-01 00:00:00 UTC [8] socle_admin@socle LOG:  duration: 0.1 ms  statement: select 'mark 1'
2026-01-01 00:00:00 UTC [7] socle_app@socle LOG:  duration: 0.1 ms  statement: commit
2026-01-01 00:00:00 UTC [9] LOG:  checkpoint starting: time
";

        let asked = Asked::of(log);

        assert_eq!(asked, Asked { trips: 3, statements: 6, prepared: 1 });
    }
}
