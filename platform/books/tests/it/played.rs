//! Steps of a random sequence, and what the books look like after them.

use proptest::strategy::Strategy;
use socle_books::{
    Bounds, Capture, Command, Key, Leg, Memo, NewAccount, NewHold, Reversal, Transfer,
};
use socle_kernel::{AccountId, Amount, HoldId, Id, TransferId};
use uuid::Uuid;

use crate::{
    model::{self, BOBS_CEILING, Books, Flow, Want},
    shop::{Shop, at, with_lots},
    world::{account, new_account, transfer},
};

/// One unit of a sequence.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) tenant: usize,
    /// The same number, the same unit again.
    pub(crate) number: u32,
    /// Minutes.
    pub(crate) now: i64,
    pub(crate) burst: usize,
    /// Under which of its number's two keys it comes.
    pub(crate) keys: &'static [u8],
    pub(crate) wants: Vec<Want>,
}

/// Random numbers of which a step is made.
pub(crate) type Raw = ((usize, u8, i64, usize), Vec<RawWant>);
type RawWant = (u8, (usize, usize), i64, (i64, i64), usize);

pub(crate) fn step() -> impl Strategy<Value = Raw> {
    let want = (0..100_u8, (0..6_usize, 0..6_usize), 1..60_i64, (0..90_i64, 0..90_i64), 0..4_usize);
    let frame = (0..2_usize, 0..100_u8, -20..160_i64, 1..9_usize);
    (frame, proptest::collection::vec(want, 1..4))
}

/// Gives the steps their times and numbers.
///
/// Clocks stand within the last twenty minutes of an hour, and now and then go back a little;
/// holds end at half past, so that no clock goes back over the end of a hold.
pub(crate) fn clocked(raw: Vec<Raw>) -> Vec<Step> {
    let (mut hour, mut names) = (0, Names::default());
    let mut steps: Vec<Step> = Vec::new();
    for (number, ((tenant, again, forward, burst), wants)) in raw.into_iter().enumerate() {
        hour += forward.max(0) / 40;
        let now = 60 * hour - if forward < 0 { -forward } else { 0 };
        if again < 8
            && let Some(first) = steps.get(usize::from(again) * 3)
        {
            // A key alone only where it was used before.
            let keys: &[u8] = match forward.rem_euclid(3) {
                0 if first.keys.contains(&1) => &[1],
                1 => &[1, 0],
                _ => &[0],
            };
            steps.push(Step { now, burst, keys, ..first.clone() });
            continue;
        }
        let number = u32::try_from(number).expect("few");
        let wants = wants.into_iter().map(|it| names.want(tenant, it, now)).collect();
        let keys: &[u8] = if burst.is_multiple_of(2) { &[0, 1] } else { &[0] };
        steps.push(Step { tenant, number, now, burst, keys, wants });
    }
    steps
}

/// The numbers that a sequence has given, by tenant.
#[derive(Default)]
struct Names {
    last: u32,
    transfers: [Vec<u32>; 2],
    holds: [Vec<u32>; 2],
}

impl Names {
    fn want(&mut self, tenant: usize, raw: RawWant, now: i64) -> Want {
        let (kind, (from, to), amount, (x, y), back) = raw;
        self.last += 1;
        let id = self.last;
        let recent = |of: &[Vec<u32>; 2]| of[tenant].iter().rev().nth(back).copied().unwrap_or(0);
        let (transfer, hold) = (recent(&self.transfers), recent(&self.holds));
        let effective = (x < 45).then(|| now - 60 * (x - 1));
        let expires = (y < 60).then(|| effective.unwrap_or(now) + 60 * y);
        let some = |it: i64| (it < 40).then_some(amount / 4 + 1);
        let moved =
            |from, to, amount, over| Want::Move { id, from, to, amount, effective, expires, over };
        let (none, ends) = ((None, None), half_past(now, y));
        let want = match kind {
            0..24 => moved(model::BANK, model::CAROL, 3 * amount, none),
            24..34 => moved(model::CAROL, model::BANK, amount, none),
            34..44 => moved(from, to, amount, none),
            44..50 => moved(model::CAROL, model::BANK, 2 * amount, (Some(model::DEBT), None)),
            50..56 => moved(model::BANK, model::DEBT, amount, (None, Some(model::CAROL))),
            56..68 => Want::Hold { id, from: model::CAROL, to, amount, expires: ends },
            68..73 => Want::Hold { id, from, to, amount, expires: ends },
            73..96 if hold == 0 || transfer == 0 => moved(model::BANK, from, amount, none),
            73..83 => Want::Capture { id, hold, amount: some(y) },
            83..87 => Want::Void { hold },
            87..96 => Want::Reverse { id, of: transfer },
            96..99 => Want::Expire { account: model::CAROL },
            // Where value expires to stays open, or nothing could be expired at the end.
            _ if to == model::BREAKAGE => Want::Void { hold },
            _ => Want::Close { account: to },
        };
        match want {
            Want::Move { .. } | Want::Capture { .. } | Want::Reverse { .. } => {
                self.transfers[tenant].push(id);
            }
            Want::Hold { .. } => self.holds[tenant].push(id),
            _ => {}
        }
        want
    }
}

