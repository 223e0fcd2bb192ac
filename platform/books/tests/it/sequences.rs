//! Random sequences of everything, at both entrances, against books kept on paper.

use std::{
    env,
    sync::atomic::{AtomicU32, Ordering},
};

use proptest::{
    collection::vec,
    strategy::Strategy,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::Value;
use socle_books::{Command, Error, Receipt, Unit, post};
use socle_db::Tx;
use socle_kernel::Fault;

use crate::{
    model::{Books, No},
    played::{self, Step},
    shop::{Shop, at},
    world::{Entrance, World},
};

/// How many sequences are played; a long round plays more.
fn cases() -> u32 {
    if env::var_os("SOCLE_LONG").is_some() { 200 } else { 12 }
}

/// What a unit did, in a word.
fn code(outcome: &Result<Receipt, Error>) -> String {
    match outcome {
        Ok(_) => "done".to_owned(),
        Err(Error::Refused(refused)) => {
            let refusal = serde_json::to_value(&refused.refusal).expect("a refusal is plain data");
            let Value::String(code) = &refusal["code"] else { panic!("{refusal} has a code") };
            code.clone()
        }
        Err(Error::Fault(fault)) => panic!("a fault: {fault:?}"),
    }
}

fn told(outcome: Result<(), No>) -> String {
    outcome.map_or_else(ToOwned::to_owned, |()| "done".to_owned())
}

/// Two tenants at one entrance.
struct Pair<'w>([Shop<'w>; 2]);

static TENANTS: AtomicU32 = AtomicU32::new(1);

impl<'w> Pair<'w> {
    async fn open(world: &'w World, by: Entrance) -> Self {
        let shops =
            [(); 2].map(|()| Shop::new(world, by, TENANTS.fetch_add(1, Ordering::Relaxed).into()));
        for shop in &shops {
            shop.done(played::accounts().fold(shop.unit(), Unit::with)).await;
        }
        Self(shops)
    }

    fn unit(&self, step: &Step) -> Unit {
        let shop = &self.0[step.tenant];
        let unit = step.wants.iter().map(played::command).fold(shop.unit(), Unit::with);
        step.keys().fold(Unit { now: at(60 * step.now), ..unit }, Unit::keyed)
    }

    /// One after the other, each in a transaction that keeps refusals too.
    async fn in_transactions(&self, steps: &[Step]) -> Vec<String> {
        let mut codes = Vec::new();
        for step in steps {
            let unit = &self.unit(step);
            let work = async |tx: &mut Tx| -> Result<_, Fault> { Ok(post(tx, unit).await) };
            let shop = &self.0[step.tenant];
            codes.push(code(&shop.world.db.run(&shop.cx(), work).await.expect("it commits")));
        }
        codes
    }

    /// In bursts that queue together; the sizes come from the steps themselves.
    async fn in_bursts(&self, steps: &[Step]) -> Vec<String> {
        let mut codes = Vec::new();
        let mut rest = steps;
        while let Some(first) = rest.first() {
            let (burst, later) = rest.split_at(first.burst.min(rest.len()));
            let units = burst.iter().map(|it| self.unit(it)).collect();
            let outcomes = self.0[0].world.sequencer.submit_all(units).await;
            codes.extend(outcomes.iter().map(code));
            rest = later;
        }
        codes
    }

    /// Everything of each tenant, after the clock has passed every hold and lot.
    async fn seen(&self, end: i64) -> [played::Seen; 2] {
        for shop in &self.0 {
            for account in 0..crate::model::ACCOUNTS {
                let unit = shop.unit().with(Command::Expire(played::account_of(account)));
                let unit = Unit { now: at(60 * end), ..unit };
                shop.submit(unit).await.expect("what has expired is recorded");
            }
        }
        let [one, two] = &self.0;
        [played::seen(one).await, played::seen(two).await]
    }
}

async fn play(world: &World, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut books = [Books::opened(), Books::opened()];
    let mut kept: Vec<(usize, u32, String)> = Vec::new();
    let mut expected = Vec::new();
    for step in steps {
        let known = kept.iter().find(|it| (it.0, it.1) == (step.tenant, step.number));
        let code = match known {
            Some((_, _, code)) => code.clone(),
            None => told(books[step.tenant].unit(step.now, &step.wants)),
        };
        kept.push((step.tenant, step.number, code.clone()));
        expected.push(code);
    }
    let end = steps.iter().map(|it| it.now).max().unwrap_or(0) + 1_000 * 60;
    for it in &mut books {
        for account in 0..crate::model::ACCOUNTS {
            let want = crate::model::Want::Expire { account };
            assert_eq!(it.unit(end, &[want]), Ok(()), "the model records what has expired");
        }
    }
    let expected = (expected, books.map(|it| played::Seen::of(&it)));

    let pair = Pair::open(world, Entrance::Transaction).await;
    let codes = pair.in_transactions(steps).await;
    proptest::prop_assert_eq!(&(codes, pair.seen(end).await), &expected, "in transactions");
    let pair = Pair::open(world, Entrance::Sequencer).await;
    let codes = pair.in_bursts(steps).await;
    proptest::prop_assert_eq!(&(codes, pair.seen(end).await), &expected, "in bursts");
    Ok(())
}

#[test]
fn any_sequence_gives_the_same_books_at_both_entrances_as_on_paper() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let world = runtime.block_on(World::new());
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    let steps = vec(played::step(), 10..60).prop_map(played::clocked);

    let done = TestRunner::new(config).run(&steps, |steps| runtime.block_on(play(&world, &steps)));

    if let Err(error) = done {
        panic!("{error}");
    }
    runtime.block_on(async {
        let of_lots = "select count(*) from socle_shop.account as a where expires_to is not null
                       and balance <> (select coalesce(sum(remaining), 0) from socle_shop.lot as l
                           where l.tenant_id = a.tenant_id and l.account_id = a.id)";
        assert_eq!(world.database.number(of_lots).await, 0, "value lies in lots");
        let sums = "select count(*) from (select from socle_shop.account
                    group by tenant_id, asset having sum(balance) <> 0) as lost";
        assert_eq!(world.database.number(sums).await, 0, "value is conserved");
        drop(world);
    });
}
