//! The strongest form by hand: one statement, which calls a function that does all of it.

use socle_kernel::{Event, TransferId};
use tokio_postgres::{Client, Statement};

use super::{Order, connect, sql};
use crate::{
    Failed,
    deal::{self, Deal, KIND, TransactionPosted},
    hand::Answer,
};

/// One caller's connection, in the module's role from its start.
pub(crate) struct ByCall {
    client: Client,
    call: Statement,
}

impl ByCall {
    pub(crate) async fn connect(url: &str) -> Result<Self, Failed> {
        let client = connect(url, "-c role=socle_bench").await?;
        let call = client.prepare(sql::CALL).await?;
        Ok(Self { client, call })
    }

    pub(crate) async fn make(&self, deal: Deal) -> Result<Answer, Failed> {
        let order = Order::of(deal);
        let (fingerprint, event) = (order.fingerprint(), TransactionPosted::TYPE);
        let (data, partition) = (template(&order), order.partition_key());
        let row = self
            .client
            .query_one(
                &self.call,
                &[
                    &order.tenant,
                    &order.key,
                    &fingerprint,
                    &order.id,
                    &order.from,
                    &order.to,
                    &order.at,
                    &order.actor,
                    &order.correlation,
                    &event,
                    &partition,
                    &data,
                ],
            )
            .await?;
        let number: Option<i64> = row.get(0);
        Ok(if number.is_some() { Answer::Posted } else { Answer::Refused })
    }
}

/// The payload with what only the server knows left open.
fn template(order: &Order) -> String {
    let leg = |account, amount: i64| {
        let account = deal::account_id(order.deal.tenant, account);
        format!(r#"{{"account":"{account}","seq":%s,"amount":{amount},"balance":%s}}"#)
    };
    let (transaction, to, from) =
        (TransferId::from_uuid(order.id), leg(order.deal.to, 1), leg(order.deal.from, -1));
    format!(r#"{{"transaction":"{transaction}","kind":"{KIND}","legs":[{to},{from}]}}"#)
}
