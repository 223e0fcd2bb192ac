//! Accounts of any kind, beside the programmes' own.

use socle_books::{Bounds, Leg, Memo, NewHold, Refusal, Side, read::Filter};
use socle_kernel::AccountId;
use socle_ledger::{Error, NewTransaction, Opening};

use crate::world::{ALICE, World, amount, code, end, legs, only};

/// An account in dollars.
pub(crate) fn dollars(owner: &str, bounds: Bounds) -> Opening {
    Opening {
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
    let accounts = ["till", "sales", "taxes"].map(|it| dollars(it, Bounds::NONE));
    for it in accounts.clone() {
        world.ledger.open_account(&world.cx, it).await.expect("opened");
    }
    accounts.map(|it| it.id(world.cx.tenant))
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
    let bounded = dollars("purse", Bounds { ceiling: Some(amount(9)), ..Bounds::NONE });
    let bounded = world.ledger.open_account(&world.cx, bounded).await.expect("opened");
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
    let purse = dollars("purse", Bounds::NONE);
    let opened = world.ledger.open_account(&world.cx, purse.clone()).await.expect("opened");

    let again = world.ledger.open_account(&world.cx, purse.clone()).await.expect("open already");
    let other = Opening { bounds: Bounds::NOT_NEGATIVE, ..purse.clone() };
    let refused = world.ledger.open_account(&world.cx, other).await.expect_err("refused");

    assert_eq!((&again, opened.id), (&opened, purse.id(world.cx.tenant)));
    let differs = Refusal::AccountDiffers { account: opened.id };
    assert!(matches!(refused, Error::Refused(it) if it.refusal == differs));
    let found = world.ledger.account(&world.cx, opened.id).await.expect("found");
    assert_eq!((found.owner, found.bounds, found.seq), (purse.owner, purse.bounds, 0));
    assert_eq!(code(world.ledger.account(&world.cx, world.cx.new_id()).await), "not-found");
}

#[tokio::test]
async fn the_ledger_s_own_accounts_and_transactions_are_not_a_caller_s_to_make() {
    let world = World::new().await;
    let [till, sales, _] = shop(&world).await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let before = world.transactions().await;

    for owner in ["customer:demo-alice", "customer:", "programme:prog_1"] {
        let opened = world.ledger.open_account(&world.cx, dollars(owner, Bounds::NONE)).await;
        assert_eq!(code(opened), "ledger.owner-reserved");
    }
    for kind in ["earn", "burn", "adjust", "refund", "reverse", "close", "expire"] {
        let legs = vec![Leg::debit(till, amount(1)), Leg::credit(sales, amount(1))];
        let sale = NewTransaction { kind: kind.to_owned(), ..transaction(&world, legs) };
        assert_eq!(code(world.ledger.post(&world.cx, sale.clone()).await), "ledger.kind-reserved");
        let mut all = world.ledger.post_all(&world.cx, vec![sale]).await.expect("a batch");
        assert_eq!(code(all.remove(0)), "ledger.kind-reserved");
        let new = NewHold { kind: kind.to_owned(), ..world.new_hold(ALICE, 1, 7) };
        let held = world.ledger.hold(&world.cx, new).await;
        assert_eq!(held.is_ok(), kind == "burn", "what is held may be spent: {held:?}");
    }

    world.ledger.open_account(&world.cx, dollars("customers:1", Bounds::NONE)).await.expect("ok");
    assert_eq!(world.transactions().await, before);
}

#[tokio::test]
async fn accounts_are_listed_page_by_page_and_by_owner() {
    let world = World::new().await;
    let mut own = shop(&world).await.to_vec();
    let purse =
        Opening { purpose: "purse".parse().expect("a purpose"), ..dollars("till", Bounds::NONE) };
    own.push(world.ledger.open_account(&world.cx, purse).await.expect("opened").id);
    let list = async |filter: Filter<'_>, after, limit| {
        let page = world.ledger.accounts(&world.cx, filter, after, limit).await.expect("a page");
        page.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };

    let mut all = Vec::new();
    loop {
        let page = list(Filter::default(), all.last().copied(), 3).await;
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 3);
        all.extend(page);
    }

    assert_eq!(all.len(), 4 + 4, "the programme has accounts too");
    assert!(all.is_sorted() && own.iter().all(|it| all.contains(it)));
    let till = "till".parse().expect("an owner");
    let of_till = Filter { owner: Some(&till) };
    let mut tills = vec![own[0], own[3]];
    tills.sort();
    assert_eq!(list(of_till, None, 10).await, tills);
    assert_eq!(list(of_till, Some(tills[0]), 10).await, tills[1..]);
    let there = socle_testkit::elsewhere(&world.cx);
    let theirs = world.ledger.accounts(&there, Filter::default(), None, 10).await;
    assert_eq!(theirs.expect("none"), []);
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
