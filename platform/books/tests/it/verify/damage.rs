//! Damage that somebody with all rights may do, and the checks that notice it: exactly those.

/// One class of damage.
pub(super) struct Damage {
    pub(super) what: &'static str,
    /// `{tenant}` stands for the condition that holds it to one tenant.
    pub(super) sql: &'static str,
    /// In the order of the alphabet.
    pub(super) shows: &'static [&'static str],
}

pub(super) const TO_ENTRIES: &[Damage] = &[
    Damage {
        what: "an amount is another",
        sql: "update entry set amount = amount - 1
              where {tenant} and account_id = {customer} and seq = 4",
        shows: &[
            "account-balance",
            "entry-balance",
            "lot-moves",
            "reversal",
            "rollup",
            "transfer-sum",
        ],
    },
    Damage {
        what: "a running balance is another",
        sql: "update entry set balance = balance + 1
              where {tenant} and account_id = {shop} and seq = 2",
        shows: &["entry-balance"],
    },
    Damage {
        what: "a running balance is as large as can be",
        sql: "update entry set balance = 9223372036854775807
              where {tenant} and account_id = {customer} and seq = 1",
        shows: &["entry-balance"],
    },
    Damage {
        what: "an entry is gone",
        sql: "delete from entry where {tenant} and account_id = {customer} and seq = 3",
        shows: &[
            "account-balance",
            "account-seq",
            "entry-balance",
            "entry-sequence",
            "lot-moves",
            "lot-origin",
            "rollup",
            "transfer-legs",
            "transfer-sum",
        ],
    },
    Damage {
        what: "an entry has another number, and its transfer follows",
        sql: "update entry set seq = 12 where {tenant} and account_id = {shop} and seq = 8;
              update transfer set seqs[array_position(accounts, {shop})] = 12
              where {tenant} and number = 14",
        shows: &["entry-sequence"],
    },
    Damage {
        what: "an entry counts at another time of its day",
        sql: "update entry set effective_at = effective_at + interval '1 hour'
              where {tenant} and account_id = {customer} and seq = 11",
        shows: &["effective-time"],
    },
    Damage {
        what: "entries of one account change places",
        sql: "update transfer set recorded_at = recorded_at + interval '1 second'
              where {tenant} and number = 6",
        shows: &["recorded-order"],
    },
];

pub(super) const TO_ACCOUNTS: &[Damage] = &[
    Damage {
        what: "a balance is another",
        sql: "update account set balance = balance + 1 where {tenant} and id = {issuance}",
        shows: &["account-balance"],
    },
    Damage {
        what: "an account has lost count",
        sql: "update account set seq = seq + 1 where {tenant} and id = {customer}",
        shows: &["account-seq"],
    },
    Damage {
        what: "an account was last recorded at another time",
        sql: "update account set recorded_at = recorded_at - interval '1 day'
              where {tenant} and id = {shop}",
        shows: &["account-recorded"],
    },
    Damage {
        what: "a debit is pending that no hold asks for",
        sql: "update account set pending_debit = pending_debit + 1
              where {tenant} and id = {customer}",
        shows: &["account-pending"],
    },
    Damage {
        what: "a credit is pending no more",
        sql: "update account set pending_credit = 0 where {tenant} and id = {shop}",
        shows: &["account-pending"],
    },
    Damage {
        what: "a balance is below its floor",
        sql: "alter table account drop constraint account_floor;
              update account set floor = 1000 where {tenant} and id = {customer}",
        shows: &["account-bounds"],
    },
    Damage {
        what: "a balance is above its ceiling with what is pending",
        sql: "alter table account drop constraint account_ceiling;
              update account set ceiling = balance where {tenant} and id = {shop}",
        shows: &["account-bounds"],
    },
    Damage {
        what: "a closed account has value",
        sql: "alter table account drop constraint account_closed_is_empty;
              update account set is_closed = true where {tenant} and id = {shop}",
        shows: &["account-closed"],
    },
    Damage {
        what: "an account is gone",
        sql: "delete from account where {tenant} and id = {wallet}",
        shows: &["account-balance", "account-seq", "transfer-sum"],
    },
    Damage {
        what: "a day's roll-up is another",
        sql: "update rollup set credit = credit + 1, debit = debit + 1
              where {tenant} and account_id = {customer} and day = '2030-01-01'",
        shows: &["rollup"],
    },
    Damage {
        what: "a day's roll-up is gone",
        sql: "delete from rollup where {tenant} and account_id = {issuance} and day < '2029-12-01'",
        shows: &["rollup"],
    },
    Damage {
        what: "a day without entries has a roll-up",
        sql: "insert into rollup
              select tenant_id, id, '2029-12-24', 0, 0, 0 from account
              where {tenant} and id = {closed}",
        shows: &["rollup"],
    },
];

