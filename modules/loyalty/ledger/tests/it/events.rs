//! What others are told: one event a transaction, in the same commit.

use serde_json::{Value, json};
use socle_books::Posted;
use socle_testkit::golden;

use crate::world::{ALICE, World, code, only};

/// The outbox as JSON: type, topic key, sequence, who, and the payload.
async fn told(world: &World) -> Vec<Value> {
    let sql = "select json_build_object('tenant', tenant_id, 'id', id, 'type', type,
            'dataversion', dataversion, 'partitionkey', partitionkey, 'sequence', sequence,
            'actortype', actortype, 'actorid', actorid, 'correlationid', correlationid,
            'data', data)
        from socle_ledger.outbox order by seq";
    let mut superuser = world.database.superuser().await;
    sqlx::query_scalar(sql).fetch_all(&mut superuser).await.expect("the outbox")
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
