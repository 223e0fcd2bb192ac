//! A shop at one entrance: what the tests do to the books, and what they look at afterwards.

use std::time::Duration;

use socle_books::{
    Bounds, Command, Error, Leg, NewAccount, NewHold, Posted, Receipt, Refusal, Transfer, Unit,
    preview,
};
use socle_db::Tx;
use socle_kernel::{AccountId, Cx, HoldId, Id, Timestamp, TransferId};
use socle_testkit::{Clock, cx};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::world::{ENTRANCES, Entrance, World, account, amount, new_account, refusal, transfer};

/// Gives value out; may be overdrawn.
pub(crate) const BANK: u32 = 1;
/// Never overdrawn.
pub(crate) const ALICE: u32 = 2;
pub(crate) const BOB: u32 = 3;
/// Its value lies in lots, which expire to [`BREAKAGE`].
pub(crate) const CAROL: u32 = 4;
pub(crate) const BREAKAGE: u32 = 5;
/// What somebody owes: never above zero.
pub(crate) const DEBT: u32 = 6;

pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 24 * HOUR;

/// One tenant, one clock, one entrance.
pub(crate) struct Shop<'w> {
    pub(crate) world: &'w World,
    pub(crate) admin: PgPool,
    pub(crate) by: Entrance,
    pub(crate) clock: Clock,
    caller: Cx,
}

/// A lot as a test sees it: what it brought, what remains, what is set aside.
pub(crate) type LotSeen = (i64, i64, i64);

