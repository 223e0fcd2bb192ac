//! Spending takes the oldest points first, and shows beforehand which.

use socle_books::{LotUse, Memo, Receipt};
use socle_ledger::{Error, Spending};

use crate::world::{
    ALICE, BOB, World, amount, balance, code, customer, day, end, legs, noon, only,
};

/// What a receipt says of lots: points taken, and when the rest of them expires.
fn lots(receipt: &Receipt) -> Vec<(i64, String)> {
    let each = receipt.lots.iter().map(|it| {
        let expires_at = it.expires_at.expect("points expire");
        (it.amount.minor(), expires_at.day().to_string())
    });
    each.collect()
}

/// What lies open: lot, points.
async fn open(world: &World) -> Vec<(i64, i64)> {
    let (cx, customer) = (&world.cx, customer(ALICE));
    let lots = world.ledger.open_lots(cx, &world.programme, &customer, cx.now).await;
    lots.expect("lots").iter().map(|it| (it.seq, it.free.minor())).collect()
}

#[tokio::test]
async fn points_are_spent_oldest_first() {
    let world = World::new().await;
    world.bought(ALICE, "2029-08-15", "20.00").await;
    world.bought(ALICE, "2029-06-15", "10.00").await;
    let memo = Memo { reason: Some("a mug".to_owned()), metadata: Vec::new() };
    let spending = Spending { memo, ..world.spending(ALICE, 12) };

    let receipt = world.ledger.burn(&world.cx, &world.programme, spending).await.expect("spent");

    let (points, settlement) = (world.customers(ALICE).points.id, world.system().settlement.id);
    assert_eq!(legs(only(&receipt)), [(points, -12, 18), (settlement, 12, 12)]);
    assert_eq!(
        (only(&receipt).kind.as_str(), only(&receipt).reason.as_deref()),
        ("burn", Some("a mug"))
    );
    let expected = [(-10, "2030-06-15".to_owned()), (-2, "2030-08-15".to_owned())];
    assert_eq!(lots(&receipt), expected);
    assert_eq!(open(&world).await, [(1, 18)]);
    assert_eq!(world.balance_at(ALICE, world.cx.now).await, balance([30, 12, 0, 0, 18]));
}

#[tokio::test]
async fn a_preview_tells_which_lots_would_go_and_changes_nothing() {
    let world = World::new().await;
    let older = world.bought(ALICE, "2029-06-15", "10.00").await;
    let newer = world.bought(ALICE, "2029-08-15", "20.00").await;
    let spending = world.spending(ALICE, 12);
    let before = world.ledger.account(&world.cx, world.customers(ALICE).points.id).await;

    let preview = world.ledger.preview_burn(&world.cx, &world.programme, spending.clone()).await;
    let preview = preview.expect("a preview");

    let account = world.customers(ALICE).points.id;
    let of = |seq, it: &socle_ledger::NewPurchase, points| LotUse {
        account,
        seq,
        transfer: it.transaction(),
        amount: amount(points),
        expires_at: world.programme.expiry(it.effective_at),
    };
    assert_eq!(preview.lots, [of(1, &older, -10), of(2, &newer, -2)]);
    let after = world.ledger.account(&world.cx, account).await;
    assert_eq!(after.expect("an account"), before.expect("an account"));
    assert_eq!((open(&world).await, world.transactions().await), (vec![(1, 10), (2, 20)], 2));
    assert_eq!(world.database.number("select count(*) from socle_ledger.outbox").await, 2);

    let mut done = world.ledger.burn(&world.cx, &world.programme, spending).await.expect("spent");
    assert_eq!(only(&done).number, 3);
    done.posted[0].number = only(&preview).number;
    assert_eq!(done, preview);
    assert_eq!(open(&world).await, [(2, 18)]);
}

#[tokio::test]
async fn no_more_is_spent_than_there_is() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "10.00").await;
    world.bought(ALICE, "1997-01-18", "50.00").await;
    let preview = world.spending(ALICE, 11);

    assert_eq!(code(world.burn(&world.cx, ALICE, 11).await), "ledger.insufficient");
    let preview = world.ledger.preview_burn(&world.cx, &world.programme, preview).await;
    assert_eq!(code(preview), "ledger.insufficient");
    assert_eq!(code(world.burn(&world.cx, ALICE, 0).await), "ledger.not-positive");
    assert_eq!(code(world.burn(&world.cx, ALICE, -5).await), "ledger.not-positive");
    assert_eq!(code(world.burn(&world.cx, BOB, 1).await), "ledger.account-unknown");

    assert_eq!((world.available(ALICE).await, world.transactions().await), (10, 2));
}

#[tokio::test]
async fn spending_in_the_past_takes_what_had_not_expired_then() {
    let world = World::new().await;
    world.bought(ALICE, "1997-01-18", "29.00").await;
    let on = |at, points| Spending { effective_at: Some(at), ..world.spending(ALICE, points) };
    let burn = async |it| world.ledger.burn(&world.cx, &world.programme, it).await;

    let late = burn(on(day("1998-01-18").start(), 1)).await;
    let early = burn(on(noon("1997-01-17"), 1)).await;
    let future = burn(on(noon("2030-01-02"), 1)).await;
    let done = burn(on(end("1998-01-17"), 9)).await.expect("spent");

    assert_eq!([code(late), code(early)], ["ledger.insufficient"; 2]);
    assert_eq!(code(future), "ledger.effective-in-future");
    assert_eq!(only(&done).effective_at, end("1998-01-17"));
    assert_eq!(world.balance_at(ALICE, noon("1998-01-17")).await, balance([29, 0, 0, 0, 29]));
    assert_eq!(world.balance_at(ALICE, end("1998-01-17")).await, balance([29, 9, 0, 0, 20]));
    assert_eq!(world.balance_at(ALICE, end("1998-01-18")).await, balance([29, 9, 20, 0, 0]));
}

#[tokio::test]
async fn the_same_spending_told_again_spends_once() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "10.00").await;
    let spending = world.spending(ALICE, 4);
    let burn = async |it: Spending| -> Result<Receipt, Error> {
        world.ledger.burn(&world.cx, &world.programme, it).await
    };
    let first = burn(spending.clone()).await.expect("spent");

    let again = burn(spending.clone()).await.expect("a replay");
    let other = burn(Spending { points: amount(5), ..spending }).await;

    assert_eq!(again.posted, first.posted);
    assert_eq!(code(other), "ledger.id-reused");
    assert_eq!((world.available(ALICE).await, world.transactions().await), (6, 2));
}

#[tokio::test]
async fn of_many_that_spend_the_same_points_as_many_succeed_as_there_are_points_for() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "10.00").await;
    let mut all = Vec::new();
    for _ in 0..8 {
        all.push(world.burn(&world.cx, ALICE, 3));
    }

    let mut outcomes = Vec::new();
    for it in all {
        outcomes.push(it.await.is_ok());
    }

    assert_eq!(outcomes.iter().filter(|it| **it).count(), 3);
    assert_eq!(world.available(ALICE).await, 1);
}
