//! What is written down by itself: the same result however often that is done and whenever.

use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use socle_books::{
    Bounds, Capture, Command, Memo, NewAccount, NewHold, Refusal, Reversal, Unit, read, work::Desk,
};
use socle_kernel::{HoldId, TransferId};

use crate::{
    shop::{ALICE, BANK, BREAKAGE, CAROL, DAY, HOUR, Shop, at, with_lots},
    world::{Entrance, World, account, amount, new_account, refusal},
};

/// Something that happens to Carol's value; most of it may be refused.
#[derive(Debug, Clone, Copy)]
enum Step {
    Earn { minor: i32, hours_ago: i64, life: Option<i64> },
    Spend { minor: i32 },
    Hold { minor: i32, hours: i64 },
    Capture { which: usize, minor: Option<i32> },
    Void { which: usize },
    Undo { which: usize },
    Wait { hours: i64 },
}

fn steps() -> impl Strategy<Value = Vec<(Step, bool)>> {
    let step = prop_oneof![
        6 => (1..100, 0..72_i64, proptest::option::of(1..300_i64))
            .prop_map(|(minor, hours_ago, life)| Step::Earn { minor, hours_ago, life }),
        4 => (1..120).prop_map(|minor| Step::Spend { minor }),
        3 => (1..60, 1..100_i64).prop_map(|(minor, hours)| Step::Hold { minor, hours }),
        2 => (any::<usize>(), proptest::option::of(1..30))
            .prop_map(|(which, minor)| Step::Capture { which, minor }),
        1 => any::<usize>().prop_map(|which| Step::Void { which }),
        3 => any::<usize>().prop_map(|which| Step::Undo { which }),
        5 => (1..60_i64).prop_map(|hours| Step::Wait { hours }),
    ];
    vec((step, any::<bool>()), 1..40)
}

/// A shop, and what happened in it so far.
struct Play<'w> {
    shop: Shop<'w>,
    transfers: Vec<TransferId>,
    holds: Vec<HoldId>,
}

impl<'w> Play<'w> {
    async fn begin(world: &'w World, tenant: u128) -> Self {
        let shop = Shop::new(world, Entrance::Sequencer, tenant);
        shop.opened().await;
        Self { shop, transfers: Vec::new(), holds: Vec::new() }
    }

    /// Whether it took effect.
    async fn step(&mut self, step: Step) -> bool {
        let id: TransferId = self.shop.id();
        let hour = (self.shop.clock.now().micros() - at(0).micros()) / 1_000_000;
        let command = match step {
            Step::Wait { hours } => {
                self.shop.clock.move_by(hours * HOUR);
                return true;
            }
            Step::Earn { minor, hours_ago, life } => {
                let from = hour - hours_ago * HOUR;
                let earning = self.shop.earning(minor, from, life.map(|it| from + it * HOUR));
                Command::Post(socle_books::Transfer { id, ..earning })
            }
            Step::Spend { minor } => {
                let moving = self.shop.moving(CAROL, ALICE, minor);
                Command::Post(socle_books::Transfer { id, ..moving })
            }
            Step::Hold { minor, hours } => {
                let hold = self.shop.holding(CAROL, ALICE, minor, hour + hours * HOUR);
                let hold = NewHold { id: HoldId::from_uuid(id.uuid()), ..hold };
                self.holds.push(hold.id);
                Command::Hold(hold)
            }
            Step::Capture { which, minor } => {
                let Some(hold) = one_of(&self.holds, which) else { return false };
                let (amount, memo) = (minor.map(amount), Memo::default());
                Command::Capture(Capture { id, hold, amount, memo })
            }
            Step::Void { which } => {
                let Some(hold) = one_of(&self.holds, which) else { return false };
                Command::Void(hold)
            }
            Step::Undo { which } => {
                let Some(of) = one_of(&self.transfers, which) else { return false };
                let (kind, memo) = ("undo".to_owned(), Memo::default());
                Command::Reverse(Reversal { id, of, kind, memo })
            }
        };
        let done = self.shop.submit(self.shop.unit().with(command)).await;
        self.transfers.extend(done.iter().filter_map(|it| it.posted.first()).map(|it| it.id));
        done.is_ok()
    }

