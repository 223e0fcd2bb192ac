//! Many transactions at once, and one under a key.

use socle_books::{Bounds, Key, Leg};
use socle_kernel::AccountId;
use socle_ledger::{BATCH_MAX, NewTransaction};

use crate::{
    accounts::{dollars, transaction},
    world::{World, amount, code, only},
};

async fn pair(world: &World) -> (AccountId, AccountId) {
    let till = dollars("till", Bounds::NONE);
    let purse = dollars("purse", Bounds::NOT_NEGATIVE);
    let till = world.ledger.open_account(&world.cx, till).await.expect("opened");
    let purse = world.ledger.open_account(&world.cx, purse).await.expect("opened");
    (till.id, purse.id)
}

fn moving(world: &World, from: AccountId, to: AccountId, sum: i32) -> NewTransaction {
    transaction(world, vec![Leg::debit(from, amount(sum)), Leg::credit(to, amount(sum))])
}

#[tokio::test]
async fn eight_thousand_transactions_are_a_batch_and_one_more_is_refused() {
    let world = World::new().await;
    let (till, purse) = pair(&world).await;
    let all: Vec<_> = (0..BATCH_MAX).map(|_| moving(&world, till, purse, 2)).collect();
    let mut too_many = all.clone();
    too_many.push(moving(&world, till, purse, 2));

    assert_eq!(BATCH_MAX, 8_000);
    assert_eq!(code(world.ledger.post_all(&world.cx, too_many).await), "ledger.batch-too-large");
    assert_eq!(world.transactions().await, 0);
    let outcomes = world.ledger.post_all(&world.cx, all).await.expect("a batch");

    let numbers: Vec<_> =
        outcomes.iter().map(|it| only(it.as_ref().expect("posted")).number).collect();
    assert_eq!(numbers, (1..=8_000).collect::<Vec<_>>());
    assert_eq!((world.held_by(till).await, world.held_by(purse).await), (-16_000, 16_000));
    assert_eq!(world.database.number("select count(*) from socle_ledger.outbox").await, 8_000);
}

#[tokio::test]
async fn each_of_a_batch_has_its_own_outcome() {
    let world = World::new().await;
    let (till, purse) = pair(&world).await;
    let same = moving(&world, till, purse, 5);
    let mut poison = moving(&world, till, purse, 1);
    poison.memo.reason = Some("nul \0 inside".to_owned());
    let all = vec![
        same.clone(),
        moving(&world, purse, till, 6),
        moving(&world, purse, till, 4),
        same.clone(),
        poison,
        NewTransaction { kind: "other".to_owned(), ..same },
        moving(&world, till, purse, 9),
    ];

    let outcomes = world.ledger.post_all(&world.cx, all).await.expect("a batch");

    let outcomes: Vec<_> =
        outcomes.into_iter().map(|it| if it.is_ok() { "posted" } else { code(it) }).collect();
    let (ok, short) = ("posted", "ledger.insufficient");
    assert_eq!(outcomes, [ok, short, ok, ok, "ledger.unstorable", "ledger.id-reused", ok]);
    assert_eq!((world.held_by(purse).await, world.transactions().await), (10, 3));
}

#[tokio::test]
async fn an_empty_batch_is_none() {
    let world = World::new().await;

    let outcomes = world.ledger.post_all(&world.cx, Vec::new()).await.expect("a batch");

    assert_eq!((outcomes.len(), world.transactions().await), (0, 0));
}

#[tokio::test]
async fn a_key_gives_the_same_answer_to_the_same_request_and_refuses_another() {
    let world = World::new().await;
    let (till, purse) = pair(&world).await;
    let key = |content: &str| Key::new("alice/post", "7", &content);
    let sale = moving(&world, till, purse, 5);
    let post = async |content, it: &NewTransaction| {
        world.ledger.under(key(content)).post(&world.cx, it.clone()).await
    };
    let first = post("five", &sale).await.expect("posted");

    let again = post("five", &sale).await.expect("a replay");
    let other = post("six", &moving(&world, till, purse, 6)).await;

    assert_eq!((first.is_replay(), again.is_replay()), (false, true));
    assert_eq!(again.posted, first.posted);
    assert_eq!(code(other), "ledger.key-reused");
    assert_eq!(world.transactions().await, 1);
}

#[tokio::test]
async fn a_refusal_under_a_key_is_the_answer_ever_after() {
    let world = World::new().await;
    let (till, purse) = pair(&world).await;
    let sale = moving(&world, purse, till, 5);
    let key = Key::new("alice/post", "7", &"five back");
    let post = async || world.ledger.under(key).post(&world.cx, sale.clone()).await;

    assert_eq!(code(post().await), "ledger.insufficient");
    let filled = moving(&world, till, purse, 5);
    world.ledger.post(&world.cx, filled).await.expect("posted");

    assert_eq!(code(post().await), "ledger.insufficient");
    assert_eq!(world.held_by(purse).await, 5);
}
