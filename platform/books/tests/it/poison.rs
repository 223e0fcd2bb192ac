//! Poison: a unit that cannot be written stands alone, and its neighbours take effect.

use std::{error::Error as _, fs, path::Path};

use futures_util::future::{join, join_all};
use serde_json::json;
use socle_books::{Bounds, Command, Error, Key, Receipt, Refusal, Unit};

use crate::{
    notes::{announce, note, with, world_with_notes},
    shop::{ALICE, BANK, Shop},
    world::{Entrance, World, account, open},
};

/// An account that a stranger holds, so that the queue fills behind it.
const GATE: u32 = 90;
const NEIGHBOURS: usize = 63;

/// Submits the units so that they form one batch: while they queue, the batch before them waits
/// for a row that another session has locked.
async fn in_one_batch(shop: &Shop<'_>, units: Vec<Unit>) -> Vec<Result<Receipt, Error>> {
    shop.does(open(GATE, Bounds::NONE)).await;
    let mut stranger = shop.admin.begin().await.expect("begin");
    let lock = "select from socle_shop.account where id = $1 for update";
    let lock = sqlx::query(lock).bind(account(GATE).uuid());
    lock.execute(&mut *stranger).await.expect("the gate is closed");
    let blocked = async {
        let asked = "select count(*) from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'";
        while sqlx::query_scalar::<_, i64>(asked).fetch_one(&shop.admin).await.expect("asked") == 0
        {
            tokio::task::yield_now().await;
        }
    };
    let first = shop.unit().with(Command::Post(shop.moving(BANK, GATE, 1)));
    let behind = async {
        blocked.await;
        // All are in the queue once each of them has been polled, before the gate is.
        let waiting = join_all(units.into_iter().map(|it| shop.submit(it)));
        let opening = async { stranger.commit().await.expect("the gate opens") };
        join(waiting, opening).await.0
    };
    let (first, outcomes) = join(shop.submit(first), behind).await;
    first.expect("the first takes effect");
    outcomes
}

fn neighbours(shop: &Shop<'_>, name: &str) -> Vec<Unit> {
    let each = (0..NEIGHBOURS).map(|n| {
        let key = Key::new(name, &n.to_string(), &());
        let unit = shop.unit().keyed(key).announcing(announce);
        let unit = unit.with_row(note(&format!("{name} {n}"), 1));
        unit.with(Command::Post(shop.moving(BANK, ALICE, 1)))
    });
    each.collect()
}

/// Plants one poisonous unit among its neighbours; returns its own error.
async fn planted(shop: &Shop<'_>, name: &str, spoil: impl Fn(Unit) -> Unit) -> Error {
    let unit = shop.unit().keyed(Key::new(name, "poison", &())).announcing(announce);
    let poison = spoil(unit.with(Command::Post(shop.moving(BANK, ALICE, 1_000_000))));
    let mut units = neighbours(shop, name);
    units.insert(29, poison);
    let before = shop.balance(ALICE).await;

    let mut outcomes = in_one_batch(shop, units).await;

    let error = outcomes.remove(29).expect_err("poison takes no effect");
    for outcome in &outcomes {
        assert!(outcome.is_ok(), "{name}: a neighbour was harmed: {outcome:?}");
    }
    let count = i64::try_from(NEIGHBOURS).expect("few");
    assert_eq!(shop.balance(ALICE).await, before + count, "{name}");
    let large = "select count(*) from socle_shop.entry where tenant_id = $1 and 1000 < amount";
    assert_eq!(shop.number(large).await, 0, "{name}: nothing of the poison is stored");
    error
}

fn first_transfer(unit: &mut Unit) -> &mut socle_books::Transfer {
    let Command::Post(transfer) = &mut unit.commands[0] else { unreachable!("it posts") };
    transfer
}

/// What makes a unit poisonous.
type Spoil = Box<dyn Fn(Unit) -> Unit>;

#[tokio::test]
async fn units_that_queue_behind_a_batch_form_the_next_one() {
    let world = world_with_notes().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;

    for outcome in in_one_batch(&shop, neighbours(&shop, "good")).await {
        outcome.expect("it takes effect");
    }

    let batches = "select count(distinct xmin::text) from socle_shop.note where tenant_id = $1";
    assert_eq!(shop.number(batches).await, 1);
}

