//! The requests that are counted: each kind of route, with what it needs to find.

use serde_json::{Value, json};

use crate::{
    Failed,
    http::{Caller, Merchant, text},
};

/// How often each is asked; the first prepare its statements.
pub(super) const TIMES: usize = 9;

/// Whose points are looked at and held.
const CUSTOMER: &str = "demo-alice";

/// Who buys: a customer without open holds, which would have to be looked at each time.
const BUYER: &str = "bench-buyer";

/// A kind of request, ready to be sent.
pub(super) struct Route {
    pub(super) what: &'static str,
    pub(super) requests: Vec<Vec<u8>>,
}

/// What the requests speak of.
struct Scene<'m> {
    caller: &'m Caller,
    programme: &'m str,
    /// The customer's account of points.
    account: String,
    /// Accounts that the merchant keeps for itself, of the same points.
    tills: [String; 2],
}

/// All of them, in the order in which they are shown.
pub(super) async fn all(merchant: &Merchant) -> Result<Vec<Route>, Failed> {
    let scene = Scene::set(merchant).await?;
    let mut routes = scene.reads();
    routes.extend(scene.reports());
    routes.extend(scene.purchases().await?);
    routes.extend(scene.transactions().await?);
    routes.extend(scene.holds().await?);
    Ok(routes)
}

impl<'m> Scene<'m> {
    async fn set(merchant: &'m Merchant) -> Result<Self, Failed> {
        let (caller, programme) = (&*merchant.caller, &*merchant.programme);
        let plenty = json!({
            "programme": programme, "customer": CUSTOMER, "purchase": "plenty",
            "amount": 100_000, "currency": "USD",
        });
        caller.json(&caller.post("/v1/ledger/earn", "plenty", &plenty.to_string())).await?;
        let accounts = merchant.accounts().await?;
        let found = accounts.into_iter().find(|it| it.1 == CUSTOMER);
        let account = found.ok_or_else(|| Failed::because("the demo has lost its customer"))?.0;
        let it = caller.fetch(&format!("/v1/ledger/accounts/{account}")).await?;
        let mut tills = [String::new(), String::new()];
        for (n, till) in tills.iter_mut().enumerate() {
            let (owner, asset) = (format!("till:{n}"), &it["asset"]);
            let body =
                json!({ "owner": owner, "purpose": "points", "asset": asset, "side": "credit" });
            let open = caller.post("/v1/ledger/accounts", &owner, &body.to_string());
            *till = text(&caller.json(&open).await?["id"])?;
        }
        Ok(Self { caller, programme, account, tills })
    }

    fn reads(&self) -> Vec<Route> {
        let (account, programme) = (&self.account, self.programme);
        let of_account = format!("/v1/ledger/accounts/{account}");
        let of_customer = format!("customer={CUSTOMER}&programme={programme}");
        vec![
            self.get("GET account", &of_account),
            self.get(
                "GET account's balance, at a day",
                &format!("{of_account}/balance?at=2100-01-01"),
            ),
            self.get("GET account's entries", &format!("{of_account}/entries")),
            self.get("GET account's statement", &format!("{of_account}/statement")),
            self.get("GET accounts", "/v1/ledger/accounts"),
            self.get("GET balance", &format!("/v1/ledger/balance?{of_customer}")),
            self.get(
                "GET balance, no programme named",
                &format!("/v1/ledger/balance?customer={CUSTOMER}"),
            ),
            self.get("GET lots", &format!("/v1/ledger/lots?{of_customer}")),
            self.get("GET programme", &format!("/v1/ledger/programmes/{programme}")),
            self.get("GET tenant", "/v1/auth/tenant"),
        ]
    }

    fn reports(&self) -> Vec<Route> {
        let of = format!("programme={}", self.programme);
        let days = "from=2025-01-01&to=2025-01-31";
        vec![
            self.get("GET journal", "/v1/ledger/journal"),
            self.get("GET transactions", "/v1/ledger/transactions?key=till&value=7"),
            self.get("GET trial balance", "/v1/ledger/trial-balance"),
            self.get("GET liability", &format!("/v1/ledger/liability?{of}&{days}")),
            self.get("GET expiring", &format!("/v1/ledger/expiring?{of}")),
        ]
    }

