//! What is asked of every contestant: one transfer of two legs, its event and its key.

use serde::{Deserialize, Serialize};
use socle_books::{
    Announcement, Bounds, Command, Flow, Key, Leg, Memo, NewAccount, Side, Transfer, Unit,
};
use socle_events::Fact;
use socle_kernel::{AccountId, Actor, Amount, Cx, Event, Fault, Id, Revision, TenantId, Timestamp};
use uuid::Uuid;

/// What is moved.
pub(crate) const ASSET: &str = "points:bench";

/// The module's word for the movement.
pub(crate) const KIND: &str = "earn";

/// How many accounts and tenants there are, beside those that issue.
pub(crate) const MANY: u32 = 50;

/// One movement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deal {
    pub(crate) tenant: u32,
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// Which movements are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// All from the issuance to one customer: both are hot.
    Hot,
    /// Between any two of 50 accounts of one tenant.
    Accounts,
    /// As `Hot`, in 50 tenants.
    Tenants,
    /// As `Hot`, but every second is refused: its payer has nothing.
    HalfRefused,
}

/// Account 0 issues, 1 to 50 are customers with plenty, 51 has nothing.
const ISSUANCE: u32 = 0;
const POOR: u32 = MANY + 1;

impl Shape {
    /// The `n`th movement.
    pub(crate) fn deal(self, n: u64) -> Deal {
        let dice = mix(n);
        let one = |shift: u32| u32::try_from((dice >> shift) % u64::from(MANY)).unwrap_or(0);
        match self {
            Self::Tenants => Deal { tenant: one(0), from: ISSUANCE, to: 1 },
            Self::HalfRefused if n.is_multiple_of(2) => Deal { tenant: 0, from: POOR, to: 1 },
            Self::Hot | Self::HalfRefused => Deal { tenant: 0, from: ISSUANCE, to: 1 },
            Self::Accounts => {
                let (from, step) = (one(0), 1 + one(32) % (MANY - 1));
                Deal { tenant: 0, from: 1 + from, to: 1 + (from + step) % MANY }
            }
        }
    }

    pub(crate) fn tenants(self) -> u32 {
        if self == Self::Tenants { MANY } else { 1 }
    }
}

/// `splitmix64`: the same movements for every contestant.
fn mix(n: u64) -> u64 {
    let z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A caller in this tenant, now.
#[expect(clippy::disallowed_methods, reason = "a bench stands where the edges do")]
pub(crate) fn cx(tenant: u32) -> Cx {
    let person = Actor::Person(Id::from_uuid(Uuid::from_u128(0xA11CE)));
    Cx::new(tenant_id(tenant), person, Timestamp::now())
}

pub(crate) fn tenant_id(tenant: u32) -> TenantId {
    Id::from_uuid(Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + u128::from(tenant)))
}

/// Different in each tenant, as real ones are.
pub(crate) fn account_id(tenant: u32, account: u32) -> AccountId {
    let place = (u128::from(tenant) << 32) + u128::from(account);
    Id::from_uuid(Uuid::from_u128(0x0198_0000_0000_7000_9000_0000_0000_0000 + place))
}

/// What opens a tenant's accounts and gives the customers plenty.
pub(crate) fn opening(tenant: u32) -> Vec<Unit> {
    let cx = cx(tenant);
    let accounts = (0..=POOR).map(|account| {
        let bounds = if account == ISSUANCE { Bounds::NONE } else { Bounds::NOT_NEGATIVE };
        Unit::new(&cx).with(Command::Open(NewAccount {
            id: account_id(tenant, account),
            asset: ASSET.parse().expect("an asset"),
            owner: format!("customer:{account:05}").parse().expect("an owner"),
            purpose: "points".parse().expect("a purpose"),
            side: Side::Credit,
            bounds,
            expires_to: None,
        }))
    });
    let funds = (1..=MANY).map(|to| {
        let deal = Deal { tenant, from: ISSUANCE, to };
        deal.unit_of(Amount::from(1_000_000_000))
    });
    accounts.chain(funds).collect()
}

impl Deal {
    /// The unit that asks for it.
    pub(crate) fn unit(&self) -> Unit {
        self.unit_of(Amount::from(1))
    }

    fn unit_of(self, amount: Amount) -> Unit {
        let cx = cx(self.tenant);
        let id = cx.new_id();
        let (from, to) = (account_id(self.tenant, self.from), account_id(self.tenant, self.to));
        let transfer = Transfer {
            id,
            kind: KIND.to_owned(),
            flow: Flow::Plain,
            effective_at: None,
            legs: vec![Leg::credit(to, amount), Leg::debit(from, amount)],
            memo: Memo::default(),
        };
        let key = Key::new("post /transactions", &id.to_string(), &transfer);
        Unit::new(&cx).keyed(key).with(Command::Post(transfer)).announcing(announce)
    }
}

/// What is told of a movement.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TransactionPosted {
    pub(crate) transaction: String,
    pub(crate) kind: String,
    pub(crate) legs: Vec<LegPosted>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LegPosted {
    pub(crate) account: String,
    pub(crate) seq: i64,
    pub(crate) amount: i64,
    pub(crate) balance: i64,
}

impl Event for TransactionPosted {
    const TYPE: &str = "bench.transaction.posted";
    const TOPIC: &str = "bench.transactions.v1";

    fn partition_key(&self) -> String {
        self.legs[0].account.clone()
    }

    fn sequence(&self) -> Revision {
        Revision::counted(self.legs[0].seq)
    }
}

fn announce(it: &Announcement<'_>) -> Result<Fact, Fault> {
    let legs = it.posted.legs.iter().map(|leg| LegPosted {
        account: leg.account.to_string(),
        seq: leg.seq,
        amount: leg.amount.minor(),
        balance: leg.balance.minor(),
    });
    let event = TransactionPosted {
        transaction: it.posted.id.to_string(),
        kind: it.posted.kind.clone(),
        legs: legs.collect(),
    };
    let id = Id::from_uuid(it.posted.id.uuid());
    Fact::of(&event, id, it.tenant, it.posted.recorded_at, it.author.clone())
}