#[tokio::test]
async fn poison_is_told_what_is_wrong_with_it_and_its_63_neighbours_take_effect() {
    let world = world_with_notes().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;
    shop.done(shop.unit().keyed(Key::new("t", "t", &())).with_row(note("taken", 1))).await;
    let rule = |constraint: &str| Refusal::Constraint { constraint: constraint.to_owned() };
    let unstorable = |why: &str| Refusal::Unstorable { why: why.to_owned() };
    let memo = |key: &'static str, value: String| -> Spoil {
        Box::new(move |mut it| {
            let metadata = vec![(key.to_owned(), value.clone())];
            first_transfer(&mut it).memo.metadata = metadata;
            it
        })
    };
    let poisons: [(&str, Spoil, Refusal); 8] = [
        (
            "nul in metadata",
            memo("colour", "re\0d".to_owned()),
            unstorable("invalid byte sequence for encoding \"UTF8\": 0x00"),
        ),
        (
            "nul in a row",
            Box::new(|it| {
                it.with_row(with(json!({ "title": "nul", "number": 1, "body": "a\0b" })))
            }),
            unstorable("unsupported Unicode escape sequence"),
        ),
        ("unique", Box::new(|it| it.with_row(note("taken", 1))), rule("note_title_taken")),
        ("check", Box::new(|it| it.with_row(note("nought", 0))), rule("entry_number_positive")),
        ("long metadata", memo("colour", "r".repeat(501)), rule("metadata_lengths")),
        (
            "long kind",
            Box::new(|mut it| {
                first_transfer(&mut it).kind = "k".repeat(41);
                it
            }),
            rule("transfer_kind_length"),
        ),
        (
            "long reason",
            Box::new(|mut it| {
                first_transfer(&mut it).memo.reason = Some("r".repeat(501));
                it
            }),
            rule("transfer_reason_length"),
        ),
        (
            "wrong type in a row",
            Box::new(|it| it.with_row(with(json!({ "title": "t", "number": "many" })))),
            unstorable("invalid input syntax for type integer: \"many\""),
        ),
    ];

    for (name, spoil, expected) in poisons {
        let Error::Refused(refused) = planted(&shop, name, spoil).await else {
            panic!("{name} is refused")
        };
        assert_eq!(refused.refusal, expected, "{name}");
    }
}

#[tokio::test]
async fn a_panic_in_one_unit_is_its_own_fault() {
    let world = world_with_notes().await;
    let shop = Shop::new(&world, Entrance::Sequencer, 1);
    shop.opened().await;

    let error =
        planted(&shop, "panic", |it| it.announcing(|_| panic!("a bug in the module"))).await;

    let Error::Fault(fault) = error else { panic!("a bug is no refusal: {error:?}") };
    let why = fault.source().expect("a fault has a cause").to_string();
    assert_eq!(
        (fault.to_string().as_str(), why.as_str()),
        ("could not post to the books", "the books panicked; the batch was undone")
    );
}

#[tokio::test]
async fn poison_in_a_callers_transaction_is_refused_as_well() {
    let world = world_with_notes().await;
    let shop = Shop::new(&world, Entrance::Transaction, 1);
    shop.opened().await;
    let mut unit = shop.unit().with(Command::Post(shop.moving(BANK, ALICE, 5)));
    first_transfer(&mut unit).memo.reason = Some("re\0d".to_owned());

    let refused = shop.refused(unit).await;

    let why = "invalid byte sequence for encoding \"UTF8\": 0x00".to_owned();
    assert_eq!(refused, Refusal::Unstorable { why });
}

/// A rule that the books do not know as theirs would be taken for a rule of the module's own rows.
#[tokio::test]
async fn every_rule_of_the_books_is_known_as_theirs() {
    let world = World::new().await;
    let names = "select conname::text from pg_constraint as c
                 where connamespace = 'socle_shop'::regnamespace and contype in ('p', 'u', 'c', 'f')
                     and conrelid::regclass::text not like '%migration%'
                 union
                 select indexrelid::regclass::text from pg_index where indisunique
                     and indrelid::regclass::text like 'socle_shop.%'
                     and indrelid::regclass::text not like '%migration%'";
    let asked = sqlx::query_scalar(names).fetch_all(&world.database.superusers(1)).await;
    let names: Vec<String> = asked.expect("the catalogue is read");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/batch/blame.rs");
    let source = fs::read_to_string(source).expect("the source is there");
    let known: Vec<&str> = source.split_whitespace().map(|it| it.trim_end_matches("\";")).collect();

    let name = |it: &String| it.trim_start_matches("socle_shop.").to_owned();
    // What reads events has tables of its own here, which the books never write.
    let elsewhere = ["inbox_", "delivery_", "outbox_group_", "outbox_member_"];
    let of_books = |it: &String| !elsewhere.iter().any(|table| it.starts_with(table));
    // A partition's constraint is called after the partition.
    let is_known = |it: &str| known.contains(&it) || it.starts_with("outbox_p");
    let missing: Vec<_> =
        names.iter().map(name).filter(|it| of_books(it) && !is_known(it)).collect();

    assert!(30 < names.len());
    assert!(missing.is_empty(), "{missing:?}");
}