    /// Writes down what has expired and what the clock has ended.
    async fn record(&self) {
        let (cx, desk) = (self.shop.cx(), desk(&self.shop));
        let unit = Unit::new(&cx);
        while desk.expire_some(&cx, &unit).await.expect("it is recorded").is_some() {}
        let of = |tenant| Unit::new(&cx.in_tenant(tenant));
        while desk.release_some(cx.now, of).await.expect("it is recorded").is_some() {}
    }

    /// The balance at the end of each day, and all else that does not depend on when it was
    /// written down.
    async fn seen(&self) -> (Vec<i64>, Vec<(String, String, i64)>, Vec<(String, i64, i64)>) {
        let (cx, mut balances) = (self.shop.cx(), Vec::new());
        let days = (cx.now.micros() - at(0).micros()) / 1_000_000 / DAY;
        for day in -4..=days {
            let end = at(day * DAY).day().end();
            let told = read::as_of(self.shop.world.db.read(&cx), account(CAROL), end, cx.now).await;
            let told = told.expect("it is read");
            balances.push(told.balance().expect("it is small").minor());
            balances.push(told.expired.minor());
        }
        (balances, self.expiries().await, self.standing().await)
    }

    /// What expired of what, and when.
    async fn expiries(&self) -> Vec<(String, String, i64)> {
        let sql = "select l.transfer_id::text, t.effective_at::text, sum(m.amount)::int8
                   from socle_shop.lot_move as m
                   join socle_shop.lot as l on l.tenant_id = m.tenant_id
                       and l.account_id = m.account_id and l.seq = m.lot_seq
                   join socle_shop.entry as e on e.tenant_id = m.tenant_id
                       and e.account_id = m.account_id and e.seq = m.entry_seq
                   join socle_shop.transfer as t
                       on t.tenant_id = e.tenant_id and t.id = e.transfer_id and t.flow = 2
                   where m.tenant_id = $1 group by 1, 2 order by 1, 2";
        let asked = sqlx::query_as(sql).bind(self.shop.cx().tenant.uuid());
        asked.fetch_all(&self.shop.admin).await.expect("the expiries are read")
    }

    async fn standing(&self) -> Vec<(String, i64, i64)> {
        let sql = "select transfer_id::text, remaining, reserved from socle_shop.lot
                   where tenant_id = $1
                   union all
                   select id::text || state, captured, amount from socle_shop.hold
                   where tenant_id = $1
                   union all
                   select owner, balance, pending_debit + pending_credit from socle_shop.account
                   where tenant_id = $1
                   order by 1";
        let asked = sqlx::query_as(sql).bind(self.shop.cx().tenant.uuid());
        asked.fetch_all(&self.shop.admin).await.expect("the books are read")
    }
}

fn desk<'s>(shop: &'s Shop<'_>) -> Desk<'s> {
    Desk { db: &shop.world.db, books: &shop.world.sequencer }
}

fn one_of<T: Copy>(all: &[T], which: usize) -> Option<T> {
    (!all.is_empty()).then(|| all[which % all.len()])
}

async fn same_whenever(
    world: &World,
    tenant: u128,
    steps: &[(Step, bool)],
) -> Result<(), TestCaseError> {
    let mut once = Play::begin(world, tenant).await;
    let mut often = Play::begin(world, tenant + 1).await;

    for (step, is_recorded) in steps {
        let outcomes = (once.step(*step).await, often.step(*step).await);
        prop_assert_eq!(outcomes.0, outcomes.1, "{:?}", step);
        if *is_recorded {
            often.record().await;
        }
    }
    for play in [&once, &often] {
        play.shop.clock.move_by(400 * HOUR);
        play.record().await;
    }

    prop_assert_eq!(once.seen().await, often.seen().await);
    Ok(())
}

