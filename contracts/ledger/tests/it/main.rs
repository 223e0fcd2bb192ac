//! The wire form of the contract, frozen.

use serde_json::{from_value, json, to_value};
use socle_kernel::{Amount, Event, Revision};
use socle_ledger_contract::{PostedLeg, TransactionPosted};

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
    }
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
