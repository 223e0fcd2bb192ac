//! The consumer's side: marks, effects and parked facts, in one commit.

use std::collections::HashSet;

use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use crate::{Doing, Fact, Fault, Part, Point, connect, outbox::fact, sql};

/// After how many attempts a fact is a dead letter.
const ATTEMPTS_MAX: i32 = 6;

/// The database of a consumer.
pub struct Inbox {
    client: Client,
    part: Part,
    page: u32,
}

/// Facts as one array a column.
struct Columns {
    ids: Vec<Uuid>,
    tenants: Vec<String>,
    keys: Vec<String>,
    sequences: Vec<i64>,
}

impl Inbox {
    pub async fn open(part: &Part) -> Result<Self, Fault> {
        Ok(Self { client: connect(&part.database).await?, part: part.clone(), page: 0 })
    }

    /// Handles a page with one commit; a page that fails, one by one.
    pub async fn handle(&mut self, facts: &[Fact]) -> Result<(), Fault> {
        self.page += 1;
        self.saw(facts).await?;
        self.part.pass(Point::BeforeBegin, self.page);
        if self.try_handle(facts).await? {
            self.part.pass(Point::AfterCommit, self.page);
            return Ok(());
        }
        for fact in facts {
            let alone = std::slice::from_ref(fact);
            if !self.try_handle(alone).await? {
                self.park(fact, 1, "the handler failed").await?;
            }
        }
        Ok(())
    }

    /// Tries again what is due: of each key the first, then what waits behind it.
    pub async fn retry(&mut self) -> Result<(), Fault> {
        loop {
            let due = self.client.query(sql::DUE, &[&self.part.group]).await;
            let mut one_was_handled = false;
            for row in due.doing("read what is due")? {
                one_was_handled |= self.try_parked(&fact(&row, 0)).await?;
            }
            if !one_was_handled {
                return Ok(());
            }
        }
    }

    /// Handles one fact and nothing besides; false when the handler failed.
    pub async fn attempt(&mut self, fact: &Fact) -> Result<bool, Fault> {
        let alone = std::slice::from_ref(fact);
        self.saw(alone).await?;
        self.try_handle(alone).await
    }

    /// What happened, for the report.
    pub async fn note(&self, what: &str) -> Result<(), Fault> {
        self.client.execute(sql::NOTE, &[&self.part.name, &what]).await.doing("note").map(drop)
    }

    async fn saw(&self, facts: &[Fact]) -> Result<(), Fault> {
        let Columns { ids, tenants, keys, sequences } = columns(facts);
        let (group, name) = (&self.part.group, &self.part.name);
        let all: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
            [group, name, &ids, &tenants, &keys, &sequences];
        self.client.execute(sql::SEEN, &all).await.doing("note what came").map(drop)
    }

    /// False when the handler failed: nothing of the page is left.
    async fn try_handle(&mut self, facts: &[Fact]) -> Result<bool, Fault> {
        let part = self.part.clone();
        let tx = self.client.transaction().await.doing("begin")?;
        let parked = tx.query(sql::PARKED_KEYS, &[&part.group]).await.doing("read parked keys")?;
        let parked: HashSet<(String, String)> =
            parked.iter().map(|it| (it.get(0), it.get(1))).collect();
        let is_parked =
            |it: &&Fact| parked.contains(&(it.tenantid.clone(), it.partitionkey.clone()));
        let (behind, free): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(is_parked);
        for fact in behind {
            park(&tx, &part.group, fact, 0, "waits for its key").await?;
        }
        let free: Vec<Fact> = free.into_iter().cloned().collect();
        let handled = effect(&tx, &part, &free).await?;
        if handled {
            part.pass(Point::BeforeCommit, self.page);
            tx.commit().await.doing("commit")?;
        }
        Ok(handled)
    }

    async fn try_parked(&mut self, fact: &Fact) -> Result<bool, Fault> {
        let part = self.part.clone();
        let tx = self.client.transaction().await.doing("begin")?;
        if effect(&tx, &part, std::slice::from_ref(fact)).await? {
            tx.execute(sql::UNPARK, &[&part.group, &fact.id]).await.doing("unpark")?;
            tx.commit().await.doing("commit")?;
            return Ok(true);
        }
        tx.rollback().await.doing("roll back")?;
        let again: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [&part.group, &fact.id, &ATTEMPTS_MAX];
        self.client.execute(sql::FAILED_AGAIN, &again).await.doing("count an attempt")?;
        Ok(false)
    }

    async fn park(&mut self, fact: &Fact, attempts: i32, error: &str) -> Result<(), Fault> {
        let tx = self.client.transaction().await.doing("begin")?;
        park(&tx, &self.part.group, fact, attempts, error).await?;
        tx.commit().await.doing("commit")
    }
}

/// Marks and handles what has no mark; the handler of a spike fails at what is called poison.
async fn effect(tx: &Transaction<'_>, part: &Part, facts: &[Fact]) -> Result<bool, Fault> {
    let all = columns(facts);
    let marked = tx.query(sql::MARK, &[&part.group, &all.ids]).await.doing("mark")?;
    let mut marked: HashSet<Uuid> = marked.iter().map(|it| it.get(0)).collect();
    let mut fresh = Vec::new();
    for fact in facts {
        // A fact and its duplicate may come in one page.
        if marked.remove(&fact.id) {
            fresh.push(fact.clone());
        }
    }
    let Columns { ids, tenants, keys, sequences } = columns(&fresh);
    let columns: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
        [&part.group, &part.name, &ids, &tenants, &keys, &sequences];
    tx.execute(sql::EFFECT, &columns).await.doing("take effect")?;
    let poisoned = tx.query_one(sql::POISONED, &[&tenants, &keys, &sequences]).await;
    let poisoned: i64 = poisoned.doing("look for poison")?.get(0);
    Ok(poisoned == 0)
}

async fn park(
    tx: &Transaction<'_>,
    group: &str,
    it: &Fact,
    attempts: i32,
    error: &str,
) -> Result<(), Fault> {
    let all: [&(dyn tokio_postgres::types::ToSql + Sync); 10] = [
        &group,
        &it.id,
        &it.event_type,
        &it.tenantid,
        &it.partitionkey,
        &it.sequence,
        &it.time,
        &it.data,
        &attempts,
        &error,
    ];
    tx.execute(sql::PARK, &all).await.doing("park a fact").map(drop)
}

fn columns(facts: &[Fact]) -> Columns {
    Columns {
        ids: facts.iter().map(|it| it.id).collect(),
        tenants: facts.iter().map(|it| it.tenantid.clone()).collect(),
        keys: facts.iter().map(|it| it.partitionkey.clone()).collect(),
        sequences: facts.iter().map(|it| it.sequence).collect(),
    }
}
