//! Two tenants: what one has, the other does not find, under the same identifiers.

use socle_books::{Bounds, Capture, Leg, Memo, read::Span};
use socle_kernel::Cx;
use socle_ledger::{Adjustment, NewTransaction, Programme};
use socle_testkit::elsewhere;

use crate::{
    accounts::dollars,
    world::{ALICE, World, amount, balance, code, customer, day, end, noon, rules},
};

/// Everything of the tenant here that another might change.
async fn standing(world: &World) -> Vec<String> {
    let cx = &world.cx;
    let trial = world.ledger.trial_balance(cx, day("2030-01-01")).await.expect("a balance");
    let journal = world.ledger.journal(cx, 0, 500).await.expect("the journal");
    let rows = "select (sum(refunded) + count(*))::int8 from socle_ledger.purchase";
    let (held, rows) = (world.balance_at(ALICE, cx.now).await, world.database.number(rows).await);
    vec![format!("{trial:?}"), format!("{journal:?}"), format!("{held:?} {rows}")]
}

#[tokio::test]
async fn another_tenant_s_programme_gives_takes_and_tells_nothing() {
    let (world, alice) = (World::new().await, customer(ALICE));
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let there = elsewhere(&world.cx);
    let (ledger, foreign) = (&world.ledger, &world.programme);
    let before = standing(&world).await;

    for sum in ["5.00", "0.10"] {
        let purchase = world.purchase(ALICE, "2029-06-15", sum);
        assert_eq!(code(ledger.earn(&there, foreign, purchase).await), "not-found");
    }
    let spending = world.spending(ALICE, 5);
    let preview = ledger.preview_burn(&there, foreign, spending.clone()).await;
    assert_eq!(code(preview), "ledger.account-unknown");
    assert_eq!(code(ledger.burn(&there, foreign, spending).await), "ledger.account-unknown");
    let (id, points, reason) = (world.cx.new_id(), amount(5), "a gift".to_owned());
    let gift = Adjustment { id, customer: alice.clone(), points, reason };
    assert_eq!(code(ledger.adjust(&there, foreign, gift).await), "ledger.account-unknown");
    let closed = ledger.close_customer(&there, foreign, &alice, Memo::default()).await;
    assert_eq!(code(closed), "ledger.account-unknown");
    assert_eq!(code(ledger.programme(&there, foreign.id).await), "not-found");

    tells_nothing(&world, &there, foreign).await;
    assert_eq!(standing(&world).await, before);
    let theirs = format!("tenant_id = '{}'", there.tenant.uuid());
    for table in ["account", "transfer", "purchase", "outbox", "programme"] {
        let count = format!("select count(*) from socle_ledger.{table} where {theirs}");
        assert_eq!(world.database.number(&count).await, 0, "{table}");
    }
}

async fn tells_nothing(world: &World, there: &Cx, foreign: &Programme) {
    let (ledger, alice) = (&world.ledger, &customer(ALICE));
    let seen = ledger.balance(there, foreign, alice, there.now).await.expect("a balance");
    assert_eq!(seen, balance([0, 0, 0, 0, 0]));
    let span = Span { after: (noon("1990-01-01"), 0), until: end("2030-01-01") };
    assert_eq!(ledger.statement(there, foreign, alice, span).await.expect("none"), []);
    assert_eq!(ledger.open_lots(there, foreign, alice, there.now).await.expect("none"), []);
    assert_eq!(ledger.expiring(there, foreign, 365).await.expect("none"), []);
    assert_eq!(ledger.expire_due(&there.at(end("2035-01-01"))).await.expect("none"), 0);
    assert_eq!(ledger.trial_balance(there, day("2030-01-01")).await.expect("none"), []);
    let (from, until) = (day("2029-06-15"), day("2029-06-16"));
    let owed = ledger.liability(there, foreign, from, until).await.expect("days");
    assert!(owed.iter().all(|it| it.points.is_zero() && it.earned.is_zero()), "{owed:?}");
    assert_eq!(ledger.programmes(there).await.expect("none"), []);
    assert_eq!(ledger.journal(there, 0, 500).await.expect("none"), []);
}

