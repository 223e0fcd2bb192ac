//! What others are told: one event a transaction, in the same commit.

use serde_json::{Value, json};
use socle_books::Posted;
use socle_testkit::golden;

use crate::world::{ALICE, World, code, only};

/// What was told of transactions.
async fn told(world: &World) -> Vec<Value> {
    told_of(world, "ledger.transaction.posted").await
}

/// The events of a type as JSON: type, topic key, sequence, who, and the payload.
pub(crate) async fn told_of(world: &World, event_type: &str) -> Vec<Value> {
    let sql = "select json_build_object('tenant', tenant_id, 'id', id, 'type', type,
            'dataversion', dataversion, 'partitionkey', partitionkey, 'sequence', sequence,
            'actortype', actortype, 'actorid', actorid, 'correlationid', correlationid,
            'data', data)
        from socle_ledger.outbox where type = $1 order by seq";
    let mut superuser = world.database.superuser().await;
    sqlx::query_scalar(sql).bind(event_type).fetch_all(&mut superuser).await.expect("the outbox")
}

fn event(world: &World, posted: &Posted, sequence: i64, data: &Value) -> Value {
    json!({
        "tenant": world.cx.tenant.uuid().to_string(),
        "id": posted.id.uuid().to_string(),
        "type": "ledger.transaction.posted",
        "dataversion": 1,
        "partitionkey": posted.legs[0].account.to_string(),
        "sequence": sequence,
        "actortype": "person",
        "actorid": world.cx.actor.id(),
        "correlationid": world.cx.correlation.to_string(),
        "data": data,
    })
}

#[tokio::test]
async fn each_transaction_is_told_of_once_in_the_contract_s_words() {
    let world = World::new().await;
    let earned = world.purchase(ALICE, "2029-06-15", "29.33");
    let earned = world.earn(earned).await.expect("points are given");
    let spent = world.burn(&world.cx, ALICE, 12).await.expect("spent");
    let undone = world.reverse(&world.cx, only(&spent).id).await.expect("reversed");

    let told = told(&world).await;

    let (points, system) = (world.customers(ALICE).points.id, world.system());
    let leg = |account: socle_kernel::AccountId, seq: i64, amount: i64, balance: i64| {
        json!({ "account": account.to_string(), "asset": world.programme.asset().to_string(),
                "seq": seq, "amount": amount, "balance": balance })
    };
    let [earned, spent, undone] = [only(&earned), only(&spent), only(&undone)];
    let now = "2030-01-01T12:00:00Z";
    let expected = [
        event(
            &world,
            earned,
            1,
            &json!({
                "transaction": earned.id.to_string(), "kind": "earn", "recorded_at": now,
                "effective_at": "2029-06-15T00:00:00Z",
                "legs": [leg(points, 1, 29, 29), leg(system.issuance.id, 1, -29, -29)],
            }),
        ),
        event(
            &world,
            spent,
            2,
            &json!({
                "transaction": spent.id.to_string(), "kind": "burn", "recorded_at": now,
                "effective_at": now,
                "legs": [leg(points, 2, -12, 17), leg(system.settlement.id, 1, 12, 12)],
            }),
        ),
        event(
            &world,
            undone,
            3,
            &json!({
                "transaction": undone.id.to_string(), "kind": "reverse", "recorded_at": now,
                "effective_at": now, "reverses": spent.id.to_string(),
                "legs": [leg(points, 3, 12, 29), leg(system.settlement.id, 2, -12, 0)],
            }),
        ),
    ];
    assert_eq!(told, expected);
}

/// The same words for ever: readers were written for them.
#[tokio::test]
async fn the_form_of_the_event_is_frozen() {
    let world = World::new().await;
    let bought = world.purchase(ALICE, "2029-06-15", "29.33");
    world.earn(bought).await.expect("points are given");

    let told = serde_json::to_string_pretty(&told(&world).await).expect("JSON");

    golden("tests/it/golden/transaction-posted.json", &format!("{told}\n"));
}

