//! Lost connections: what was under way is run again, whole, and takes effect once.

use futures_util::future::{join, join_all};
use socle_books::{Bounds, Command, Error};
use socle_kernel::Kind;

use crate::{
    shop::{ALICE, BANK, Shop},
    world::{ENTRANCES, Entrance, World, account, open},
};

/// An account that a stranger holds until somebody's session has been ended.
const GATE: u32 = 90;
const END: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                   where datname = current_database() and wait_event_type = 'Lock'";

/// Submits units that wait for a stranger, and ends their session while they wait.
async fn interrupted(shop: &Shop<'_>, count: usize) -> Vec<Result<socle_books::Receipt, Error>> {
    shop.opened().await;
    shop.does(open(GATE, Bounds::NONE)).await;
    let mut stranger = shop.admin.begin().await.expect("begin");
    let lock = "select from socle_shop.account where id = $1 for update";
    let lock = sqlx::query(lock).bind(account(GATE).uuid());
    lock.execute(&mut *stranger).await.expect("the gate is closed");
    let end = async {
        while sqlx::query_scalar::<_, i64>(END).fetch_one(&shop.admin).await.expect("asked") == 0 {
            tokio::task::yield_now().await;
        }
        stranger.commit().await.expect("the gate opens");
    };
    let units = (0..count).map(|_| {
        let unit = shop.unit().with(Command::Post(shop.moving(BANK, GATE, 1)));
        shop.submit(unit.with(Command::Post(shop.moving(BANK, ALICE, 1))))
    });
    join(join_all(units), end).await.0
}

#[tokio::test]
async fn a_batch_that_lost_its_connection_is_run_again_whole() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);

    let outcomes = interrupted(&shop, 20).await;

    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!((shop.balance(ALICE).await, shop.balance(GATE).await), (20, 20));
    let number = "select number from socle_shop.journal where tenant_id = $1";
    assert_eq!(shop.number(number).await, 40);
}

#[tokio::test]
async fn a_transaction_that_lost_its_connection_leaves_nothing_and_may_be_tried_again() {
    let world = World::new().await;
    let shop = Shop::new(&world, Entrance::Transaction, 1);

    let outcomes = interrupted(&shop, 1).await;

    let [Err(Error::Fault(fault))] = &outcomes[..] else { panic!("a fault: {outcomes:?}") };
    assert_eq!(fault.kind(), Kind::Unavailable);
    assert_eq!((shop.balance(ALICE).await, shop.balance(GATE).await), (0, 0));
    shop.moves(BANK, ALICE, 1).await;
}

#[tokio::test]
async fn an_account_that_is_held_for_long_stops_nobody_for_good() {
    for by in ENTRANCES {
        let world = World::new().await;
        let shop = Shop::new(&world, by, 1);
        shop.opened().await;
        let mut stranger = shop.admin.begin().await.expect("begin");
        let lock = "select from socle_shop.account where id = $1 for update";
        let lock = sqlx::query(lock).bind(account(ALICE).uuid());
        lock.execute(&mut *stranger).await.expect("Alice is held");
        let gives_up = async {
            // Past the two seconds that a session waits for a lock.
            sqlx::query("select pg_sleep(2.3)").execute(&mut *stranger).await.expect("it waits");
            stranger.commit().await.expect("Alice is free");
        };
        let unit = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 1)));

        let (outcome, ()) = join(shop.submit(unit.clone()), gives_up).await;

        match (by, outcome) {
            (Entrance::Sequencer, outcome) => {
                outcome.expect("the batch is run again until Alice is free");
            }
            (Entrance::Transaction, Err(Error::Fault(fault))) => {
                assert_eq!(fault.kind(), Kind::Unavailable);
                shop.done(unit).await;
            }
            (Entrance::Transaction, outcome) => panic!("a caller is told: {outcome:?}"),
        }
        assert_eq!(shop.balance(ALICE).await, 1);
    }
}
