//! Transfers that do not balance, fit or stand in line.

use super::Damage;

pub(in crate::verify) const TO_TRANSFERS: &[Damage] = &[
    Damage {
        what: "legs are added to a transfer that do not sum to zero",
        sql: "update entry set amount = 2 * amount, balance = balance + amount
              where {tenant} and account_id = {wallet} and seq = 3;
              update account set balance = balance - 15, floor = null
              where {tenant} and id = {wallet};
              update rollup set debit = debit + 15 where {tenant} and account_id = {wallet}",
        shows: &["transfer-sum"],
    },
    Damage {
        what: "a transfer names an entry that is not its own",
        sql: "update transfer set seqs[2] = 999 where {tenant} and number = 3",
        shows: &["transfer-legs"],
    },
    Damage {
        what: "a transfer names an entry twice",
        sql: "update transfer set accounts = accounts || accounts[2], seqs = seqs || seqs[2]
              where {tenant} and number = 3",
        shows: &["transfer-legs"],
    },
    Damage {
        what: "a transfer is gone",
        sql: "delete from transfer where {tenant} and number = 1",
        shows: &["idempotency", "journal-gap", "outbox-orphan", "rollup", "transfer-legs"],
    },
    Damage {
        what: "a transfer counts before it is recorded",
        sql: "alter table transfer drop constraint transfer_is_not_early;
              update transfer set effective_at = recorded_at + interval '1 second'
              where {tenant} and number = 14;
              update entry set effective_at = effective_at + interval '1 second'
              where {tenant} and (account_id, seq) in (({customer}, 11), ({shop}, 8))",
        shows: &["transfer-time"],
    },
    Damage {
        what: "a transfer counts on another side of its day",
        sql: "update transfer set flow = 1 where {tenant} and number = 11",
        shows: &["entry-flow", "rollup"],
    },
    Damage {
        what: "a transfer names fewer accounts than entries",
        sql: "update transfer set accounts = accounts[1:1] where {tenant} and number = 11",
        shows: &["transfer-legs"],
    },
    Damage {
        what: "the journal has a gap",
        sql: "update transfer set number = 15 where {tenant} and number = 14;
              update journal set number = 15 where {tenant}",
        shows: &["journal-gap"],
    },
    Damage {
        what: "the journal goes on from elsewhere",
        sql: "update journal set number = number + 1 where {tenant}",
        shows: &["journal-head"],
    },
    Damage {
        what: "a reversal undoes another transfer",
        sql: "update transfer set reverses = (
                  select other.id from transfer as other where {tenant} and other.number = 3)
              where {tenant} and number = 7",
        shows: &["reversal"],
    },
    Damage {
        what: "a reversal undoes nothing that is there",
        sql: "update transfer set reverses = gen_random_uuid() where {tenant} and number = 7",
        shows: &["reversal"],
    },
    Damage {
        what: "a key was answered with a transfer that is not there",
        sql: "update idempotency set transfers = array[gen_random_uuid()]
              where {tenant} and refusal is null",
        shows: &["idempotency"],
    },
];
