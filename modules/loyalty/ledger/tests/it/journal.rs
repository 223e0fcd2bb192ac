//! The journal, the entries of an account, and what is found by its metadata.

use socle_books::{Memo, read::Span};
use socle_kernel::Timestamp;
use socle_ledger::NewPurchase;

use crate::world::{ALICE, BOB, World, code, customer, end, noon};

#[tokio::test]
async fn the_journal_has_no_gap_and_follows_page_by_page() {
    let world = World::new().await;
    let elsewhere = socle_testkit::elsewhere(&world.cx);
    let there = world.ledger.define_programme(&elsewhere, crate::world::rules("Points")).await;
    let there = there.expect("a programme");
    for place in 0..7 {
        world.bought(ALICE, "2029-06-15", "10.00").await;
        assert_eq!(code(world.burn(&world.cx, BOB, 5).await), "ledger.account-unknown");
        let other = world.purchase(ALICE, "2029-06-15", "10.00");
        if place % 2 == 0 {
            world.ledger.earn(&elsewhere, &there, other).await.expect("points are given");
        }
    }

    let mut pages = Vec::new();
    let mut after = 0;
    loop {
        let page = world.ledger.journal(&world.cx, after, 3).await.expect("a page");
        let Some(last) = page.last() else { break };
        after = last.number;
        pages.push(page.iter().map(|it| it.number).collect::<Vec<_>>());
    }

    assert_eq!(pages, [vec![1, 2, 3], vec![4, 5, 6], vec![7]]);
    let theirs = world.ledger.journal(&elsewhere, 0, 500).await.expect("a page");
    let theirs: Vec<_> = theirs.iter().map(|it| it.number).collect();
    assert_eq!(theirs, [1, 2, 3, 4]);
}

#[tokio::test]
async fn entries_run_in_the_order_of_recording_with_the_balance_after_each() {
    let world = World::new().await;
    world.bought(ALICE, "2029-08-15", "20.00").await;
    world.burn(&world.cx, ALICE, 5).await.expect("spent");
    world.bought(ALICE, "2029-06-15", "10.00").await;
    let account = world.customers(ALICE).points.id;
    let page = async |after, limit| {
        let page = world.ledger.entries(&world.cx, account, after, limit).await.expect("a page");
        page.into_iter()
            .map(|it| (it.seq, it.kind, it.amount.minor(), it.balance.minor()))
            .collect::<Vec<_>>()
    };

    let (first, second, end) = (page(0, 2).await, page(2, 2).await, page(3, 2).await);

    let row = |seq, kind: &str, amount, balance| (seq, kind.to_owned(), amount, balance);
    assert_eq!(first, [row(1, "earn", 20, 20), row(2, "burn", -5, 15)]);
    assert_eq!(second, [row(3, "earn", 10, 25)]);
    assert_eq!(end, []);
}

#[tokio::test]
async fn a_statement_runs_in_the_order_in_which_entries_count() {
    let world = World::new().await;
    for (date, sum) in [("2029-08-15", "20.00"), ("2029-06-15", "10.00"), ("2029-08-15", "7.00")] {
        world.bought(ALICE, date, sum).await;
    }
    let statement = async |after: (Timestamp, i64), until| {
        let (cx, alice, span) = (&world.cx, customer(ALICE), Span { after, until });
        let rows = world.ledger.statement(cx, &world.programme, &alice, span).await;
        let rows = rows.expect("a statement").into_iter();
        rows.map(|it| (it.seq, it.amount.minor())).collect::<Vec<_>>()
    };
    let start = noon("2029-01-01");

    assert_eq!(statement((start, 0), end("2029-12-31")).await, [(2, 10), (1, 20), (3, 7)]);
    assert_eq!(statement((start, 0), end("2029-08-14")).await, [(2, 10)]);
    let seen = crate::world::day("2029-08-15").start();
    assert_eq!(statement((seen, 1), end("2029-12-31")).await, [(3, 7)]);
    assert_eq!(statement((seen, 3), end("2029-12-31")).await, []);
}

#[tokio::test]
async fn transactions_are_found_by_what_was_noted_with_them() {
    let world = World::new().await;
    let mut noted = Vec::new();
    for (shop, till) in [("north", "1"), ("south", "1"), ("north", "2"), ("north", "3")] {
        let metadata = [("shop", shop), ("till", till)];
        let metadata = metadata.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        let memo = Memo { reason: None, metadata };
        let purchase = NewPurchase { memo, ..world.purchase(ALICE, "2029-06-15", "10.00") };
        noted.push(purchase.transaction());
        world.earn(purchase).await.expect("points are given");
    }
    let search = async |key, value, after, limit| {
        let found = world.ledger.search(&world.cx, (key, value), after, limit).await;
        let found = found.expect("a page").into_iter();
        found.map(|it| (it.number, it.id)).collect::<Vec<_>>()
    };

    let first = search("shop", "north", 0, 2).await;
    let second = search("shop", "north", 3, 2).await;

    assert_eq!(first, [(1, noted[0]), (3, noted[2])], "in the order of the journal");
    assert_eq!(second, [(4, noted[3])]);
    assert_eq!(search("shop", "south", 0, 2).await, [(2, noted[1])]);
    assert_eq!(search("till", "north", 0, 2).await, []);
    assert_eq!(search("shop", "nort", 0, 2).await, []);
    let whole = world.ledger.search(&world.cx, ("till", "3"), 0, 2).await.expect("a page");
    let expected = world.ledger.transaction(&world.cx, noted[3]).await.expect("found");
    assert_eq!(whole, [expected]);
}