    async fn purchases(&self) -> Result<Vec<Route>, Failed> {
        let earn = |name: String, programme: Value| {
            json!({
                "programme": programme, "customer": BUYER, "purchase": name, "amount": 5_000,
                "currency": "USD",
            })
        };
        let path = "/v1/ledger/earn";
        let bought = |n| earn(format!("cost-{n}"), json!(self.programme));
        let unnamed = |n| earn(format!("cost-unnamed-{n}"), Value::Null);
        let again = self.caller.post(path, "again", &bought(0).to_string());
        let done = self.caller.json(&again).await?;
        let purchase = format!("/v1/ledger/purchases/{}", text(&done["purchase"])?);
        let of = |n: usize| json!({ "programme": self.programme, "customer": BUYER, "points": n });
        let given_back = |n| {
            json!({
                "programme": self.programme, "purchase": format!("cost-{n}"), "amount": 100,
                "currency": "USD",
            })
        };
        Ok(vec![
            self.get("GET purchase", &purchase),
            self.post("POST earn", (path, "earn"), bought),
            self.post("POST earn, no programme named", (path, "unnamed"), unnamed),
            Route { what: "POST earn, repeated", requests: vec![again; TIMES] },
            self.post("POST refund", ("/v1/ledger/refund", "refund"), given_back),
            self.post("POST burn", ("/v1/ledger/burn", "burn"), |n| of(n + 1)),
            self.post("POST burn:preview", ("/v1/ledger/burn:preview", "look"), |n| of(n + 1)),
        ])
    }

    async fn transactions(&self) -> Result<Vec<Route>, Failed> {
        let path = "/v1/ledger/transactions";
        let [to, from] = &self.tills;
        let legs = json!([{ "account": to, "amount": 500 }, { "account": from, "amount": -500 }]);
        let sale = json!({ "kind": "sale", "legs": legs });
        let mut reversals = Vec::new();
        for n in 0..TIMES {
            let posted = self.caller.post(path, &format!("posted-{n}"), &sale.to_string());
            let id = text(&self.caller.json(&posted).await?["id"])?;
            let path = format!("{path}/{id}/reverse");
            reversals.push(self.caller.post(&path, &format!("reverse-{n}"), "{}"));
        }
        let batch = json!({ "transactions": vec![&sale; 10] });
        Ok(vec![
            self.post("POST transaction", (path, "sale"), |_| sale.clone()),
            self.post("POST ten transactions", ("/v1/ledger/transactions:batch", "ten"), |_| {
                batch.clone()
            }),
            Route { what: "POST transaction's reversal", requests: reversals },
        ])
    }

    async fn holds(&self) -> Result<Vec<Route>, Failed> {
        let path = "/v1/ledger/holds";
        let hold = json!({
            "kind": "burn", "account": self.account, "counter": self.tills[0], "amount": 2,
            "expires_at": "2100-01-01T00:00:00Z",
        });
        let (mut captures, mut voids, mut looks) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..2 * TIMES {
            let placed = self.caller.post(path, &format!("placed-{n}"), &hold.to_string());
            let id = text(&self.caller.json(&placed).await?["id"])?;
            looks.push(self.caller.get(&format!("{path}/{id}")));
            let (ends, way) =
                if n < TIMES { (&mut captures, "capture") } else { (&mut voids, "void") };
            ends.push(self.caller.post(&format!("{path}/{id}/{way}"), &format!("end-{n}"), "{}"));
        }
        looks.truncate(TIMES);
        Ok(vec![
            Route { what: "GET hold", requests: looks },
            self.post("POST hold", (path, "hold"), |_| hold.clone()),
            Route { what: "POST hold's capture", requests: captures },
            Route { what: "POST hold's end", requests: voids },
        ])
    }

    fn get(&self, what: &'static str, path: &str) -> Route {
        Route { what, requests: vec![self.caller.get(path); TIMES] }
    }

    /// The bodies by their numbers, each under a key of its own.
    fn post(
        &self,
        what: &'static str,
        (path, key): (&str, &str),
        body: impl Fn(usize) -> Value,
    ) -> Route {
        let each =
            (0..TIMES).map(|n| self.caller.post(path, &format!("{key}-{n}"), &body(n).to_string()));
        Route { what, requests: each.collect() }
    }
}
