//! A module that keeps books and nothing else.

use socle_books::{
    Bounds, Command, Error, Flow, Leg, Memo, NewAccount, Posted, Receipt, Refusal, Sequencer, Side,
    Transfer, Unit,
};
use socle_db::{Db, Module, Tx};
use socle_kernel::{AccountId, Amount, Cx, Id, TransferId};
use socle_testkit::TestDatabase;
use uuid::Uuid;

pub(crate) const MODULE: Module =
    Module { name: "shop", platform: &[socle_events::TABLES, socle_books::TABLES], own: &[] };

pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) db: Db,
    pub(crate) sequencer: Sequencer,
}

/// Which way a unit goes into the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entrance {
    Transaction,
    Sequencer,
}

pub(crate) const ENTRANCES: [Entrance; 2] = [Entrance::Transaction, Entrance::Sequencer];

impl World {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::of(&[MODULE]).await;
        Self::on(database)
    }

    pub(crate) fn on(database: TestDatabase) -> Self {
        let db = database.db("shop");
        let sequencer = Sequencer::start(db.clone());
        Self { database, db, sequencer }
    }

    pub(crate) async fn submit(&self, by: Entrance, cx: &Cx, unit: Unit) -> Result<Receipt, Error> {
        match by {
            Entrance::Sequencer => self.sequencer.submit(unit).await,
            Entrance::Transaction => {
                let unit = &unit;
                self.db.run(cx, async |tx: &mut Tx| socle_books::post(tx, unit).await).await
            }
        }
    }
}

pub(crate) fn account(n: u32) -> AccountId {
    Id::from_uuid(Uuid::from_u128(0xACC_0000 + u128::from(n)))
}

pub(crate) fn amount(minor: i32) -> Amount {
    Amount::from(minor)
}

pub(crate) fn open(n: u32, bounds: Bounds) -> Command {
    Command::Open(new_account(n, bounds))
}

pub(crate) fn new_account(n: u32, bounds: Bounds) -> NewAccount {
    NewAccount {
        id: account(n),
        asset: "EUR".parse().expect("an asset"),
        owner: format!("owner:{n}").parse().expect("an owner"),
        purpose: "test".parse().expect("a purpose"),
        side: Side::Credit,
        bounds,
        expires_to: None,
    }
}

pub(crate) fn transfer(id: TransferId, from: u32, to: u32, minor: i32) -> Transfer {
    Transfer {
        id,
        kind: "move".to_owned(),
        flow: Flow::Plain,
        effective_at: None,
        legs: vec![
            Leg::debit(account(from), amount(minor)),
            Leg::credit(account(to), amount(minor)),
        ],
        memo: Memo::default(),
    }
}

pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(it)) => it.refusal,
        other => panic!("a refusal was expected: {other:?}"),
    }
}

pub(crate) fn only(receipt: &Receipt) -> &Posted {
    let [posted] = &receipt.posted[..] else { panic!("one transfer: {receipt:?}") };
    posted
}
