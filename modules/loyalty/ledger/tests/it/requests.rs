//! Requests with an idempotency key: each use case takes effect once under it, and a repetition is
//! told the same to the letter.

use socle_books::{Bounds, Capture, Key, Leg, Memo, Receipt};
use socle_kernel::{Classify, Cx, HoldId, TransferId};
use socle_ledger::{Adjustment, Error, Ledger};

use crate::{
    accounts::{dollars, transaction},
    world::{ALICE, World, amount, code, customer, noon, rules},
};

fn key(name: &str) -> Key {
    Key::of_request("key_1/post /anything", name, &"the same body")
}

/// Another request of the same caller, a while later.
fn later(cx: &Cx) -> Cx {
    let id: TransferId = cx.new_id();
    let mut later = cx.at(noon("2030-01-02"));
    later.correlation = id.uuid();
    later
}

/// Asks twice under one key: the second time another identifier, because the edge draws them.
async fn twice(
    world: &World,
    name: &str,
    ask: impl AsyncFn(&Ledger, &Cx) -> Result<Receipt, Error>,
) -> Receipt {
    let ledger = world.ledger.under(key(name));
    let first = ask(&ledger, &world.cx).await.unwrap_or_else(|it| panic!("{name}: {it}"));
    let count = world.transactions().await;

    let again = ask(&ledger, &later(&world.cx)).await.unwrap_or_else(|it| panic!("{name}: {it}"));

    assert_eq!((first.replay_of, again.replay_of), (None, Some(world.cx.correlation)), "{name}");
    assert_eq!(again.posted, first.posted, "{name}");
    assert_eq!(world.transactions().await, count, "{name}");
    first
}

#[tokio::test]
async fn every_use_case_takes_effect_once_under_its_request_s_key() {
    let world = World::new().await;
    let (programme, alice) = (&world.programme, customer(ALICE));
    let purchase = world.purchase(ALICE, "2029-06-15", "100.00");
    let earn = async |ledger: &Ledger, cx: &Cx| ledger.earn(cx, programme, purchase.clone()).await;
    assert_eq!(twice(&world, "earn", earn).await.posted.len(), 1);

    let nothing = world.purchase(ALICE, "2029-06-15", "0.10");
    let earn = async |ledger: &Ledger, cx: &Cx| ledger.earn(cx, programme, nothing.clone()).await;
    assert_eq!(twice(&world, "earn nothing", earn).await.posted.len(), 0);

    let burn = async |ledger: &Ledger, cx: &Cx| {
        ledger.burn(cx, programme, world.spending(ALICE, 10)).await
    };
    let spent = twice(&world, "burn", burn).await;

    let adjust = async |ledger: &Ledger, cx: &Cx| {
        let (id, customer, points) = (cx.new_id(), alice.clone(), amount(5));
        let reason = "a gift".to_owned();
        ledger.adjust(cx, programme, Adjustment { id, customer, points, reason }).await
    };
    twice(&world, "adjust", adjust).await;

    let of = spent.posted[0].id;
    let reverse = async |ledger: &Ledger, cx: &Cx| ledger.reverse(cx, of, Memo::default()).await;
    twice(&world, "reverse", reverse).await;

    let other = world.bought(ALICE, "2029-07-15", "8.00").await.transaction();
    let reverse = async |ledger: &Ledger, cx: &Cx| ledger.reverse(cx, other, Memo::default()).await;
    twice(&world, "reverse a purchase", reverse).await;

    let refund = async |ledger: &Ledger, cx: &Cx| {
        ledger.refund(cx, world.refund_of(purchase.id, "60.00")).await
    };
    assert_eq!(twice(&world, "refund", refund).await.posted.len(), 1);
    assert_eq!(world.available(ALICE).await, 45);

    let cents = async |ledger: &Ledger, cx: &Cx| {
        ledger.refund(cx, world.refund_of(nothing.id, "0.10")).await
    };
    assert_eq!(twice(&world, "refund nothing", cents).await.posted.len(), 0);
}

