//! The program, served, with a merchant whose key may call as often as it likes.

use std::{net::SocketAddr, sync::Arc};

use serde_json::{Value, json};

use super::{Connection, Errand};
use crate::{Failed, program::Program};

/// The most that a key may call in a minute.
const CALLS_PER_MINUTE: &str = "1000000";

/// How many rows a page of accounts has at most.
const PAGE: usize = 200;

/// The demo's merchant.
pub(crate) struct Merchant {
    pub(crate) program: Program,
    pub(crate) caller: Arc<Caller>,
    /// The programme's identifier.
    pub(crate) programme: String,
}

/// Who calls, and where.
pub(crate) struct Caller {
    pub(crate) address: SocketAddr,
    secret: String,
}

impl Merchant {
    /// Starts the program with the demo's merchant, and issues a key.
    pub(crate) async fn open() -> Result<Self, Failed> {
        let program = Program::start().await?;
        program.ask(&["demo"]).await?;
        let issue = ["key", "issue", "bench", "--limit", CALLS_PER_MINUTE];
        let secret = text(&program.ask(&issue).await?.json["secret"])?;
        let caller = Caller { address: program.served().address, secret };
        let found = caller.fetch("/v1/ledger/programmes").await?;
        let programme = text(&found["items"][0]["id"])?;
        Ok(Self { program, caller: Arc::new(caller), programme })
    }

    /// Purchases of many customers, each its own.
    pub(crate) fn earn(&self) -> Errand {
        Errand::Earn { caller: Arc::clone(&self.caller), programme: self.programme.clone() }
    }

    /// The customers' accounts of points, with what each customer is called.
    pub(crate) async fn accounts(&self) -> Result<Vec<(String, String)>, Failed> {
        let (mut accounts, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/ledger/accounts?limit={PAGE}{after}");
            let page = self.caller.fetch(&path).await?;
            for it in page["items"].as_array().into_iter().flatten() {
                let (id, owner) = (text(&it["id"])?, text(&it["owner"])?);
                if let Some(customer) = owner.strip_prefix("customer:")
                    && it["purpose"] == json!("points")
                {
                    accounts.push((id, customer.to_owned()));
                }
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(accounts),
            }
        }
    }

    /// Verifies the books, all of them; returns how many entries there are.
    pub(crate) async fn verify(&self) -> Result<u64, Failed> {
        let found = self.program.ask(&["ledger", "verify"]).await?.json;
        let is_right = found["conserved"] == json!(true) && found["differences"] == json!([]);
        match found["entries"].as_u64().filter(|_| is_right) {
            Some(entries) => Ok(entries),
            None => Err(Failed(format!("verify: {found}"))),
        }
    }
}

impl Caller {
    /// Whoever asks nothing that a key is needed for.
    #[cfg(test)]
    pub(crate) fn to(address: SocketAddr) -> Self {
        Self { address, secret: String::new() }
    }

    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        self.request("GET", path, "", "")
    }

    /// A request with a name of its own.
    pub(crate) fn post(&self, path: &str, key: &str, body: &str) -> Vec<u8> {
        let fields = format!(
            "idempotency-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        self.request("POST", path, &fields, body)
    }

    /// One answer, over a connection of its own.
    pub(crate) async fn fetch(&self, path: &str) -> Result<Value, Failed> {
        self.json(&self.get(path)).await
    }

    /// What a request is answered, over a connection of its own.
    pub(crate) async fn json(&self, request: &[u8]) -> Result<Value, Failed> {
        let mut connection = Connection::open(self.address).await?;
        Ok(serde_json::from_slice(connection.ask(request).await?.body()?)?)
    }

    fn request(&self, method: &str, path: &str, fields: &str, body: &str) -> Vec<u8> {
        let (address, secret) = (self.address, &self.secret);
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {secret}\r\n\
             {fields}\r\n{body}"
        )
        .into_bytes()
    }
}

/// The text that is there by what the program promises.
pub(crate) fn text(it: &Value) -> Result<String, Failed> {
    let found = it.as_str().map(str::to_owned);
    found.ok_or_else(|| Failed(format!("a text was to be expected, and there is {it}")))
}