fn half_past(now: i64, hours: i64) -> i64 {
    60 * (now.div_euclid(60) + hours / 8) + 30
}

impl Step {
    pub(crate) fn keys(&self) -> impl Iterator<Item = Key> {
        let key = |it| Key::new("sequence", &format!("{}/{it}", self.number), &self.number);
        self.keys.iter().map(key)
    }
}

pub(crate) fn account_of(place: usize) -> AccountId {
    account(number_of(place))
}

/// Accounts in the model's order.
pub(crate) fn accounts() -> impl Iterator<Item = Command> {
    let ceiling = Some(Amount::try_new(BOBS_CEILING).expect("small"));
    let bounded = Bounds { ceiling, ..Bounds::NOT_NEGATIVE };
    let plain = [
        (model::BANK, Bounds::NONE),
        (model::ALICE, Bounds::NOT_NEGATIVE),
        (model::BOB, bounded),
        (model::BREAKAGE, Bounds::NONE),
        (model::DEBT, Bounds::NOT_POSITIVE),
    ];
    let plain = plain.map(|(place, bounds)| new_account(number_of(place), bounds));
    let lots: NewAccount = with_lots(number_of(model::CAROL));
    plain.into_iter().chain([lots]).map(Command::Open)
}

fn number_of(place: usize) -> u32 {
    u32::try_from(place + 1).expect("few")
}

fn id<N>(n: u32) -> Id<N> {
    Id::from_uuid(Uuid::from_u128(u128::from(n)))
}

pub(crate) fn command(want: &Want) -> Command {
    let minor = |it: i64| Amount::try_new(it).expect("small");
    let minutes = |it: i64| at(60 * it);
    let memo = Memo::default();
    match *want {
        Want::Move { id: n, from, to, amount, effective, expires, over } => {
            let over = [over.0, over.1].map(|it| it.map(account_of));
            let debit = Leg { overflow: over[0], ..Leg::debit(account_of(from), minor(amount)) };
            let credit = Leg { overflow: over[1], ..Leg::credit(account_of(to), minor(amount)) };
            let legs = vec![debit, credit.expiring(expires.map(minutes))];
            let effective_at = effective.map(minutes);
            Command::Post(Transfer { effective_at, legs, ..transfer(id(n), 1, 2, 1) })
        }
        Want::Hold { id: n, from, to, amount, expires } => Command::Hold(NewHold {
            id: id(n),
            kind: "hold".to_owned(),
            account: account_of(from),
            counter: account_of(to),
            amount: minor(amount),
            expires_at: minutes(expires),
        }),
        Want::Capture { id: n, hold, amount } => {
            let (id, hold): (TransferId, HoldId) = (id(n), id(hold));
            Command::Capture(Capture { id, hold, amount: amount.map(minor), memo })
        }
        Want::Void { hold } => Command::Void(id(hold)),
        Want::Reverse { id: n, of } => {
            let (id, of) = (id(n), id(of));
            Command::Reverse(Reversal { id, of, kind: "reverse".to_owned(), memo })
        }
        Want::Expire { account } => Command::Expire(account_of(account)),
        Want::Close { account } => Command::Close(account_of(account)),
    }
}

/// (account, balance, pending debit, pending credit, closed).
type AccountSeen = (AccountId, i64, i64, i64, bool);
/// (account, seq, amount, balance, minute).
type EntrySeen = (AccountId, i64, i64, i64, i64);
/// (seq, amount, remaining, reserved, effective, expires).
type LotSeen = (i64, i64, i64, i64, i64, Option<i64>);
/// (hold, captured, state).
type HoldSeen = (HoldId, i64, String);
/// (account, day, credit, debit, expired).
type DaySeen = (AccountId, i64, i64, i64, i64);

