//! One transaction a transfer, in two round trips: reserve and lock, decide here, write and commit.

use socle_kernel::Event;
use tokio::try_join;
use tokio_postgres::{Client, Row, Statement, types::ToSql};
use uuid::Uuid;

use super::{Insufficient, Order, connect, sql};
use crate::{
    Failed,
    deal::{Deal, KIND, TransactionPosted},
    hand::Answer,
};

/// One caller's connection with its statements prepared.
pub(crate) struct ByLocks {
    client: Client,
    reserve: Statement,
    lock: Statement,
    refuse: Statement,
    account: Statement,
    transfer: Statement,
    entries: Statement,
    rollup: Statement,
    outbox: Statement,
}

/// A parameter.
type Value<'v> = &'v (dyn ToSql + Sync);

/// An account under lock.
struct Standing {
    floor: Option<i64>,
    is_closed: bool,
    balance: i64,
    pending_debit: i64,
    seq: i64,
    recorded_at: jiff::Timestamp,
}

impl ByLocks {
    pub(crate) async fn connect(url: &str) -> Result<Self, Failed> {
        let client = connect(url, "").await?;
        // Prepared under the role that runs them, so that they are planned once.
        client.batch_execute("set role socle_bench").await?;
        let it = Self {
            reserve: client.prepare(sql::RESERVE).await?,
            lock: client.prepare(sql::LOCK).await?,
            refuse: client.prepare(sql::REFUSE).await?,
            account: client.prepare(sql::ACCOUNT).await?,
            transfer: client.prepare(sql::TRANSFER).await?,
            entries: client.prepare(sql::ENTRIES).await?,
            rollup: client.prepare(sql::ROLLUP).await?,
            outbox: client.prepare(sql::OUTBOX).await?,
            client,
        };
        it.client.batch_execute("reset role").await?;
        Ok(it)
    }

    pub(crate) async fn make(&self, deal: Deal) -> Result<Answer, Failed> {
        let order = Order::of(deal);
        let begin = sql::BEGIN.replace("{tenant}", &order.tenant.to_string());
        let (tenant, fingerprint) = (order.tenant, order.fingerprint());
        let reserve: &[Value<'_>] =
            &[&tenant, &order.key, &fingerprint, &order.id, &order.at, &order.correlation];
        let lock: &[Value<'_>] = &[&tenant, &order.from, &order.to];
        // Polled in this order, so sent in this order, without waiting for one another.
        let ((), reserved, rows) = try_join!(
            biased;
            self.client.batch_execute(&begin),
            self.client.execute(&self.reserve, reserve),
            self.client.query(&self.lock, lock),
        )?;
        if reserved == 0 {
            return Err(Failed::because("a key was drawn twice"));
        }
        let [from, to] = [order.from, order.to].map(|it| Standing::of(&rows, it));
        let available = from.balance - from.pending_debit;
        if from.is_closed || from.floor.is_some_and(|floor| available - 1 < floor) {
            self.refuse(&order, available).await?;
            return Ok(Answer::Refused);
        }
        self.write(&order, &from, &to).await?;
        Ok(Answer::Posted)
    }

    async fn refuse(&self, order: &Order, available: i64) -> Result<(), Failed> {
        let refusal = serde_json::to_string(&Insufficient { refused: "insufficient", available })?;
        let refuse: &[Value<'_>] = &[&order.tenant, &order.key, &refusal];
        try_join!(
            biased;
            self.client.execute(&self.refuse, refuse),
            self.client.batch_execute("commit"),
        )?;
        Ok(())
    }

    async fn write(&self, order: &Order, from: &Standing, to: &Standing) -> Result<(), Failed> {
        let (client, tenant, id) = (&self.client, &order.tenant, &order.id);
        let at = order.at.max(from.recorded_at).max(to.recorded_at);
        let (debited, credited) = ((from.seq + 1, from.balance - 1), (to.seq + 1, to.balance + 1));
        let (accounts, seqs) = (vec![order.to, order.from], vec![credited.0, debited.0]);
        let (data, partition) = (order.payload(credited, debited), order.partition_key());
        let (fingerprint, event) = (order.fingerprint(), TransactionPosted::TYPE);
        let (actor, correlation) = (&order.actor, &order.correlation);
        let credit: &[Value<'_>] = &[tenant, &order.to, &credited.1, &credited.0, &at];
        let debit: &[Value<'_>] = &[tenant, &order.from, &debited.1, &debited.0, &at];
        let (to, from) = (&order.to, &order.from);
        let entries: &[Value<'_>] =
            &[tenant, id, to, &credited.0, &credited.1, from, &debited.0, &debited.1, &at];
        let rollup: &[Value<'_>] = &[tenant, &order.to, &order.from, &at];
        let fact: &[Value<'_>] =
            &[tenant, id, &event, &partition, &credited.0, &at, actor, correlation, &data];
        let transfer: &[Value<'_>] =
            &[tenant, id, &KIND, &at, &accounts, &seqs, actor, correlation, &fingerprint];
        try_join!(
            biased;
            client.execute(&self.account, credit),
            client.execute(&self.account, debit),
            client.execute(&self.entries, entries),
            client.execute(&self.rollup, rollup),
            client.execute(&self.outbox, fact),
            client.execute(&self.transfer, transfer),
            client.batch_execute("commit"),
        )?;
        Ok(())
    }
}

impl Standing {
    fn of(rows: &[Row], id: Uuid) -> Self {
        let row = rows.iter().find(|it| it.get::<_, Uuid>("id") == id).expect("it was opened");
        assert_eq!(row.get::<_, &str>("asset"), Order::asset(), "legs of one asset");
        Self {
            floor: row.get("floor"),
            is_closed: row.get("is_closed"),
            balance: row.get("balance"),
            pending_debit: row.get("pending_debit"),
            seq: row.get("seq"),
            recorded_at: row.get("recorded_at"),
        }
    }
}