#[tokio::test]
async fn every_kind_of_transaction_is_told_of_and_no_refusal_or_repetition_is() {
    let world = World::new().await;
    let old = world.bought(ALICE, "1997-01-18", "5.00").await;
    let bought = world.bought(ALICE, "2029-06-15", "30.00").await;
    world.earn(bought.clone()).await.expect("a replay");
    world.earn(old).await.expect("a replay");
    world.adjust(ALICE, 5, "a gift").await.expect("given");
    world.refund(bought.id, "10.00").await.expect("refunded");
    let hold = world.hold(ALICE, 5, 7).await.expect("held");
    let (id, memo) = (world.cx.new_id(), socle_books::Memo::default());
    let capture = socle_books::Capture { id, hold, amount: None, memo: memo.clone() };
    world.ledger.capture(&world.cx, capture).await.expect("captured");
    assert_eq!(code(world.burn(&world.cx, ALICE, 500).await), "ledger.insufficient");
    world.ledger.expire_due(&world.cx).await.expect("recorded");
    let (cx, alice) = (&world.cx, crate::world::customer(ALICE));
    world.ledger.close_customer(cx, &world.programme, &alice, memo).await.expect("closed");

    let told = told(&world).await;

    let kinds: Vec<_> = told.iter().map(|it| it["data"]["kind"].as_str()).collect();
    let expected = ["earn", "earn", "adjust", "refund", "burn", "expire", "close"].map(Some);
    assert_eq!(kinds, expected);
    let journal = world.ledger.journal(cx, 0, 500).await.expect("the journal");
    let ids: Vec<_> = journal.iter().map(|it| Value::from(it.id.to_string())).collect();
    let told: Vec<_> = told.iter().map(|it| it["data"]["transaction"].clone()).collect();
    assert_eq!(told, ids);
}

#[tokio::test]
async fn a_hold_is_told_of_when_it_is_placed_and_when_it_is_let_go_and_its_captures_name_it() {
    let world = World::new().await;
    world.bought(ALICE, "2029-06-15", "30.00").await;
    let hold = world.hold(ALICE, 20, 7).await.expect("held");
    let (cx, id, memo) = (&world.cx, world.cx.new_id(), socle_books::Memo::default());
    let amount = Some(crate::world::amount(5));
    let capture = socle_books::Capture { id, hold, amount, memo };
    world.ledger.capture(cx, capture).await.expect("captured");
    world.ledger.void(cx, hold).await.expect("let go");
    world.ledger.void(cx, hold).await.expect("let go already");
    assert_eq!(code(world.hold(ALICE, 500, 7).await), "ledger.insufficient");

    let placed = told_of(&world, "ledger.hold.placed").await;
    let voided = told_of(&world, "ledger.hold.voided").await;

    let (account, counter) = (world.customers(ALICE).points.id, world.system().settlement.id);
    let same = json!({
        "hold": hold.to_string(), "account": account.to_string(), "amount": 20,
        "counter": counter.to_string(), "asset": world.programme.asset().to_string(),
    });
    let with = |more: Value| {
        let mut all = same.as_object().expect("an object").clone();
        all.extend(more.as_object().expect("an object").clone());
        Value::from(all)
    };
    let [placed] = &placed[..] else { panic!("once: {placed:?}") };
    let [voided] = &voided[..] else { panic!("once: {voided:?}") };
    let until = "2030-01-08T00:00:00Z";
    assert_eq!(placed["data"], with(json!({ "kind": "burn", "expires_at": until })));
    assert_eq!(voided["data"], with(json!({ "captured": 5 })));
    for (told, sequence) in [(placed, 1), (voided, 2)] {
        assert_eq!(
            (&told["partitionkey"], &told["sequence"]),
            (&hold.to_string().into(), &sequence.into())
        );
        assert_eq!(
            (&told["actortype"], &told["actorid"]),
            (&"person".into(), &cx.actor.id().into())
        );
    }
    assert_eq!(told(&world).await[1]["data"]["hold"], hold.to_string());
}