#[tokio::test]
async fn so_do_holds_closings_and_transactions_of_a_caller_s_own() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "100.00").await;
    let (programme, alice) = (&world.programme, customer(ALICE));

    let holds: [HoldId; 2] = [world.cx.new_id(), world.cx.new_id()];
    for (id, name) in holds.into_iter().zip(["hold one", "hold two"]) {
        let hold = async |ledger: &Ledger, cx: &Cx| {
            ledger.hold(cx, socle_books::NewHold { id, ..world.new_hold(ALICE, 20, 7) }).await
        };
        twice(&world, name, hold).await;
    }
    let capture = async |ledger: &Ledger, cx: &Cx| {
        let (id, hold, amount, memo) = (cx.new_id(), holds[0], Some(amount(5)), Memo::default());
        ledger.capture(cx, Capture { id, hold, amount, memo }).await
    };
    assert_eq!(twice(&world, "capture", capture).await.posted.len(), 1);
    for (id, name) in holds.into_iter().zip(["void one", "void two"]) {
        twice(&world, name, async |ledger: &Ledger, cx: &Cx| ledger.void(cx, id).await).await;
    }

    let [till, sales] = ["till", "sales"].map(|it| dollars(it, Bounds::NONE));
    let till = world.ledger.open_account(&world.cx, till).await.expect("opened").id;
    let sales = world.ledger.open_account(&world.cx, sales).await.expect("opened").id;
    let post = async |ledger: &Ledger, cx: &Cx| {
        let legs = vec![Leg::debit(till, amount(7)), Leg::credit(sales, amount(7))];
        ledger.post(cx, transaction(&world, legs)).await
    };
    let sale = twice(&world, "post", post).await.posted[0].id;
    world.reverse(&world.cx, sale).await.expect("reversed");
    twice(&world, "close", async |ledger: &Ledger, cx: &Cx| ledger.close_account(cx, till).await)
        .await;

    let close = async |ledger: &Ledger, cx: &Cx| {
        ledger.close_customer(cx, programme, &alice, Memo::default()).await
    };
    assert_eq!(twice(&world, "close customer", close).await.posted.len(), 1);
}

#[tokio::test]
async fn a_batch_under_a_key_is_told_again_part_by_part() {
    let world = World::new().await;
    let [till, purse] = [("till", Bounds::NONE), ("purse", Bounds::NOT_NEGATIVE)];
    let till = dollars(till.0, till.1);
    let till = world.ledger.open_account(&world.cx, till).await.expect("opened").id;
    let purse = dollars(purse.0, purse.1);
    let purse = world.ledger.open_account(&world.cx, purse).await.expect("opened").id;
    let moving = |from, to, sum| {
        transaction(&world, vec![Leg::debit(from, amount(sum)), Leg::credit(to, amount(sum))])
    };
    let all = || {
        let mut all = vec![moving(till, purse, 5), moving(purse, till, 6), moving(till, purse, 7)];
        all[2].kind = "earn".to_owned();
        all
    };
    let ledger = world.ledger.under(key("batch"));
    let first = ledger.post_all(&world.cx, all()).await.expect("a batch");

    let again = ledger.post_all(&later(&world.cx), all()).await.expect("a batch");

    let told = |outcomes: &[Result<Receipt, Error>]| -> Vec<_> {
        let each = outcomes.iter().map(|it| match it {
            Ok(receipt) => Ok(receipt.posted.clone()),
            Err(error) => Err(error.class().1),
        });
        each.collect()
    };
    assert_eq!(told(&first)[1..], [Err("ledger.insufficient"), Err("ledger.kind-reserved")]);
    assert_eq!(told(&again), told(&first));
    assert_eq!(again[1].as_ref().expect_err("refused").replay_of(), Some(world.cx.correlation));
    assert_eq!(world.transactions().await, 1);
}

#[tokio::test]
async fn a_programme_is_defined_once_under_a_key_and_found_again_by_it() {
    let world = World::new().await;
    let ledger = world.ledger.under(key("define"));
    let first = ledger.define_programme(&world.cx, rules("Miles")).await.expect("defined");

    let again = ledger.define_programme(&later(&world.cx), rules("Miles")).await;
    let reused = Key::of_request("key_1/post /anything", "define", &"another body");
    let other = world.ledger.under(reused).define_programme(&world.cx, rules("Stars")).await;
    let taken = world.ledger.under(key("other")).define_programme(&world.cx, rules("Miles")).await;

    assert_eq!(again.expect("a replay"), first);
    assert_eq!(code(other), "ledger.key-reused");
    assert_eq!(code(taken), "ledger.programme-name-taken");
    assert_eq!(world.ledger.programmes(&world.cx).await.expect("programmes").len(), 2);
}

