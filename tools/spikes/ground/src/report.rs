//! What was seen, counted in the database and printed as a table.

use std::time::{Duration, Instant};

use crate::{Database, Doing, Fault, sql, until};

/// What became of the facts of an outbox in one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub sent: i64,
    pub delivered: i64,
    pub duplicates: i64,
    pub effects: i64,
    /// Effects beyond the first of a fact; must be 0.
    pub doubled: i64,
    /// First deliveries that came after a later one of their key.
    pub inverted_on_the_wire: i64,
    /// Effects that came after a later one of their key; must be 0 where order is promised.
    pub inverted: i64,
}

/// Rows under one heading, printed as they come.
pub struct Table(Instant);

impl Database {
    /// What `group` has seen and done.
    pub async fn counts(&self, group: &str) -> Result<Counts, Fault> {
        let row = self.client.query_one(sql::COUNTS, &[&group]).await.doing("count")?;
        Ok(Counts {
            sent: row.get(0),
            delivered: row.get(1),
            duplicates: row.get(2),
            effects: row.get(3),
            doubled: row.get(4),
            inverted_on_the_wire: row.get(5),
            inverted: row.get(6),
        })
    }

    /// Waits until every fact of the outbox has had its effect in `group`.
    pub async fn all_handled(&self, group: &str) -> Result<(), Fault> {
        let all = self.all_handled_within(group, Duration::from_secs(90)).await;
        if all.is_err() {
            println!("{:?}", self.counts(group).await?);
            let confirmed = self.number("select count(*) from confirmed").await?;
            println!("    confirmed: {confirmed}");
            self.print_notes().await?;
        }
        all
    }

    /// Waits so long and no longer; for the ways that lose facts.
    pub async fn all_handled_within(&self, group: &str, limit: Duration) -> Result<(), Fault> {
        let all = async || {
            let row = self.client.query_one(sql::DONE, &[&group]).await;
            row.is_ok_and(|it| it.get(0))
        };
        until("every fact has its effect", limit, all).await
    }

    /// One number of one statement.
    pub async fn number(&self, statement: &str) -> Result<i64, Fault> {
        self.client.query_one(statement, &[]).await.doing("count").map(|it| it.get(0))
    }

    /// Runs statements that an experiment needs.
    pub async fn run(&self, statements: &str) -> Result<(), Fault> {
        self.client.batch_execute(statements).await.doing("run a statement")
    }

    /// Prints what children noted.
    pub async fn print_notes(&self) -> Result<(), Fault> {
        let rows = self
            .client
            .query(
                "select who, what, count(*) from note group by 1, 2 order by min(n) limit 6",
                &[],
            )
            .await;
        for row in rows.doing("read the notes")? {
            let (who, what): (String, String) = (row.get(0), row.get(1));
            println!("    {who}: {what} ({} times)", row.get::<_, i64>(2));
        }
        Ok(())
    }
}

impl Table {
    #[must_use]
    pub fn of(heading: &str) -> Self {
        println!(
            "\n## {heading}\n{:44} {:>7} {:>9} {:>6} {:>8} {:>7} {:>8} {:>6} {:>7}",
            "", "sent", "delivered", "twice", "effects", "doubled", "wire-inv", "inv", "seconds"
        );
        Self(Instant::now())
    }

    /// One row; panics when a fact took effect twice, was lost, or overtook its key.
    pub fn row(&mut self, what: &str, it: Counts) {
        self.row_of_a_broken_promise(what, it);
        assert_eq!((it.effects, it.doubled, it.inverted), (it.sent, 0, 0), "{what}");
    }

    /// One row of a way that is shown because it breaks what is promised.
    pub fn row_of_a_broken_promise(&mut self, what: &str, it: Counts) {
        println!(
            "{what:44} {:>7} {:>9} {:>6} {:>8} {:>7} {:>8} {:>6} {:>7.1}",
            it.sent,
            it.delivered,
            it.duplicates,
            it.effects,
            it.doubled,
            it.inverted_on_the_wire,
            it.inverted,
            self.0.elapsed().as_secs_f64()
        );
        self.0 = Instant::now();
    }
}