#[tokio::test]
async fn another_tenant_s_identifiers_are_answered_like_those_that_nobody_has() {
    let world = World::new().await;
    let bought = world.bought(ALICE, "2029-06-15", "30.00").await;
    let hold = world.hold(ALICE, 5, 7).await.expect("held");
    let (points, there) = (world.customers(ALICE).points.id, elsewhere(&world.cx));
    let (ledger, cx) = (&world.ledger, &world.cx);
    let before = standing(&world).await;
    let capture = |hold| Capture { id: cx.new_id(), hold, amount: None, memo: Memo::default() };

    for (purchase, transfer, hold, account) in [
        (bought.id, bought.transaction(), hold, points),
        (cx.new_id(), cx.new_id(), cx.new_id(), cx.new_id()),
    ] {
        assert_eq!(code(ledger.purchase(&there, purchase).await), "not-found");
        let refund = world.refund_of(purchase, "1.00");
        assert_eq!(code(ledger.refund(&there, refund).await), "not-found");
        assert_eq!(code(ledger.transaction(&there, transfer).await), "not-found");
        let reversed = world.reverse(&there, transfer).await;
        assert_eq!(code(reversed), "ledger.transaction-unknown");
        assert_eq!(code(ledger.find_hold(&there, hold).await), "not-found");
        assert_eq!(code(ledger.void(&there, hold).await), "ledger.hold-unknown");
        let captured = ledger.capture(&there, capture(hold)).await;
        assert_eq!(code(captured), "ledger.hold-unknown");
        assert_eq!(code(ledger.account(&there, account).await), "not-found");
        assert_eq!(code(ledger.close_account(&there, account).await), "ledger.account-unknown");
        assert_eq!(ledger.entries(&there, account, 0, 10).await.expect("none"), []);
        let as_of = ledger.account_as_of(&there, account, cx.now).await.expect("nothing");
        assert_eq!(as_of.balance().expect("a balance"), amount(0));
        let new = socle_books::NewHold { account, ..world.new_hold(ALICE, 5, 7) };
        assert_eq!(code(ledger.hold(&there, new).await), "ledger.account-unknown");
        let legs = vec![
            Leg::debit(account, amount(1)),
            Leg::credit(world.system().settlement.id, amount(1)),
        ];
        let (id, kind, memo) = (cx.new_id(), "theft".to_owned(), Memo::default());
        let theft = NewTransaction { id, kind, effective_at: None, legs, memo };
        let posted = ledger.post(&there, theft.clone()).await;
        assert_eq!(code(posted), "ledger.account-unknown");
        let mut all = ledger.post_all(&there, vec![theft]).await.expect("a batch");
        assert_eq!(code(all.remove(0)), "ledger.account-unknown");
    }

    assert_eq!(standing(&world).await, before);
}

#[tokio::test]
async fn two_tenants_may_use_the_same_names_and_identifiers() {
    let world = World::new().await;
    let there = elsewhere(&world.cx);
    let theirs = world.ledger.define_programme(&there, rules("Points")).await.expect("made");
    let purchase = world.purchase(ALICE, "2029-06-15", "30.00");
    let purse = dollars("purse", Bounds::NONE);

    world.earn(purchase.clone()).await.expect("points are given");
    world.ledger.earn(&there, &theirs, purchase.clone()).await.expect("points are given");
    world.ledger.open_account(&world.cx, purse.clone()).await.expect("opened");
    world.ledger.open_account(&there, purse.clone()).await.expect("opened");
    world.reverse(&there, purchase.transaction()).await.expect("reversed");

    assert_eq!(world.available(ALICE).await, 30);
    let alice = customer(ALICE);
    let seen = world.ledger.balance(&there, &theirs, &alice, there.now).await.expect("a balance");
    assert_eq!(seen.available, amount(0));
    let ours = world.ledger.transaction(&world.cx, purchase.transaction()).await.expect("found");
    let other = world.ledger.transaction(&there, purchase.transaction()).await.expect("found");
    assert_eq!((ours.number, other.number), (1, 1));
    assert_ne!(ours.legs, other.legs);
    let found = world.ledger.search(&there, ("shop", "north"), 0, 10).await;
    assert_eq!(found.expect("none"), []);
}