#[test]
fn expiry_is_the_same_result_however_often_it_is_recorded_and_whenever() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let world = runtime.block_on(World::new());
    let cases = if std::env::var_os("SOCLE_LONG").is_some() { 300 } else { 12 };
    let config = Config { cases, failure_persistence: None, ..Config::default() };

    let tenants = std::cell::Cell::new(1);
    let done = TestRunner::new(config).run(&steps(), |steps| {
        tenants.set(tenants.get() + 2);
        runtime.block_on(same_whenever(&world, tenants.get(), &steps))
    });

    if let Err(error) = done {
        panic!("{error}");
    }
    runtime.block_on(async { drop(world) });
}

#[tokio::test]
async fn what_cannot_be_recorded_holds_nothing_else_up_and_is_told_at_the_end() {
    const DORA: u32 = 9;
    const CLOSED: u32 = 10;
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;
    let dora = NewAccount { expires_to: Some(account(CLOSED)), ..with_lots(DORA) };
    let unit = shop.unit().with(Command::Open(new_account(CLOSED, Bounds::NONE)));
    shop.done(unit.with(Command::Open(dora)).with(Command::Close(account(CLOSED)))).await;
    shop.earns(10, Some(HOUR)).await;
    let legs =
        vec![crate::shop::debit(BANK, 5), crate::shop::credit(DORA, 5).expiring(Some(at(HOUR)))];
    shop.does(shop.posting(legs)).await;
    shop.clock.move_by(2 * HOUR);
    let cx = shop.cx();

    let first = desk(&shop).expire_some(&cx, &shop.unit()).await.expect("Carol's is recorded");
    let second = desk(&shop).expire_some(&cx, &shop.unit()).await;

    assert_eq!(first, Some(1));
    assert_eq!(refusal(second), Refusal::AccountClosed { account: account(CLOSED) });
    assert_eq!((shop.balance(CAROL).await, shop.balance(DORA).await), (0, 5));
    assert_eq!(shop.balance(BREAKAGE).await, 10);
}

#[tokio::test]
async fn holds_of_all_tenants_that_the_clock_has_ended_are_recorded_and_no_others() {
    let world = World::new().await;
    let shops = [1, 2].map(|tenant| Shop::new(&world, Entrance::Sequencer, tenant));
    for shop in &shops {
        shop.opened().await;
        shop.moves(BANK, ALICE, 100).await;
        shop.holds(ALICE, BANK, 30, HOUR).await;
        shop.holds(ALICE, BANK, 20, DAY).await;
    }
    let [one, two] = &shops;
    one.clock.move_by(HOUR);
    let cx = one.cx();
    let release = async |by| {
        let of = |tenant| Unit::new(&cx.in_tenant(tenant));
        desk(one).release_some(by, of).await.expect("it is recorded")
    };

    let early = release(at(HOUR - 1)).await;
    let due = release(at(HOUR)).await;
    let again = release(at(HOUR)).await;

    assert_eq!((early, due, again), (None, Some(2), None));
    for shop in [one, two] {
        let states: BTreeMap<_, _> = shop.hold_states().await.into_iter().collect();
        assert_eq!(states, BTreeMap::from([("expired".to_owned(), 0), ("open".to_owned(), 0)]));
        assert_eq!(shop.figures(ALICE).await, (100, 20, 0));
    }
}

#[tokio::test]
async fn a_hold_that_lives_or_that_nobody_placed_is_not_released() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;
    shop.moves(BANK, ALICE, 100).await;
    let hold = shop.holds(ALICE, BANK, 30, HOUR).await;

    shop.does(Command::Release(hold)).await;
    let unknown = shop.id();
    let refused = shop.denies(Command::Release(unknown)).await;

    assert_eq!(shop.figures(ALICE).await, (100, 30, 0));
    assert_eq!(refused, Refusal::UnknownHold { hold: unknown });
}
