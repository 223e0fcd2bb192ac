//! Books with everything in use: the journal numbers below are those that [`play`] makes.

use std::time::Duration;

use jiff::SignedDuration;
use socle_books::{
    Announcement, Bounds, Capture, Command, Key, Leg, Memo, NewAccount, NewHold, Reversal,
    Transfer, Unit,
};
use socle_events::{EventId, Fact};
use socle_kernel::{AccountId, Cx, Fault, HoldId, Id, Revision, Timestamp, TransferId};
use socle_testkit::{cx, elsewhere};
use uuid::Uuid;

use crate::world::{Entrance, World, account, amount, new_account, refusal, transfer};

pub(super) const EVENT: &str = "shop.transfer.posted";

/// Accounts by their number: the customer's value lies in lots that expire to the breakage.
pub(super) const ISSUANCE: u32 = 1;
pub(super) const CUSTOMER: u32 = 2;
pub(super) const BREAKAGE: u32 = 3;
pub(super) const SHOP: u32 = 4;
pub(super) const WALLET: u32 = 5;
pub(super) const CLOSED: u32 = 6;

/// The accounts, transfers and entries of one tenant.
pub(super) const COUNTS: [i64; 3] = [6, 14, 29];

/// Two tenants that did the same, under the same identifiers.
pub(super) async fn played() -> World {
    let (world, cx) = (World::new().await, cx());
    play(&world, &cx).await;
    play(&world, &elsewhere(&cx)).await;
    world
}

async fn play(world: &World, cx: &Cx) {
    let accounts = [
        new_account(ISSUANCE, Bounds::NONE),
        NewAccount {
            expires_to: Some(account(BREAKAGE)),
            ..new_account(CUSTOMER, Bounds::NOT_NEGATIVE)
        },
        new_account(BREAKAGE, Bounds::NONE),
        new_account(SHOP, Bounds { floor: None, ceiling: Some(amount(1_000)) }),
        new_account(WALLET, Bounds::NOT_NEGATIVE),
        new_account(CLOSED, Bounds::NOT_NEGATIVE),
    ];
    done(world, cx, accounts.into_iter().map(Command::Open)).await;
    earn_and_burn(world, cx).await;
    hold_and_capture(world, cx).await;
    overflow_and_close(world, cx).await;
    refuse(world, cx).await;
    let later = cx.at(cx.now.after(Duration::from_mins(2)));
    done(world, &later, [Command::Post(transfer(txn(14), CUSTOMER, SHOP, 5))]).await;
}

/// Transfers 1 to 9: the fifth is the expiry of the first; the ninth that of what the reversal of
/// the fourth gave back to it.
async fn earn_and_burn(world: &World, cx: &Cx) {
    let first = earn(1, 100, Some(days(cx, -40)), Some(days(cx, -10)));
    let memo = Memo {
        reason: Some("a purchase".to_owned()),
        metadata: vec![("order".to_owned(), "7".to_owned())],
    };
    let unit = Unit::new(cx).keyed(Key::new("test", "earn", &1)).announcing(announce);
    let unit = unit.with(Command::Post(Transfer { memo, ..first }));
    world.submit(Entrance::Sequencer, cx, unit).await.expect("it is posted");
    let burn =
        Transfer { effective_at: Some(days(cx, -20)), ..transfer(txn(4), CUSTOMER, SHOP, 30) };
    let commands = [
        Command::Post(earn(2, 200, Some(days(cx, -5)), Some(days(cx, 30)))),
        Command::Post(earn(3, 50, None, None)),
        Command::Post(burn),
        Command::Expire(account(CUSTOMER)),
        Command::Post(transfer(txn(6), CUSTOMER, SHOP, 60)),
        Command::Reverse(reversal(7, 6)),
        Command::Reverse(reversal(8, 4)),
    ];
    for command in commands {
        done(world, cx, [command]).await;
    }
}

/// Transfers 10 to 12. Hold 1 stays open in part, 2 is ended by the clock, 3 is voided, and 4 is
/// captured in full.
async fn hold_and_capture(world: &World, cx: &Cx) {
    let minute = cx.now.after(Duration::from_mins(1));
    let commands = [
        Command::Hold(new_hold(1, (CUSTOMER, 40), days(cx, 3))),
        Command::Capture(capture(10, 1, Some(15))),
        Command::Hold(new_hold(2, (CUSTOMER, 10), minute)),
        Command::Hold(new_hold(3, (CUSTOMER, 20), days(cx, 3))),
        Command::Void(hold(3)),
        Command::Post(transfer(txn(11), ISSUANCE, WALLET, 35)),
        Command::Hold(new_hold(4, (WALLET, 20), days(cx, 3))),
        Command::Capture(capture(12, 4, None)),
    ];
    for command in commands {
        done(world, cx, [command]).await;
    }
}