#[tokio::test]
async fn a_refusal_told_again_names_the_request_that_was_refused_first() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "10.00").await;
    let ledger = world.ledger.under(key("burn"));
    let burn = async |cx: &Cx| {
        let spending = world.spending(ALICE, 11);
        ledger.burn(cx, &world.programme, spending).await.expect_err("refused")
    };
    let first = burn(&world.cx).await;
    world.bought(ALICE, "2029-06-16", "10.00").await;

    let again = burn(&later(&world.cx)).await;

    assert_eq!((first.replay_of(), again.replay_of()), (None, Some(world.cx.correlation)));
    assert_eq!((again.class(), again.to_string()), (first.class(), first.to_string()));
    assert_eq!(world.available(ALICE).await, 20);
}

#[tokio::test]
async fn a_purchase_told_by_another_request_is_answered_as_the_first_time() {
    let world = World::new().await;
    let purchase = world.bought(ALICE, "2029-06-15", "29.33").await;
    let ledger = world.ledger.under(key("earn"));

    let told = ledger.earn(&later(&world.cx), &world.programme, purchase.clone()).await;
    let told = told.expect("the purchase is known");
    // The request alone is known now too, whatever purchase it names.
    let another = world.purchase(ALICE, "2029-06-15", "29.33");
    let again = ledger.earn(&later(&world.cx), &world.programme, another).await.expect("known");

    assert_eq!((told.replay_of, again.replay_of), (Some(world.cx.correlation), told.replay_of));
    assert_eq!((told.posted.len(), &again.posted), (1, &told.posted));
    assert_eq!((world.transactions().await, world.available(ALICE).await), (1, 29));
}

#[tokio::test]
async fn a_refund_that_is_refused_is_decided_again_and_one_that_took_effect_is_not() {
    let world = World::new().await;
    let purchase = world.bought(ALICE, "2029-06-15", "20.00").await;
    let ledger = world.ledger.under(key("refund"));
    let refund = world.refund_of(purchase.id, "20.00");
    world.refund(purchase.id, "1.00").await.expect("refunded");
    let refused = ledger.refund(&world.cx, refund.clone()).await.expect_err("too much");
    assert_eq!((refused.class().1, refused.replay_of()), ("ledger.refund-too-large", None));

    let rest = world.refund_of(purchase.id, "19.00");
    let first = ledger.refund(&world.cx, rest.clone()).await.expect("the rest");
    let by_key = ledger.refund(&later(&world.cx), refund).await.expect("a replay");
    let by_id = world.ledger.refund(&later(&world.cx), rest).await.expect("a replay");

    assert_eq!((&by_key.posted, &by_id.posted), (&first.posted, &first.posted));
    assert_eq!(by_key.replay_of, Some(world.cx.correlation));
    assert_eq!(world.available(ALICE).await, 0);
}

#[tokio::test]
async fn a_request_is_forgotten_after_a_day_and_a_purchase_never() {
    let world = World::new().await;
    let purchase = world.purchase(ALICE, "2029-06-15", "29.33");
    let ledger = world.ledger.under(key("earn"));
    let earn = async || ledger.earn(&world.cx, &world.programme, purchase.clone()).await;
    earn().await.expect("points are given");
    let spending = world.spending(ALICE, 3);
    let burn = async || {
        let ledger = world.ledger.under(key("burn"));
        ledger.burn(&world.cx, &world.programme, spending.clone()).await.expect("spent")
    };
    let spent = burn().await;

    assert_eq!(world.ledger.forget_keys(noon("2030-01-01")).await.expect("none is due"), 0);
    assert_eq!(world.ledger.forget_keys(noon("2030-01-02")).await.expect("two are due"), 2);

    assert!(earn().await.expect("the purchase is known").is_replay());
    let again = burn().await;
    assert_eq!(
        (again.is_replay(), &again.posted),
        (false, &spent.posted),
        "its identifier is known"
    );
    assert_eq!((world.transactions().await, world.available(ALICE).await), (2, 26));
}

#[tokio::test]
async fn a_programme_whose_request_was_forgotten_is_there_and_says_so() {
    let world = World::new().await;
    let ledger = world.ledger.under(key("define"));
    ledger.define_programme(&world.cx, rules("Miles")).await.expect("defined");
    world.ledger.forget_keys(noon("2030-01-02")).await.expect("forgotten");

    let again = ledger.define_programme(&later(&world.cx), rules("Miles")).await;

    assert!(matches!(again, Err(Error::ProgrammeNameTaken)), "{again:?}");
}