/// The books of a tenant, as they stand.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    accounts: Vec<AccountSeen>,
    entries: Vec<EntrySeen>,
    lots: Vec<LotSeen>,
    holds: Vec<HoldSeen>,
    days: Vec<DaySeen>,
    transfers: i64,
}

const ACCOUNTS: &str = "
    select id, balance, pending_debit, pending_credit, is_closed
    from socle_shop.account where tenant_id = $1 order by id";
const ENTRIES: &str = "
    select account_id, seq, amount, balance,
           (extract(epoch from effective_at - '2030-01-01 12:00Z') / 60)::int8
    from socle_shop.entry where tenant_id = $1 order by account_id, seq";
const LOTS: &str = "
    select seq, amount, remaining, reserved,
           (extract(epoch from effective_at - '2030-01-01 12:00Z') / 60)::int8,
           (extract(epoch from expires_at - '2030-01-01 12:00Z') / 60)::int8
    from socle_shop.lot where tenant_id = $1 order by seq";
const HOLDS: &str = "
    select id, captured, state from socle_shop.hold where tenant_id = $1 order by id";
const DAYS: &str = "
    select account_id, (day - '2030-01-01')::int8, credit, debit, expired
    from socle_shop.rollup where tenant_id = $1 order by account_id, day";
const TRANSFERS: &str = "
    select coalesce(max(number), 0) from socle_shop.transfer where tenant_id = $1
        and number = (select j.number from socle_shop.journal as j where j.tenant_id = $1)
        and number = (select count(*) from socle_shop.transfer where tenant_id = $1)";

pub(crate) async fn seen(shop: &Shop<'_>) -> Seen {
    let tenant = shop.cx().tenant.uuid();
    macro_rules! all {
        ($sql:ident) => {
            sqlx::query_as($sql).bind(tenant).fetch_all(&shop.admin).await.expect("it is read")
        };
    }
    Seen {
        accounts: all!(ACCOUNTS),
        entries: all!(ENTRIES),
        lots: all!(LOTS),
        holds: all!(HOLDS),
        days: all!(DAYS),
        transfers: shop.number(TRANSFERS).await,
    }
}

impl Seen {
    /// What the model's books look like.
    pub(crate) fn of(books: &Books) -> Self {
        let accounts = books.accounts.iter().enumerate().map(|(place, it)| {
            let pending = (books.pending_debit(place), books.pending_credit(place));
            (account_of(place), books.balance(place), pending.0, pending.1, it.is_closed)
        });
        let mut entries: Vec<EntrySeen> = Vec::new();
        let mut seqs = vec![0; books.entries.len()];
        let mut days: Vec<DaySeen> = Vec::new();
        for place in 0..model::ACCOUNTS {
            let (mut seq, mut balance) = (0, 0);
            for (at, it) in books.entries.iter().enumerate().filter(|it| it.1.account == place) {
                (seq, balance) = (seq + 1, balance + it.amount);
                seqs[at] = seq;
                entries.push((account_of(place), seq, it.amount, balance, it.effective));
                count(&mut days, account_of(place), it);
            }
        }
        days.sort_unstable();
        let lots = books.lots.iter().enumerate().map(|(place, it)| {
            let (remaining, reserved) = (books.remaining(place), books.reserved(place));
            (seqs[it.entry], it.amount, remaining, reserved, it.effective, it.expires)
        });
        let holds = books.holds.iter().map(|it| (id(it.id), it.captured, it.state.to_owned()));
        let mut holds: Vec<HoldSeen> = holds.collect();
        holds.sort_unstable();
        let transfers = i64::try_from(books.transfers.len()).expect("few");
        let (accounts, lots) = (accounts.collect(), lots.collect());
        Self { accounts, entries, lots, holds, days, transfers }
    }
}

/// Counts an entry on its day: noon of the first day is minute nought.
fn count(days: &mut Vec<DaySeen>, account: AccountId, it: &model::Entry) {
    let day = (it.effective + 12 * 60).div_euclid(24 * 60);
    if !days.iter().any(|it| (it.0, it.1) == (account, day)) {
        days.push((account, day, 0, 0, 0));
    }
    let of = days.iter_mut().find(|it| (it.0, it.1) == (account, day)).expect("it is there");
    match it.flow {
        Flow::Expiry => of.4 -= it.amount,
        Flow::Plain if 0 < it.amount => of.2 += it.amount,
        Flow::Plain => of.3 -= it.amount,
        Flow::Correction if 0 < it.amount => of.3 -= it.amount,
        Flow::Correction => of.2 += it.amount,
    }
}