pub(super) const TO_LOTS: &[Damage] = &[
    Damage {
        what: "a lot is worth less",
        sql: "update lot set remaining = remaining - 1
              where {tenant} and account_id = {customer} and seq = 3",
        shows: &["lot-remaining", "lot-sum"],
    },
    Damage {
        what: "value has gone from one lot to another",
        sql: "update lot set remaining = remaining + 2 - seq
              where {tenant} and account_id = {customer} and seq in (1, 3)",
        shows: &["lot-remaining"],
    },
    Damage {
        what: "a lot is gone",
        sql: "delete from lot where {tenant} and account_id = {customer} and seq = 3",
        shows: &["lot-moves", "lot-sum"],
    },
    Damage {
        what: "a lot that was spent and set aside in part is gone",
        sql: "delete from lot where {tenant} and account_id = {customer} and seq = 2",
        shows: &["lot-moves", "lot-remaining", "lot-reserved", "lot-sum"],
    },
    Damage {
        what: "a lot lies in an account without lots",
        sql: "insert into lot
              select tenant_id, account_id, seq, transfer_id, amount, amount, 0, effective_at, null
              from entry where {tenant} and account_id = {wallet} and seq = 1",
        shows: &["lot-moves", "lot-sum"],
    },
    Damage {
        what: "a lot began at another time",
        sql: "update lot set effective_at = effective_at - interval '1 hour'
              where {tenant} and account_id = {customer} and seq = 2",
        shows: &["lot-origin"],
    },
    Damage {
        what: "a lot came with another transfer",
        sql: "update lot set transfer_id = gen_random_uuid()
              where {tenant} and account_id = {customer} and seq = 2",
        shows: &["lot-origin"],
    },
    Damage {
        what: "an entry took less from its lot",
        sql: "update lot_move set amount = amount + 1
              where {tenant} and account_id = {customer} and entry_seq = 11",
        shows: &["lot-moves", "lot-remaining"],
    },
    Damage {
        what: "another entry took it from the lot",
        sql: "update lot_move set entry_seq = 4
              where {tenant} and account_id = {customer} and entry_seq = 11",
        shows: &["lot-moves"],
    },
    Damage {
        what: "less of a lot is set aside",
        sql: "update lot set reserved = reserved - 1
              where {tenant} and account_id = {customer} and seq = 2",
        shows: &["lot-reserved"],
    },
];

pub(super) const TO_HOLDS: &[Damage] = &[
    Damage {
        what: "more was captured than posted",
        sql: "update hold set captured = captured + 1 where {tenant} and id = {hold 1}",
        shows: &["account-pending", "hold-captured", "hold-lots"],
    },
    Damage {
        what: "a hold that was captured in full counts as voided",
        sql: "update hold set state = 'voided' where {tenant} and id = {hold 4}",
        shows: &["hold-state"],
    },
    Damage {
        what: "a hold that was voided counts as captured",
        sql: "update hold set state = 'captured' where {tenant} and id = {hold 3}",
        shows: &["hold-state"],
    },
    Damage {
        what: "a hold that the clock has ended is open again",
        sql: "update hold set state = 'open' where {tenant} and id = {hold 2}",
        shows: &["account-pending", "hold-lots"],
    },
    Damage {
        what: "an open hold has set more aside",
        sql: "update hold_lot set amount = amount + 1 where {tenant} and hold_id = {hold 1}",
        shows: &["hold-lots", "lot-reserved"],
    },
    Damage {
        what: "a voided hold still sets something aside",
        sql: "update hold_lot set amount = 1 where {tenant} and hold_id = {hold 3}",
        shows: &["hold-lots"],
    },
    Damage {
        what: "a hold is gone",
        sql: "delete from hold where {tenant} and id = {hold 1}",
        shows: &["account-pending", "hold-captured", "lot-reserved"],
    },
    Damage {
        what: "a capture has forgotten its hold",
        sql: "update transfer set hold_id = null where {tenant} and number = 12",
        shows: &["hold-captured"],
    },
];

pub(super) const TO_TRANSFERS: &[Damage] = &[
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
        shows: &["rollup"],
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

pub(super) const TO_OUTBOX: &[Damage] = &[
    Damage {
        what: "an event is gone",
        sql: "delete from outbox where {tenant} and sequence = 2",
        shows: &["outbox-missing"],
    },
    Damage {
        what: "an event is of something else",
        sql: "update outbox set type = 'shop.transfer.dreamt' where {tenant} and sequence = 2",
        shows: &["outbox-missing"],
    },
    Damage {
        what: "an event tells of no transfer",
        sql: "insert into outbox (tenant_id, id, type, dataversion, partitionkey, sequence, time,
                                  actortype, actorid, correlationid, data)
              select tenant_id, gen_random_uuid(), type, dataversion, partitionkey, 999, time,
                     actortype, actorid, correlationid, data
              from outbox where {tenant} and sequence = 11",
        shows: &["outbox-orphan"],
    },
    Damage {
        what: "an event is told twice",
        sql: "insert into outbox (tenant_id, id, type, dataversion, partitionkey, sequence, time,
                                  actortype, actorid, correlationid, data)
              select tenant_id, gen_random_uuid(), type, dataversion, partitionkey, sequence, time,
                     actortype, actorid, correlationid, data
              from outbox where {tenant} and sequence = 11",
        shows: &["outbox-sequence"],
    },
    Damage {
        what: "an event is told after its successor",
        sql: "with early as (delete from outbox where {tenant} and sequence = 10 returning *)
              insert into outbox (tenant_id, id, type, dataversion, partitionkey, sequence, time,
                                  actortype, actorid, correlationid, data)
              select tenant_id, id, type, dataversion, partitionkey, sequence, time,
                     actortype, actorid, correlationid, data from early",
        shows: &["outbox-sequence"],
    },
];

/// Every class, by what it is done to.
pub(super) const ALL: [&[Damage]; 6] =
    [TO_ENTRIES, TO_ACCOUNTS, TO_LOTS, TO_HOLDS, TO_TRANSFERS, TO_OUTBOX];
