//! Rows of one's own, and events: they commit with the unit, or not at all.

use serde_json::json;
use socle_books::{Bounds, Command, Key, Refusal};
use socle_kernel::{Fault, Id};
use uuid::Uuid;

use crate::{
    notes::{TransferPosted, announce, note, with, world_with_notes},
    shop::{ALICE, BANK, Shop, at},
    world::{ENTRANCES, account, open},
};

const COUNT: &str = "select count(*) from socle_shop.note where tenant_id = $1";

fn key(name: &str) -> Key {
    Key::new("notes", name, &())
}

async fn in_a_shop_with_notes(test: impl AsyncFn(&Shop<'_>)) {
    let world = world_with_notes().await;
    for (by, tenant) in ENTRANCES.into_iter().zip(1..) {
        let shop = Shop::new(&world, by, tenant);
        shop.opened().await;
        test(&shop).await;
    }
}

#[tokio::test]
async fn own_rows_commit_with_their_unit_once() {
    in_a_shop_with_notes(async |shop| {
        let unit = shop
            .unit()
            .keyed(key("one"))
            .with(Command::Post(shop.moving(BANK, ALICE, 5)))
            .with_row(note("first", 1))
            .with_row(with(json!({ "title": "second", "number": 2, "body": "with \"quotes\" é" })));

        shop.done(unit.clone()).await;
        let again = shop.done(unit).await;

        assert!(again.is_replay());
        assert_eq!(shop.number(COUNT).await, 2);
        let body = "select count(*) from socle_shop.note
                    where tenant_id = $1 and title = 'second' and body = 'with \"quotes\" é'";
        assert_eq!(shop.number(body).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_unit_may_have_rows_and_no_command() {
    in_a_shop_with_notes(async |shop| {
        let receipt = shop.done(shop.unit().keyed(key("only")).with_row(note("only", 1))).await;

        assert!(receipt.posted.is_empty());
        assert_eq!(shop.number(COUNT).await, 1);
    })
    .await;
}

#[tokio::test]
async fn own_rows_and_events_of_a_refused_unit_are_not_written() {
    in_a_shop_with_notes(async |shop| {
        let unit = shop.unit().keyed(key("one")).announcing(announce).with_row(note("first", 1));
        let unit = unit.with(Command::Post(shop.moving(BANK, ALICE, 5)));

        let refused = shop.refused(unit.with(Command::Post(shop.moving(ALICE, BANK, 6)))).await;

        assert!(matches!(refused, Refusal::Insufficient { .. }), "{refused:?}");
        assert_eq!(shop.number(COUNT).await, 0);
        let facts = "select count(*) from socle_shop.outbox where tenant_id = $1";
        assert_eq!(shop.number(facts).await, 0);
    })
    .await;
}

#[tokio::test]
async fn own_rows_that_break_a_rule_refuse_the_unit() {
    in_a_shop_with_notes(async |shop| {
        shop.done(shop.unit().keyed(key("one")).with_row(note("taken", 1))).await;
        let refused = async |row| {
            let unit = shop.unit().keyed(key("other")).with_row(row);
            shop.refused(unit.with(Command::Post(shop.moving(BANK, ALICE, 5)))).await
        };
        let rule = |constraint: &str| Refusal::Constraint { constraint: constraint.to_owned() };

        assert_eq!(refused(note("taken", 1)).await, rule("note_title_taken"));
        assert_eq!(refused(note("new", 0)).await, rule("entry_number_positive"));
        let Refusal::Unstorable { why } = refused(with(json!({ "title": "none" }))).await else {
            panic!("a number is needed")
        };
        assert!(why.contains("null value in column \"number\""), "{why}");
        assert_eq!(shop.number(COUNT).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_row_belongs_to_its_units_tenant_whatever_it_says() {
    in_a_shop_with_notes(async |shop| {
        let other = Uuid::from_u128(99).to_string();
        let row = with(json!({ "tenant_id": other, "title": "theirs", "number": 1 }));

        shop.done(shop.unit().keyed(key("theirs")).with_row(row)).await;

        assert_eq!(shop.number(COUNT).await, 1);
        let theirs = "select count(*) from socle_shop.note
                      where tenant_id <> $1 and title = 'theirs' and tenant_id::text like '%99'";
        assert_eq!(shop.number(theirs).await, 0);
    })
    .await;
}

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Envelope {
    id: Uuid,
    r#type: String,
    dataversion: i16,
    partitionkey: String,
    sequence: i64,
    time: socle_kernel::Timestamp,
    actortype: String,
    actorid: String,
    correlationid: Uuid,
    causationid: Option<Uuid>,
    data: serde_json::Value,
}

#[tokio::test]
async fn every_transfer_is_announced_once_in_its_envelope() {
    in_a_shop_with_notes(async |shop| {
        let transfer = shop.moving(BANK, ALICE, 5);
        let id = transfer.id;
        let cause = Uuid::from_u128(7);
        let mut unit = shop.unit().announcing(announce).with(Command::Post(transfer));
        unit.author.causationid = Some(cause);

        shop.done(unit.clone()).await;
        shop.done(unit).await;

        let sql = "select id, type, dataversion, partitionkey, sequence, time, actortype, actorid,
                          correlationid, causationid, data
                   from socle_shop.outbox where tenant_id = $1";
        let asked = sqlx::query_as::<_, Envelope>(sql).bind(shop.cx().tenant.uuid());
        let facts = asked.fetch_all(&shop.admin).await.expect("the outbox is read");
        let event = TransferPosted {
            transfer: id.to_string(),
            account: account(BANK).to_string(),
            amount: -5,
            seq: 1,
        };
        assert_eq!(
            facts,
            [Envelope {
                id: id.uuid(),
                r#type: "shop.transfer.posted".to_owned(),
                dataversion: 3,
                partitionkey: account(BANK).to_string(),
                sequence: 1,
                time: at(0),
                actortype: "person".to_owned(),
                actorid: shop.cx().actor.id(),
                correlationid: shop.cx().correlation,
                causationid: Some(cause),
                data: serde_json::to_value(event).expect("an event is plain data"),
            }]
        );
    })
    .await;
}

#[tokio::test]
async fn an_event_that_cannot_be_made_refuses_its_unit() {
    in_a_shop_with_notes(async |shop| {
        let unit =
            shop.unit().announcing(|_| Err(Fault::internal("make the event", std::fmt::Error)));

        let refused = shop.refused(unit.with(Command::Post(shop.moving(BANK, ALICE, 5)))).await;

        let why = "could not make the event".to_owned();
        assert_eq!(refused, Refusal::Unstorable { why });
    })
    .await;
}

#[tokio::test]
async fn an_account_opened_twice_under_two_names_refuses_the_second_unit_alone() {
    let world = world_with_notes().await;
    let shop = Shop::new(&world, ENTRANCES[1], 1);
    let twin = |n: u32| {
        let id = Id::from_uuid(Uuid::from_u128(u128::from(n)));
        let Command::Open(new) = open(9, Bounds::NONE) else { unreachable!("it opens") };
        shop.unit().with(Command::Open(socle_books::NewAccount { id, ..new }))
    };

    let outcomes = world.sequencer.submit_all(vec![twin(1), twin(2)]).await;

    let [Ok(_), second] = <[_; 2]>::try_from(outcomes).expect("two") else {
        panic!("the first is opened")
    };
    let expected = Refusal::Constraint { constraint: "account_is_one".to_owned() };
    assert_eq!(crate::world::refusal(second), expected);
}
