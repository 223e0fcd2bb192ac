//! What is asked for, again and again.

use std::sync::Arc;

use super::Caller;

/// How many customers buy, in turns.
const CUSTOMERS: u64 = 1_000;

/// A kind of request; each is made from its number.
pub(crate) enum Errand {
    /// A purchase of at least a point, which no other request tells.
    Earn { caller: Arc<Caller>, programme: String },
    /// One of these paths, in turns.
    Get { caller: Arc<Caller>, paths: Vec<String> },
}

impl Errand {
    /// The `n`th request.
    pub(crate) fn request(&self, n: u64) -> Vec<u8> {
        match self {
            Self::Earn { caller, programme } => {
                let (customer, cents) = (n % CUSTOMERS, 100 + n % 9_900);
                let body = format!(
                    "{{\"programme\":\"{programme}\",\"customer\":\"bench-{customer:04}\",\
                     \"purchase\":\"order-{n}\",\"amount\":{cents},\"currency\":\"USD\"}}"
                );
                caller.post("/v1/ledger/earn", &format!("order-{n}-paid"), &body)
            }
            Self::Get { caller, paths } => {
                let place = n % paths.len() as u64;
                let path = usize::try_from(place).ok().and_then(|it| paths.get(it));
                caller.get(path.expect("a remainder is a place"))
            }
        }
    }
}
