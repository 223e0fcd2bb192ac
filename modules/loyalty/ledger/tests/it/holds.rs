//! Points set aside for a purchase that may follow.

use socle_books::{Capture, HoldState, Memo, NewHold};
use socle_kernel::{Cx, HoldId};

use crate::world::{ALICE, World, amount, balance, code, legs, only};

fn capture(cx: &Cx, hold: HoldId, points: Option<i32>) -> Capture {
    Capture { id: cx.new_id(), hold, amount: points.map(amount), memo: Memo::default() }
}

#[tokio::test]
async fn what_is_held_cannot_be_spent_until_it_is_let_go() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;

    let hold = world.hold(ALICE, 20, 7).await.expect("held");

    assert_eq!(world.balance_at(ALICE, world.cx.now).await, balance([30, 0, 0, 20, 10]));
    assert_eq!(code(world.burn(&world.cx, ALICE, 11).await), "ledger.insufficient");
    let found = world.ledger.find_hold(&world.cx, hold).await.expect("found");
    assert_eq!(
        (found.state, found.amount, found.left()),
        (HoldState::Open, amount(20), amount(20))
    );
    world.ledger.void(&world.cx, hold).await.expect("let go");
    world.ledger.void(&world.cx, hold).await.expect("let go already");
    assert_eq!(world.balance_at(ALICE, world.cx.now).await, balance([30, 0, 0, 0, 30]));
    let found = world.ledger.find_hold(&world.cx, hold).await.expect("found");
    assert_eq!((found.state, found.left()), (HoldState::Voided, amount(0)));
    assert_eq!(world.transactions().await, 1);
}

#[tokio::test]
async fn a_hold_is_captured_in_parts_and_then_in_full() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let hold = world.hold(ALICE, 20, 7).await.expect("held");
    let (cx, ledger) = (&world.cx, &world.ledger);

    let part = ledger.capture(cx, capture(cx, hold, Some(5))).await.expect("captured");
    let too_much = ledger.capture(cx, capture(cx, hold, Some(16))).await;
    let nothing = ledger.capture(cx, capture(cx, hold, Some(0))).await;
    let between = world.balance_at(ALICE, cx.now).await;
    let rest = capture(cx, hold, None);
    let done = ledger.capture(cx, rest.clone()).await.expect("captured");
    let again = ledger.capture(cx, rest).await.expect("a replay");
    let ended = ledger.capture(cx, capture(cx, hold, None)).await;

    let (points, settlement) = (world.customers(ALICE).points.id, world.system().settlement.id);
    assert_eq!(legs(only(&part)), [(points, -5, 25), (settlement, 5, 5)]);
    assert_eq!((only(&part).hold, only(&part).kind.as_str()), (Some(hold), "burn"));
    assert_eq!([code(too_much), code(nothing)], ["ledger.hold-exceeded", "ledger.not-positive"]);
    assert_eq!(between, balance([30, 5, 0, 15, 10]));
    assert_eq!(legs(only(&done)), [(points, -15, 10), (settlement, 15, 20)]);
    assert_eq!(again.posted, done.posted);
    assert_eq!(code(ended), "ledger.hold-ended");
    assert_eq!(world.balance_at(ALICE, cx.now).await, balance([30, 20, 0, 0, 10]));
    assert_eq!(code(ledger.void(cx, hold).await), "ledger.hold-ended");
}

#[tokio::test]
async fn the_clock_ends_a_hold_whether_or_not_anything_recorded_that() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let hold = world.hold(ALICE, 20, 7).await.expect("held");
    let later = world.on("2030-01-08");

    assert_eq!(world.balance_at(ALICE, later.now).await, balance([30, 0, 0, 0, 30]));
    let late = world.ledger.capture(&later, capture(&later, hold, None)).await;
    let found = world.ledger.find_hold(&later, hold).await.expect("found");
    let spent = world.burn(&later, ALICE, 30).await.expect("spent");

    assert_eq!(code(late), "ledger.hold-ended");
    assert_eq!(found.state_at(later.now), HoldState::Expired);
    assert_eq!(only(&spent).legs[0].balance, amount(0));
    let found = world.ledger.find_hold(&later, hold).await.expect("found");
    assert_eq!(found.state, HoldState::Expired);
}

#[tokio::test]
async fn the_same_hold_told_again_holds_once_and_another_is_refused() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let new = world.new_hold(ALICE, 20, 7);
    world.ledger.hold(&world.cx, new.clone()).await.expect("held");

    world.ledger.hold(&world.cx, new.clone()).await.expect("held already");
    let other = world.ledger.hold(&world.cx, NewHold { amount: amount(5), ..new }).await;

    assert_eq!(code(other), "ledger.id-reused");
    assert_eq!(world.balance_at(ALICE, world.cx.now).await, balance([30, 0, 0, 20, 10]));
}

#[tokio::test]
async fn a_hold_that_cannot_be_is_refused() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let issuance = world.system().issuance.id;
    let unknown = world.new_hold("demo-nobody", 5, 7);
    let same = NewHold { counter: world.customers(ALICE).points.id, ..world.new_hold(ALICE, 5, 7) };
    let hold = async |new: NewHold| world.ledger.hold(&world.cx, new).await;

    assert_eq!(code(world.hold(ALICE, 31, 7).await), "ledger.insufficient");
    assert_eq!(code(world.hold(ALICE, 0, 7).await), "ledger.not-positive");
    assert_eq!(code(world.hold(ALICE, 5, 0).await), "ledger.expires-too-soon");
    assert_eq!(code(hold(unknown).await), "ledger.account-unknown");
    assert_eq!(code(hold(same).await), "ledger.assets-differ");
    let nobody = world.cx.new_id();
    assert_eq!(code(world.ledger.find_hold(&world.cx, nobody).await), "not-found");
    assert_eq!(code(world.ledger.void(&world.cx, nobody).await), "ledger.hold-unknown");
    let missing = world.ledger.capture(&world.cx, capture(&world.cx, nobody, None)).await;
    assert_eq!(code(missing), "ledger.hold-unknown");

    assert_eq!(world.available(ALICE).await, 30);
    assert_eq!(world.held_by(issuance).await, -30);
    assert_eq!(world.database.number("select count(*) from socle_ledger.hold").await, 0);
}

#[tokio::test]
async fn held_points_outlive_their_expiry_until_the_hold_ends() {
    let world = World::new().await;
    world.bought(ALICE, "2029-01-03", "30.00").await;
    let hold = world.hold(ALICE, 20, 30).await.expect("held");
    let (between, after) = (world.on("2030-01-10"), world.on("2030-02-10"));

    assert_eq!(world.ledger.expire_due(&between).await.expect("recorded"), 1);
    assert_eq!(world.balance_at(ALICE, between.now).await, balance([30, 0, 10, 20, 0]));
    let taken = world.ledger.capture(&between, capture(&between, hold, Some(5))).await;

    assert_eq!(only(&taken.expect("captured")).legs[0].balance, amount(15));
    let lapsed = balance([30, 5, 25, 0, 0]);
    assert_eq!(world.balance_at(ALICE, after.now).await, lapsed);
    assert_eq!(world.ledger.expire_due(&after).await.expect("recorded"), 1);
    assert_eq!(world.ledger.expire_due(&after).await.expect("nothing to record"), 0);
    assert_eq!(world.balance_at(ALICE, after.now).await, lapsed);
    assert_eq!(world.held_by(world.customers(ALICE).points.id).await, 0);
    assert_eq!(world.held_by(world.system().breakage.id).await, 25);
}
