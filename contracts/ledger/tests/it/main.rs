//! The wire form of the contract, frozen.

use serde_json::{from_value, json, to_value};
use socle_kernel::{Amount, Event, Revision};
use socle_ledger_contract::{
    ExpiryAnnounced, HoldExpired, HoldPlaced, HoldVoided, PostedLeg, TransactionPosted,
};

fn posted() -> TransactionPosted {
    let leg = |account: &str, seq, minor, balance| PostedLeg {
        account: account.parse().expect("an account"),
        asset: "PTS.demo".parse().expect("an asset"),
        seq: Revision::counted(seq),
        amount: Amount::try_new(minor).expect("an amount"),
        balance: Amount::try_new(balance).expect("an amount"),
    };
    TransactionPosted {
        transaction: "txn_00000000000000000000000000000abc".parse().expect("an identifier"),
        kind: "earn".to_owned(),
        recorded_at: "2030-01-01T12:00:00Z".parse().expect("a time"),
        effective_at: "1997-01-18T00:00:00Z".parse().expect("a time"),
        legs: vec![
            leg("acc_0000000000000000000000000000000a", 3, 29, 88),
            leg("acc_0000000000000000000000000000000b", 7, -29, -500),
        ],
        reverses: None,
        hold: None,
    }
}

const HOLD: &str = "hld_0000000000000000000000000000000d";
const ACCOUNT: &str = "acc_0000000000000000000000000000000a";
const COUNTER: &str = "acc_0000000000000000000000000000000b";

fn read<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("it obeys its rule")
}

/// The wire form of an event, and back.
#[track_caller]
fn assert_wire<E: Event + PartialEq + std::fmt::Debug>(
    event: &E,
    (event_type, topic): (&str, &str),
    wire: serde_json::Value,
) {
    assert_eq!((E::TYPE, E::TOPIC, E::DATAVERSION), (event_type, topic, 1));
    assert_eq!(to_value(event).expect("JSON"), wire);
    assert_eq!(&from_value::<E>(wire).expect("an event"), event);
}

#[test]
fn a_posted_transaction_keeps_its_wire_form() {
    let wire = json!({
        "transaction": "txn_00000000000000000000000000000abc",
        "kind": "earn",
        "recorded_at": "2030-01-01T12:00:00Z",
        "effective_at": "1997-01-18T00:00:00Z",
        "legs": [
            { "account": "acc_0000000000000000000000000000000a", "asset": "PTS.demo",
              "seq": 3, "amount": 29, "balance": 88 },
            { "account": "acc_0000000000000000000000000000000b", "asset": "PTS.demo",
              "seq": 7, "amount": -29, "balance": -500 },
        ],
    });

    assert_eq!(TransactionPosted::TYPE, "ledger.transaction.posted");
    assert_eq!(TransactionPosted::TOPIC, "ledger.transactions.v1");
    assert_eq!(to_value(posted()).expect("JSON"), wire);
    assert_eq!(from_value::<TransactionPosted>(wire).expect("an event"), posted());
}

#[test]
fn its_key_is_the_account_whose_transaction_it_is_and_its_sequence_that_account_s() {
    assert_eq!(posted().partition_key(), "acc_0000000000000000000000000000000a");
    assert_eq!(posted().sequence(), Revision::counted(3));
}

#[test]
fn a_reversal_names_what_it_undoes() {
    let reversed = TransactionPosted { reverses: Some(posted().transaction), ..posted() };

    let wire = to_value(&reversed).expect("JSON");

    assert_eq!(wire["reverses"], "txn_00000000000000000000000000000abc");
    assert_eq!(from_value::<TransactionPosted>(wire).expect("an event"), reversed);
}

#[test]
fn a_capture_names_its_hold() {
    let captured = TransactionPosted { hold: Some(read(HOLD)), ..posted() };

    let wire = to_value(&captured).expect("JSON");

    assert_eq!(wire["hold"], HOLD);
    assert_eq!(from_value::<TransactionPosted>(wire).expect("an event"), captured);
}

#[test]
fn a_hold_that_was_placed_keeps_its_wire_form() {
    let placed = HoldPlaced {
        hold: read(HOLD),
        kind: "burn".to_owned(),
        account: read(ACCOUNT),
        counter: read(COUNTER),
        asset: read("PTS.demo"),
        amount: Amount::from(20),
        expires_at: read("2030-01-01T12:00:00Z"),
    };
    let wire = json!({
        "hold": HOLD, "kind": "burn", "account": ACCOUNT, "counter": COUNTER, "asset": "PTS.demo",
        "amount": 20, "expires_at": "2030-01-01T12:00:00Z",
    });

    assert_wire(&placed, ("ledger.hold.placed", "ledger.holds.v1"), wire);
    assert_eq!((placed.partition_key(), placed.sequence()), (HOLD.to_owned(), Revision::FIRST));
}

#[test]
fn a_hold_that_was_voided_keeps_its_wire_form() {
    let voided = HoldVoided {
        hold: read(HOLD),
        account: read(ACCOUNT),
        counter: read(COUNTER),
        asset: read("PTS.demo"),
        amount: Amount::from(20),
        captured: Amount::from(5),
    };
    let wire = json!({
        "hold": HOLD, "account": ACCOUNT, "counter": COUNTER, "asset": "PTS.demo", "amount": 20,
        "captured": 5,
    });

    assert_wire(&voided, ("ledger.hold.voided", "ledger.holds.v1"), wire);
    assert_eq!((voided.partition_key(), voided.sequence()), (HOLD.to_owned(), ended()));
}

#[test]
fn a_hold_whose_time_was_over_keeps_its_wire_form() {
    let expired = HoldExpired {
        hold: read(HOLD),
        account: read(ACCOUNT),
        counter: read(COUNTER),
        asset: read("PTS.demo"),
        amount: Amount::from(20),
        captured: Amount::ZERO,
        expired_at: read("2030-01-01T12:00:00Z"),
    };
    let wire = json!({
        "hold": HOLD, "account": ACCOUNT, "counter": COUNTER, "asset": "PTS.demo", "amount": 20,
        "captured": 0, "expired_at": "2030-01-01T12:00:00Z",
    });

    assert_wire(&expired, ("ledger.hold.expired", "ledger.holds.v1"), wire);
    assert_eq!((expired.partition_key(), expired.sequence()), (HOLD.to_owned(), ended()));
}

#[test]
fn an_announced_expiry_keeps_its_wire_form() {
    let announced = ExpiryAnnounced {
        account: read(ACCOUNT),
        customer: read("demo-alice"),
        programme: read("prog_0000000000000000000000000000000c"),
        day: read("2030-01-31"),
        expires_at: read("2030-01-31T00:00:00Z"),
        points: Amount::from(29),
    };
    let wire = json!({
        "account": ACCOUNT, "customer": "demo-alice",
        "programme": "prog_0000000000000000000000000000000c", "day": "2030-01-31",
        "expires_at": "2030-01-31T00:00:00Z", "points": 29,
    });

    assert_wire(&announced, ("ledger.expiry.announced", "ledger.expiries.v1"), wire);
    assert_eq!(announced.partition_key(), format!("{ACCOUNT}/2030-01-31"));
    assert_eq!(announced.sequence(), Revision::FIRST);
}

/// A hold is placed and ends, each once.
fn ended() -> Revision {
    Revision::counted(2)
}
