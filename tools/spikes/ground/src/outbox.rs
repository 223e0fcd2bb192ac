//! The producer's side: writers that commit facts, and the relay's cursor over them.

use tokio_postgres::Client;

use crate::{Doing, Fact, Fault, connect, sql};

/// How many transactions one writer has between two that it takes back.
const TRANSACTIONS_BETWEEN_ROLLBACKS: usize = 9;

/// A cursor that only its last taker can move: window `(s0, s1]`, read up to `last`.
pub struct Outbox {
    client: Client,
    /// Whose cursor it is: the exchange or the topic, or the queues of a group that came late.
    target: String,
    epoch: i64,
    s0: String,
    s1: String,
    last: i64,
    /// Whether the group of a late target has caught up and reads live.
    pub admitted: bool,
}

impl Outbox {
    /// Takes the cursor of `target` over, or makes it, at the beginning.
    pub async fn take(url: &str, target: &str) -> Result<Self, Fault> {
        let client = connect(url).await?;
        let row = client.query_one(sql::TAKE_CURSOR, &[&target]).await.doing("take the cursor")?;
        Ok(Self {
            client,
            target: target.to_owned(),
            epoch: row.get(0),
            s0: row.get(1),
            s1: row.get(2),
            last: row.get(3),
            admitted: row.get(4),
        })
    }

    /// The next facts in order; none when all that has committed was read.
    pub async fn page(&mut self, most: i64) -> Result<Vec<Fact>, Fault> {
        let of_window = self.rest(most).await?;
        if !of_window.is_empty() {
            return Ok(of_window);
        }
        let now = self.client.query_one(sql::SNAPSHOT, &[]).await.doing("take a snapshot")?;
        self.open(now.get(0));
        self.rest(most).await
    }

    /// Goes on to what snapshot `upto` saw and the window that is finished did not.
    pub fn open(&mut self, upto: String) {
        self.s0 = std::mem::replace(&mut self.s1, upto);
        self.last = 0;
    }

    /// The snapshot up to which this cursor's window reaches.
    #[must_use]
    pub fn upto(&self) -> &str {
        &self.s1
    }

    /// The next facts of this window; none when it is finished.
    pub async fn rest(&mut self, most: i64) -> Result<Vec<Fact>, Fault> {
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&self.s0, &self.s1, &self.last, &most];
        let rows = self.client.query(sql::PAGE, &parameters).await.doing("read the outbox")?;
        if let Some(row) = rows.last() {
            self.last = row.get(0);
        }
        Ok(rows.iter().map(|row| fact(row, 1)).collect())
    }

    /// Moves the cursor behind what was read; fails when another relay has taken it.
    pub async fn confirm(&mut self, facts: &[Fact]) -> Result<(), Fault> {
        let moved = self
            .client
            .execute(
                sql::MOVE_CURSOR,
                &[&self.target, &self.epoch, &self.s0, &self.s1, &self.last, &self.admitted],
            )
            .await
            .doing("move the cursor")?;
        if moved == 0 {
            return Err(Fault::new("fenced: another relay has the cursor"));
        }
        let ids: Vec<_> = facts.iter().map(|it| it.id).collect();
        self.client
            .execute(sql::CONFIRMED, &[&ids])
            .await
            .doing("note what was confirmed")
            .map(drop)
    }
}

/// Commits about `events` facts of `keys` keys from four connections; every tenth transaction is
/// taken back.
pub async fn write(url: &str, events: u64, keys: i32) -> Result<(), Fault> {
    let writers = (0..4).map(|_| tokio::spawn(write_some(url.to_owned(), events / 4, keys)));
    for writer in writers.collect::<Vec<_>>() {
        writer.await.doing("join a writer")??;
    }
    Ok(())
}

async fn write_some(url: String, events: u64, keys: i32) -> Result<(), Fault> {
    let mut client = connect(&url).await?;
    let sizes = [1, 30, 3, 80, 7, 200, 1, 12, 2];
    let mut written = 0;
    for (turn, size) in sizes.into_iter().cycle().enumerate() {
        let transaction = client.transaction().await.doing("begin")?;
        let rows = transaction.execute(sql::WRITE, &[&keys, &size]).await.doing("write facts")?;
        if turn % (TRANSACTIONS_BETWEEN_ROLLBACKS + 1) == TRANSACTIONS_BETWEEN_ROLLBACKS {
            transaction.rollback().await.doing("roll back")?;
            continue;
        }
        transaction.commit().await.doing("commit")?;
        written += rows;
        if events <= written {
            break;
        }
    }
    Ok(())
}

pub(crate) fn fact(row: &tokio_postgres::Row, from: usize) -> Fact {
    Fact {
        id: row.get(from),
        event_type: row.get(from + 1),
        tenantid: row.get(from + 2),
        partitionkey: row.get(from + 3),
        sequence: row.get(from + 4),
        time: row.get(from + 5),
        data: row.get(from + 6),
    }
}