/// Plays a test at each entrance, in one database and two tenants.
pub(crate) async fn at_both_entrances(test: impl AsyncFn(&Shop<'_>)) {
    let world = World::new().await;
    for (by, tenant) in ENTRANCES.into_iter().zip(1..) {
        test(&Shop::new(&world, by, tenant)).await;
    }
}

impl<'w> Shop<'w> {
    pub(crate) fn new(world: &'w World, by: Entrance, tenant: u128) -> Self {
        let admin = world.database.superusers(2);
        let caller = cx().in_tenant(Id::from_uuid(Uuid::from_u128(tenant)));
        Self { world, admin, by, clock: Clock::at_noon(), caller }
    }

    pub(crate) fn cx(&self) -> Cx {
        self.clock.cx(&self.caller)
    }

    pub(crate) fn id<N>(&self) -> Id<N> {
        self.caller.new_id()
    }

    pub(crate) fn unit(&self) -> Unit {
        Unit::new(&self.cx())
    }

    pub(crate) async fn submit(&self, unit: Unit) -> Result<Receipt, Error> {
        self.world.submit(self.by, &self.cx(), unit).await
    }

    /// Submits what takes effect.
    pub(crate) async fn done(&self, unit: Unit) -> Receipt {
        self.submit(unit).await.expect("the unit takes effect")
    }

    /// Submits what is refused, and sees that it changed nothing.
    pub(crate) async fn refused(&self, unit: Unit) -> Refusal {
        let before = self.rows().await;
        let refusal = refusal(self.submit(unit).await);
        assert!(self.rows().await == before, "a refused unit leaves no trace");
        refusal
    }

    /// One command that takes effect.
    pub(crate) async fn does(&self, command: Command) -> Receipt {
        self.done(self.unit().with(command)).await
    }

    /// One command that is refused.
    pub(crate) async fn denies(&self, command: Command) -> Refusal {
        self.refused(self.unit().with(command)).await
    }

    /// What a unit would do.
    pub(crate) async fn preview(&self, unit: &Unit) -> Result<Receipt, Error> {
        let work = async |tx: &mut Tx| preview(tx, unit).await;
        self.world.db.run(&self.cx(), work).await
    }

    /// Opens the accounts that most tests need.
    pub(crate) async fn opened(&self) {
        let accounts = [
            new_account(BANK, Bounds::NONE),
            new_account(ALICE, Bounds::NOT_NEGATIVE),
            new_account(BOB, Bounds::NOT_NEGATIVE),
            new_account(BREAKAGE, Bounds::NONE),
            with_lots(CAROL),
            new_account(DEBT, Bounds::NOT_POSITIVE),
        ];
        let opened = accounts.into_iter().map(Command::Open);
        self.done(opened.fold(self.unit(), Unit::with)).await;
    }

    /// A transfer that counts when it is recorded.
    pub(crate) fn moving(&self, from: u32, to: u32, minor: i32) -> Transfer {
        transfer(self.id(), from, to, minor)
    }

    /// A transfer with these legs.
    pub(crate) fn posting(&self, legs: Vec<Leg>) -> Command {
        Command::Post(Transfer { legs, ..self.moving(BANK, ALICE, 1) })
    }

    pub(crate) async fn moves(&self, from: u32, to: u32, minor: i32) -> Posted {
        let receipt = self.does(Command::Post(self.moving(from, to, minor))).await;
        crate::world::only(&receipt).clone()
    }

    /// What brings a lot to Carol.
    pub(crate) fn earning(&self, minor: i32, effective: i64, expires: Option<i64>) -> Transfer {
        let credit = Leg::credit(account(CAROL), amount(minor)).expiring(expires.map(at));
        let legs = vec![Leg::debit(account(BANK), amount(minor)), credit];
        Transfer { legs, effective_at: Some(at(effective)), ..self.moving(BANK, CAROL, minor) }
    }

    pub(crate) async fn earns(&self, minor: i32, expires: Option<i64>) -> TransferId {
        let now = (self.clock.now().micros() - at(0).micros()) / 1_000_000;
        let transfer = self.earning(minor, now, expires);
        let id = transfer.id;
        self.does(Command::Post(transfer)).await;
        id
    }

    pub(crate) fn holding(&self, from: u32, to: u32, minor: i32, expires: i64) -> NewHold {
        NewHold {
            id: self.id(),
            kind: "reserve".to_owned(),
            account: account(from),
            counter: account(to),
            amount: amount(minor),
            expires_at: at(expires),
        }
    }

    pub(crate) async fn holds(&self, from: u32, to: u32, minor: i32, expires: i64) -> HoldId {
        let hold = self.holding(from, to, minor, expires);
        let id = hold.id;
        self.does(Command::Hold(hold)).await;
        id
    }

    /// A number about this tenant, whose identifier stands for `$1`.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let asked = sqlx::query_scalar(sql).bind(self.caller.tenant.uuid());
        asked.fetch_one(&self.admin).await.expect("the question has an answer")
    }

    /// (balance, pending debit, pending credit) of an account.
    pub(crate) async fn figures(&self, n: u32) -> (i64, i64, i64) {
        let sql = "select balance, pending_debit, pending_credit from socle_shop.account
                   where tenant_id = $1 and id = $2";
        let asked = sqlx::query_as(sql).bind(self.caller.tenant.uuid()).bind(account(n).uuid());
        asked.fetch_one(&self.admin).await.expect("the account is there")
    }

    pub(crate) async fn balance(&self, n: u32) -> i64 {
        self.figures(n).await.0
    }

    /// Carol's lots, in the order in which they came.
    pub(crate) async fn lots(&self) -> Vec<LotSeen> {
        let sql = "select amount, remaining, reserved from socle_shop.lot
                   where tenant_id = $1 and account_id = $2 order by seq";
        let asked = sqlx::query_as(sql).bind(self.caller.tenant.uuid()).bind(account(CAROL).uuid());
        asked.fetch_all(&self.admin).await.expect("the lots are read")
    }

    pub(crate) async fn hold_states(&self) -> Vec<(String, i64)> {
        let sql = "select state, captured from socle_shop.hold where tenant_id = $1 order by id";
        let asked = sqlx::query_as(sql).bind(self.caller.tenant.uuid());
        asked.fetch_all(&self.admin).await.expect("the holds are read")
    }

    /// Every row of the tenant's books but kept keys, as text: two equal texts, equal books.
    pub(crate) async fn rows(&self) -> String {
        let tenant = self.caller.tenant.uuid();
        let tables = [
            "account", "transfer", "entry", "rollup", "lot", "lot_move", "hold", "hold_lot",
            "metadata", "journal", "outbox",
        ];
        let each = tables.map(|it| {
            format!(
                "select '{it} ' || (to_jsonb(t) - 'xid' - 'tenant_id')::text as line
                 from socle_shop.{it} as t where tenant_id = '{tenant}'"
            )
        });
        let each = each.join(" union all ");
        let sql = format!(
            "select coalesce(string_agg(line, E'\\n' order by line), '') from ({each})
                           as every"
        );
        let asked = sqlx::query_scalar(AssertSqlSafe(sql));
        asked.fetch_one(&self.admin).await.expect("the books are read")
    }
}

/// `seconds` after noon on 1 January 2030.
pub(crate) fn at(seconds: i64) -> Timestamp {
    let noon = cx().now.to_jiff();
    (noon + jiff::SignedDuration::from_secs(seconds)).into()
}

/// One microsecond before.
pub(crate) fn just_before(moment: Timestamp) -> Timestamp {
    (moment.to_jiff() - Duration::from_micros(1)).into()
}

/// A transfer between two accounts, at a moment.
pub(crate) fn effective(transfer: Transfer, at: Timestamp) -> Transfer {
    Transfer { effective_at: Some(at), ..transfer }
}

/// An account of lots that are worth nothing to [`BREAKAGE`] when they expire.
pub(crate) fn with_lots(n: u32) -> NewAccount {
    NewAccount { expires_to: Some(account(BREAKAGE)), ..new_account(n, Bounds::NOT_NEGATIVE) }
}

pub(crate) fn debit(n: u32, minor: i32) -> Leg {
    Leg::debit(account(n), amount(minor))
}

pub(crate) fn credit(n: u32, minor: i32) -> Leg {
    Leg::credit(account(n), amount(minor))
}

pub(crate) fn figures_of(posted: &Posted) -> Vec<(AccountId, i64, i64, i64)> {
    let legs = posted.legs.iter();
    legs.map(|it| (it.account, it.seq, it.amount.minor(), it.balance.minor())).collect()
}