/// Transfer 13 has three entries: the wallet holds 15 of the 25, the issuance gives the rest.
async fn overflow_and_close(world: &World, cx: &Cx) {
    let legs = vec![
        Leg::debit(account(WALLET), amount(25)).overflowing(account(ISSUANCE)),
        Leg::credit(account(SHOP), amount(25)),
    ];
    let over = Transfer { legs, ..transfer(txn(13), WALLET, SHOP, 25) };
    done(world, cx, [Command::Post(over), Command::Close(account(CLOSED))]).await;
}

async fn refuse(world: &World, cx: &Cx) {
    let too_much = Command::Post(transfer(txn(99), WALLET, SHOP, 1_000));
    let unit = Unit::new(cx).keyed(Key::new("test", "too much", &1)).with(too_much);
    refusal(world.submit(Entrance::Sequencer, cx, unit).await);
}

async fn done(world: &World, cx: &Cx, commands: impl IntoIterator<Item = Command>) {
    let unit = Unit::new(cx).announcing(announce);
    let unit = commands.into_iter().fold(unit, Unit::with);
    world.submit(Entrance::Transaction, cx, unit).await.expect("it takes effect");
}

#[expect(clippy::unnecessary_wraps, reason = "what announces may fail")]
fn announce(it: &Announcement<'_>) -> Result<Fact, Fault> {
    let leg = it.posted.legs.first().expect("a transfer has legs");
    Ok(Fact {
        tenant_id: it.tenant,
        id: EventId::of_words(&[&it.tenant.to_string(), &it.posted.id.to_string()]),
        event_type: EVENT,
        dataversion: 1,
        partitionkey: leg.account.to_string(),
        sequence: Revision::counted(leg.seq),
        time: it.posted.recorded_at,
        author: it.author.clone(),
        data: "{}".to_owned(),
    })
}

fn earn(id: u32, minor: i32, at: Option<Timestamp>, expires_at: Option<Timestamp>) -> Transfer {
    let legs = vec![
        Leg::credit(account(CUSTOMER), amount(minor)).expiring(expires_at),
        Leg::debit(account(ISSUANCE), amount(minor)),
    ];
    Transfer { legs, effective_at: at, ..transfer(txn(id), ISSUANCE, CUSTOMER, minor) }
}

fn reversal(id: u32, of: u32) -> Reversal {
    let (id, of, kind, memo) = (txn(id), txn(of), "reverse".to_owned(), Memo::default());
    Reversal { id, of, kind, memo }
}

fn new_hold(id: u32, (of, minor): (u32, i32), expires_at: Timestamp) -> NewHold {
    NewHold {
        id: hold(id),
        kind: "pay".to_owned(),
        account: account(of),
        counter: account(SHOP),
        amount: amount(minor),
        expires_at,
    }
}

fn capture(id: u32, of: u32, minor: Option<i32>) -> Capture {
    Capture { id: txn(id), hold: hold(of), amount: minor.map(amount), memo: Memo::default() }
}

fn days(cx: &Cx, days: i64) -> Timestamp {
    (cx.now.to_jiff() + SignedDuration::from_hours(24 * days)).into()
}

pub(super) fn txn(n: u32) -> TransferId {
    Id::from_uuid(Uuid::from_u128(0x7A0_0000 + u128::from(n)))
}

pub(super) fn hold(n: u32) -> HoldId {
    Id::from_uuid(Uuid::from_u128(0x401D_0000 + u128::from(n)))
}

/// SQL about one tenant, in which `{customer}` and the like stand for what [`play`] made.
pub(super) fn filled(sql: &str, cx: &Cx) -> String {
    let quoted = |it: Uuid| format!("'{it}'::uuid");
    let of = |it: u32| quoted(AccountId::uuid(account(it)));
    let mut sql = sql.replace("{tenant}", &format!("tenant_id = {}", quoted(cx.tenant.uuid())));
    for (name, n) in [("issuance", ISSUANCE), ("customer", CUSTOMER), ("shop", SHOP)] {
        sql = sql.replace(&format!("{{{name}}}"), &of(n));
    }
    for (name, n) in [("wallet", WALLET), ("closed", CLOSED)] {
        sql = sql.replace(&format!("{{{name}}}"), &of(n));
    }
    for n in 1..=4 {
        sql = sql.replace(&format!("{{hold {n}}}"), &quoted(hold(n).uuid()));
    }
    sql
}
