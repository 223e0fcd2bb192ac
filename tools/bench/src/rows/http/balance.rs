//! Balances, over HTTP and by the bare statement, in turns.

use std::{sync::Arc, time::Duration};

use socle_books::read;
use socle_db::{Database, Db, Logins};
use socle_kernel::{AccountId, Actor, Cx, Id, TenantId, Timestamp};
use tokio::{task::JoinSet, time::Instant};
use uuid::Uuid;

use super::{CONNECTIONS, ROUND, ROUNDS, all, market};
use crate::{
    Failed,
    http::{Errand, Load, Merchant, text},
    profile::{self, Profile},
    report::{Ask, Row},
    round::{Tally, median},
};

const ASKED: Ask = Ask::AtLeast(8_000.0);

/// The customers buy so long.
const WARM_UP: Duration = Duration::from_secs(3);

/// The statement that a route asks.
#[derive(Debug, Clone, Copy)]
enum Statement {
    /// The account's row.
    Account,
    /// What there was at a moment, from days, entries, lots and holds.
    AsOf,
}

/// One kind of read by both ways.
struct Both {
    statement: Statement,
    path: &'static str,
    over_http: Load,
    rounds: Vec<Tally>,
    bare: Vec<Tally>,
}

/// The program's database, and whose books.
#[derive(Clone)]
struct Books {
    db: Db,
    tenant: TenantId,
    accounts: Arc<[AccountId]>,
}

pub(in crate::rows) async fn balance() -> Result<Row, Failed> {
    let (merchant, _) = market(WARM_UP).await?;
    let accounts = merchant.accounts().await?;
    let url = &merchant.program.served().database_url;
    let database = Database::open(&Logins::trusted(url.parse()?));
    let books = Books::of(&merchant, &database, &accounts).await?;
    let paths = accounts.iter().map(|it| format!("/v1/ledger/accounts/{}", it.0)).collect();
    let by_account =
        Both::open(&merchant, Statement::Account, ("/v1/ledger/accounts/{id}", paths)).await?;
    let programme = &merchant.programme;
    let of = |customer| format!("/v1/ledger/balance?customer={customer}&programme={programme}");
    let paths = accounts.iter().map(|it| of(&it.1)).collect();
    let by_customer = Both::open(&merchant, Statement::AsOf, ("/v1/ledger/balance", paths)).await?;
    let work = format!("{CONNECTIONS} connections, {} accounts in turns", accounts.len());
    let mut row = Row::new("http-balance", work);
    for mut both in [by_account, by_customer] {
        let mut profiles = Vec::new();
        for _ in 0..ROUNDS {
            let (tally, profile) =
                profile::during(&merchant.program, both.over_http.closed(ROUND)).await?;
            profiles.push(profile);
            both.rounds.push(tally);
            both.bare.push(books.read(both.statement, ROUND).await?);
        }
        row = both.tell(row, profiles.pop());
    }
    database.close().await;
    Ok(row)
}

impl Both {
    async fn open(
        merchant: &Merchant,
        statement: Statement,
        (path, paths): (&'static str, Vec<String>),
    ) -> Result<Self, Failed> {
        let errand = Errand::Get { caller: Arc::clone(&merchant.caller), paths };
        let mut over_http = Load::open(&merchant.caller, CONNECTIONS, errand).await?;
        over_http.closed(ROUND).await?;
        Ok(Self { statement, path, over_http, rounds: Vec::new(), bare: Vec::new() })
    }

    fn tell(&self, row: Row, last: Option<Profile>) -> Row {
        let rate = |of: &[Tally]| median(of.iter().map(Tally::rate).collect());
        let (http, bare, all) = (rate(&self.rounds), rate(&self.bare), all(&self.rounds));
        let row = row
            .asked(format!("GET {}", self.path), http, "/s", ASKED)
            .with("  p99", all.latency_ms(0.99), "ms")
            .with("  the bare statement, in this process", bare, "/s")
            .with("  HTTP to the bare statement", http / bare, "×");
        match (last, self.rounds.last()) {
            (Some(profile), Some(tally)) => profile.tell(row, self.path, tally),
            _ => row,
        }
    }
}

impl Books {
    async fn of(
        merchant: &Merchant,
        database: &Database,
        accounts: &[(String, String)],
    ) -> Result<Self, Failed> {
        let tenant = text(&merchant.caller.fetch("/v1/auth/tenant").await?["id"])?;
        let accounts = accounts.iter().map(|it| it.0.parse()).collect::<Result<_, _>>()?;
        Ok(Self { db: database.module("ledger"), tenant: tenant.parse()?, accounts })
    }

    /// As many callers as there are connections, through the product's own door.
    async fn read(&self, statement: Statement, time: Duration) -> Result<Tally, Failed> {
        let mut callers = JoinSet::new();
        let start = Instant::now();
        for place in 0..CONNECTIONS {
            callers.spawn(call(self.clone(), statement, place, start + time));
        }
        let mut tally = Tally::default();
        while let Some(done) = callers.join_next().await {
            tally.add(done??);
        }
        tally.seconds = start.elapsed().as_secs_f64();
        Ok(tally)
    }
}

async fn call(
    books: Books,
    statement: Statement,
    place: usize,
    end: Instant,
) -> Result<Tally, Failed> {
    let mut tally = Tally::default();
    for id in books.accounts.iter().cycle().skip(place) {
        let start = Instant::now();
        if end <= start {
            break;
        }
        let cx = cx(books.tenant);
        let reader = books.db.read(&cx);
        match statement {
            Statement::Account => drop(read::account(reader, *id).await?),
            Statement::AsOf => drop(read::as_of(reader, *id, cx.now, cx.now).await?),
        }
        tally.answered(start.elapsed());
    }
    Ok(tally)
}

#[expect(clippy::disallowed_methods, reason = "a bench stands where the edges do")]
fn cx(tenant: TenantId) -> Cx {
    let person = Actor::Person(Id::from_uuid(Uuid::from_u128(0xA11CE)));
    Cx::new(tenant, person, Timestamp::now())
}
