//! Accounts of any kind, beside the programmes' own.

use socle_books::{Bounds, Leg, Memo, NewAccount, Refusal, Side};
use socle_kernel::AccountId;
use socle_ledger::{Error, NewTransaction};

use crate::world::{ALICE, World, amount, code, end, legs, only};

/// An account in dollars.
pub(crate) fn dollars(world: &World, owner: &str, bounds: Bounds) -> NewAccount {
    NewAccount {
        id: AccountId::of_words(&[&world.cx.tenant.to_string(), owner]),
        asset: "USD".parse().expect("an asset"),
        owner: owner.parse().expect("an owner"),
        purpose: "cash".parse().expect("a purpose"),
        side: Side::Credit,
        bounds,
        expires_to: None,
    }
}

pub(crate) fn transaction(world: &World, legs: Vec<Leg>) -> NewTransaction {
    let (id, kind, memo) = (world.cx.new_id(), "sale".to_owned(), Memo::default());
    NewTransaction { id, kind, effective_at: None, legs, memo }
}

/// A till, sales and taxes.
async fn shop(world: &World) -> [AccountId; 3] {
    let accounts = ["till", "sales", "taxes"].map(|it| dollars(world, it, Bounds::NONE));
    for it in accounts.clone() {
        world.ledger.open_account(&world.cx, it).await.expect("opened");
    }
    accounts.map(|it| it.id)
}

#[tokio::test]
async fn a_transaction_of_several_legs_is_one() {
    let world = World::new().await;
    let [till, sales, taxes] = shop(&world).await;
    let sale = vec![
        Leg::debit(till, amount(121)),
        Leg::credit(sales, amount(100)),
        Leg::credit(taxes, amount(21)),
    ];

    let receipt = world.ledger.post(&world.cx, transaction(&world, sale)).await.expect("posted");

    assert_eq!(legs(only(&receipt)), [(till, -121, -121), (sales, 100, 100), (taxes, 21, 21)]);
    assert_eq!(only(&receipt).kind, "sale");
}

#[tokio::test]
async fn a_transaction_may_move_several_assets_each_summing_to_zero() {
    let world = World::new().await;
    let [till, sales, _] = shop(&world).await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let (points, settlement) = (world.customers(ALICE).points.id, world.system().settlement.id);
    let sale = vec![
        Leg::debit(points, amount(30)),
        Leg::credit(settlement, amount(30)),
        Leg::debit(till, amount(5)),
        Leg::credit(sales, amount(5)),
    ];

    world.ledger.post(&world.cx, transaction(&world, sale)).await.expect("posted");
    let crossed = vec![Leg::debit(till, amount(5)), Leg::credit(settlement, amount(5))];
    let crossed = world.ledger.post(&world.cx, transaction(&world, crossed)).await;

    assert_eq!(code(crossed), "ledger.unbalanced");
    assert_eq!((world.available(ALICE).await, world.held_by(till).await), (0, -5));
}

#[tokio::test]
async fn a_transaction_that_does_not_fit_changes_nothing() {
    let world = World::new().await;
    let [till, sales, _] = shop(&world).await;
    let bounded = dollars(&world, "purse", Bounds { ceiling: Some(amount(9)), ..Bounds::NONE });
    world.ledger.open_account(&world.cx, bounded.clone()).await.expect("opened");
    let cases = [
        (vec![Leg::debit(till, amount(1))], "ledger.legs"),
        (vec![Leg::debit(till, amount(1)), Leg::credit(till, amount(1))], "ledger.legs"),
        (vec![Leg::debit(till, amount(0)), Leg::credit(sales, amount(0))], "ledger.legs"),
        (vec![Leg::debit(till, amount(2)), Leg::credit(sales, amount(1))], "ledger.unbalanced"),
        (
            vec![Leg::debit(till, amount(10)), Leg::credit(bounded.id, amount(10))],
            "ledger.above-ceiling",
        ),
        (
            vec![Leg::debit(till, amount(1)), Leg::credit(world.cx.new_id(), amount(1))],
            "ledger.account-unknown",
        ),
    ];

    for (legs, expected) in cases {
        assert_eq!(code(world.ledger.post(&world.cx, transaction(&world, legs)).await), expected);
    }
    let legs = vec![Leg::debit(till, amount(1)), Leg::credit(sales, amount(1))];
    let mut crowded = transaction(&world, legs);
    crowded.memo.metadata = vec![("key".to_owned(), "value".to_owned()); 33];
    assert_eq!(code(world.ledger.post(&world.cx, crowded).await), "ledger.too-much");

    assert_eq!(world.transactions().await, 0);
    assert_eq!(world.held_by(till).await, 0);
}

#[tokio::test]
async fn an_account_is_opened_once_and_never_as_another() {
    let world = World::new().await;
    let purse = dollars(&world, "purse", Bounds::NONE);
    world.ledger.open_account(&world.cx, purse.clone()).await.expect("opened");

    world.ledger.open_account(&world.cx, purse.clone()).await.expect("open already");
    let other = NewAccount { bounds: Bounds::NOT_NEGATIVE, ..purse.clone() };
    let refused = world.ledger.open_account(&world.cx, other).await.expect_err("refused");
    let twin = NewAccount { id: world.cx.new_id(), ..purse.clone() };
    let twin = world.ledger.open_account(&world.cx, twin).await;

    let differs = Refusal::AccountDiffers { account: purse.id };
    assert!(matches!(refused, Error::Refused(it) if it == differs));
    assert_eq!(code(twin), "ledger.rule-broken");
    let found = world.ledger.account(&world.cx, purse.id).await.expect("found");
    assert_eq!((found.owner, found.bounds, found.seq), (purse.owner, purse.bounds, 0));
    assert_eq!(code(world.ledger.account(&world.cx, world.cx.new_id()).await), "not-found");
}

#[tokio::test]
async fn an_account_as_of_a_moment_counts_what_was_effective_by_then() {
    let world = World::new().await;
    let [till, sales, _] = shop(&world).await;
    for (date, sum) in [("2029-03-01", 7), ("2029-01-01", 5), ("2029-02-01", 11)] {
        let legs = vec![Leg::debit(till, amount(sum)), Leg::credit(sales, amount(sum))];
        let effective_at = Some(crate::world::noon(date));
        let sale = NewTransaction { effective_at, ..transaction(&world, legs) };
        world.ledger.post(&world.cx, sale).await.expect("posted");
    }

    let mut seen = Vec::new();
    for at in ["2028-12-31", "2029-01-01", "2029-02-01", "2029-02-28", "2029-03-01"].map(end) {
        let it = world.ledger.account_as_of(&world.cx, sales, at).await.expect("reckoned");
        assert_eq!((it.debit, it.expired, it.held), (amount(0), amount(0), amount(0)));
        seen.push(it.balance().expect("a balance").minor());
    }
    let morning = "2029-02-01T11:59:59Z".parse().expect("a moment");
    let noon = crate::world::noon("2029-02-01");
    for at in [morning, noon] {
        let it = world.ledger.account_as_of(&world.cx, sales, at).await.expect("reckoned");
        seen.push(it.balance().expect("a balance").minor());
    }

    assert_eq!(seen, [0, 5, 16, 16, 23, 5, 16]);
}
