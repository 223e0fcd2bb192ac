//! What is compared with: the same rows written by hand, as well as it is done.

mod call;
mod locks;
mod sql;

pub(crate) use call::ByCall;
pub(crate) use locks::ByLocks;
pub(crate) use sql::FUNCTION;

use serde::Serialize;
use socle_kernel::{Actor, Cx, Id, TransferId};
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

use crate::{
    Failed,
    deal::{self, ASSET, Deal, KIND, LegPosted, TransactionPosted},
};

/// One connection as `socle_app`; what the session is held to is the product's.
async fn connect(url: &str, options: &str) -> Result<Client, Failed> {
    let mut config: Config = url.parse()?;
    config.user("socle_app").options(options);
    let (client, connection) = config.connect(NoTls).await?;
    drive(connection);
    Ok(client)
}

#[expect(clippy::disallowed_methods, reason = "a connection is driven beside its client")]
fn drive(connection: impl Future<Output = Result<(), tokio_postgres::Error>> + Send + 'static) {
    tokio::spawn(async { drop(connection.await) });
}

/// A movement with all that is written of it, as the books would name it.
struct Order {
    deal: Deal,
    tenant: Uuid,
    id: Uuid,
    key: Uuid,
    from: Uuid,
    to: Uuid,
    at: jiff::Timestamp,
    actor: String,
    correlation: Uuid,
}

/// What the answer to a refusal is kept as.
#[derive(Serialize)]
struct Insufficient {
    refused: &'static str,
    available: i64,
}

impl Order {
    fn of(deal: Deal) -> Self {
        let cx: Cx = deal::cx(deal.tenant);
        let id: TransferId = cx.new_id();
        let key = Id::<Actor>::of_words(&["post /transactions", &id.to_string()]).uuid();
        Self {
            deal,
            tenant: cx.tenant.uuid(),
            id: id.uuid(),
            key,
            from: deal::account_id(deal.tenant, deal.from).uuid(),
            to: deal::account_id(deal.tenant, deal.to).uuid(),
            at: cx.now.to_jiff(),
            actor: cx.actor.id(),
            correlation: cx.correlation,
        }
    }

    /// The event's payload, from each account's sequence and balance after it.
    fn payload(&self, to: (i64, i64), from: (i64, i64)) -> String {
        let leg = |account, amount, (seq, balance)| LegPosted {
            account: deal::account_id(self.deal.tenant, account).to_string(),
            seq,
            amount,
            balance,
        };
        let event = TransactionPosted {
            transaction: TransferId::from_uuid(self.id).to_string(),
            kind: KIND.to_owned(),
            legs: vec![leg(self.deal.to, 1, to), leg(self.deal.from, -1, from)],
        };
        serde_json::to_string(&event).expect("plain data")
    }

    fn partition_key(&self) -> String {
        deal::account_id(self.deal.tenant, self.deal.to).to_string()
    }

    /// What tells one content from another under the same key.
    fn fingerprint(&self) -> i64 {
        let bytes = self.id.as_u128() ^ self.from.as_u128() ^ self.to.as_u128();
        i64::from_ne_bytes(bytes.to_ne_bytes()[..8].try_into().expect("eight bytes"))
    }

    fn asset() -> &'static str {
        ASSET
    }
}
