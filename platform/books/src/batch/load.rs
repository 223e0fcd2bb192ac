//! Everything that the units of a batch may need, loaded in the order of the keys.

use std::collections::{BTreeSet, HashMap};

use socle_kernel::{Fault, HoldId, TenantId, TransferId};

use super::Care;
use crate::{
    Account, Command, NewAccount, Unit,
    engine::standing::{AccountKey, Known, Original, Standing},
    sql::{Books, load, posted},
};

/// What the units name.
#[derive(Default)]
struct Named {
    accounts: BTreeSet<AccountKey>,
    /// Accounts that may be debited: their lots are needed.
    debited: BTreeSet<AccountKey>,
    holds: BTreeSet<(TenantId, HoldId)>,
    originals: BTreeSet<(TenantId, TransferId)>,
    transfers: BTreeSet<(TenantId, TransferId)>,
}

pub(super) async fn standing(
    books: &mut Books<'_>,
    units: &[&Unit],
    care: Care,
) -> Result<Standing, Fault> {
    let mut named = Named::of(units);
    let mut standing = Standing::default();
    name_what_they_refer_to(books, &mut named, units).await?;
    lock(books, &named.accounts, &mut standing).await?;
    lock_where_new_ones_expire_to(books, &mut standing, units).await?;
    // Under lock, so that a repetition that waited for its first sees it.
    if care == Care::Careful {
        standing.known = known(books, &named).await?;
    }
    load_holds(books, &mut named, &mut standing, units).await?;
    load_originals(books, &named, &mut standing).await?;
    load_lots(books, &named, &mut standing).await?;
    Ok(standing)
}

/// Accounts behind holds, reversals and expiries; none of this ever changes, so no lock is needed.
async fn name_what_they_refer_to(
    books: &mut Books<'_>,
    named: &mut Named,
    units: &[&Unit],
) -> Result<(), Fault> {
    if !named.holds.is_empty() {
        let ids: Vec<_> = named.holds.iter().copied().collect();
        for (tenant, hold) in load::holds(books, &ids, &[], units[0].now).await? {
            named.debit((tenant, hold.account));
            named.accounts.insert((tenant, hold.counter));
        }
    }
    if !named.originals.is_empty() {
        let ids: Vec<_> = named.originals.iter().copied().collect();
        for row in posted::posted_of(books, &ids).await? {
            let tenant = row.tenant_id;
            for leg in crate::Posted::from(row).legs {
                named.debit((tenant, leg.account));
            }
        }
    }
    let expiring: Vec<_> = named.debited.iter().copied().collect();
    if units.iter().any(|it| it.may_expire()) && !expiring.is_empty() {
        named.accounts.extend(load::expires_to(books, &expiring).await?);
    }
    Ok(())
}

async fn lock(
    books: &mut Books<'_>,
    keys: &BTreeSet<AccountKey>,
    standing: &mut Standing,
) -> Result<(), Fault> {
    let keys: Vec<_> = keys.iter().copied().collect();
    if !keys.is_empty() {
        let accounts = load::accounts(books, &keys).await?;
        standing.accounts.extend(accounts.into_iter().map(|(tenant, it)| ((tenant, it.id), it)));
    }
    Ok(())
}

/// Where the value of accounts expires that are not there yet: late, but only once in their life.
async fn lock_where_new_ones_expire_to(
    books: &mut Books<'_>,
    standing: &mut Standing,
    units: &[&Unit],
) -> Result<(), Fault> {
    let mut late = BTreeSet::new();
    for unit in units {
        for command in &unit.commands {
            let Command::Open(NewAccount { id, expires_to: Some(to), .. }) = command else {
                continue;
            };
            let [new, to] = [id, to].map(|it| (unit.tenant, *it));
            if !standing.accounts.contains_key(&new) && !standing.accounts.contains_key(&to) {
                late.insert(to);
            }
        }
    }
    lock(books, &late, standing).await
}

/// The holds that are named, and those that the clock has ended over the accounts at hand.
///
/// The other end of a hold that has ended is locked late, out of the order of keys: two processes
/// that do so at once may deadlock, and one of them is run again.
async fn load_holds(
    books: &mut Books<'_>,
    named: &mut Named,
    standing: &mut Standing,
    units: &[&Unit],
) -> Result<(), Fault> {
    let pending = standing
        .accounts
        .iter()
        .filter(|(_, it)| it.pending_debit.is_positive() || it.pending_credit.is_positive());
    let busy: Vec<_> = pending.map(|(key, _)| *key).collect();
    if busy.is_empty() && named.holds.is_empty() {
        return Ok(());
    }
    let now = units.iter().map(|it| it.now).max().expect("a batch has a unit");
    let ids: Vec<_> = named.holds.iter().copied().collect();
    let holds = load::holds(books, &ids, &busy, now).await?;
    let ends = holds.iter().flat_map(|(tenant, it)| [(*tenant, it.account), (*tenant, it.counter)]);
    let late = ends.filter(|it| !standing.accounts.contains_key(it)).collect();
    lock(books, &late, standing).await?;
    for (tenant, hold) in holds {
        named.debit((tenant, hold.account));
        standing.holds.insert((tenant, hold.id), hold);
    }
    Ok(())
}

async fn load_originals(
    books: &mut Books<'_>,
    named: &Named,
    standing: &mut Standing,
) -> Result<(), Fault> {
    if named.originals.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = named.originals.iter().copied().collect();
    for row in posted::posted_of(books, &ids).await? {
        let tenant = row.tenant_id;
        let posted = crate::Posted::from(row);
        let (is_reversed, moves) = (false, Vec::new());
        let key = (tenant, posted.id);
        standing.originals.insert(key, Original { posted, is_reversed, moves });
    }
    for row in load::moves(books, &ids).await? {
        let original = standing.originals.get_mut(&(row.tenant_id, row.transfer_id));
        let original = original.expect("a transfer does not go away");
        original.is_reversed |= row.is_reversed;
        original.moves.extend(row.lot_move());
    }
    Ok(())
}

async fn load_lots(
    books: &mut Books<'_>,
    named: &Named,
    standing: &mut Standing,
) -> Result<(), Fault> {
    let has_lots = |key: &AccountKey| standing.accounts.get(key).is_some_and(Account::has_lots);
    let keys: Vec<_> = named.debited.iter().copied().filter(has_lots).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let moves = standing.originals.iter().flat_map(|((tenant, _), it)| {
        it.moves.iter().map(move |(account, it)| ((*tenant, *account), it.lot_seq))
    });
    let moves: BTreeSet<_> = moves.collect();
    let moves: Vec<_> = moves.into_iter().collect();
    for (key, lot) in load::lots(books, &keys, &moves).await? {
        standing.lots.entry(key).or_default().push(lot);
    }
    for lots in standing.lots.values_mut() {
        lots.sort_by_key(|it| (it.effective_at, it.seq));
    }
    let Standing { holds, lots, .. } = standing;
    for ((tenant, _), hold) in holds {
        if let Some(lots) = lots.get(&(*tenant, hold.account)) {
            hold.parts.sort_by_key(|(seq, _)| lots.iter().position(|it| it.seq == *seq));
        }
    }
    Ok(())
}

async fn known(
    books: &mut Books<'_>,
    named: &Named,
) -> Result<HashMap<(TenantId, TransferId), Known>, Fault> {
    let ids: Vec<_> = named.transfers.iter().copied().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = posted::posted_of(books, &ids).await?.into_iter().map(|row| {
        let (tenant, fingerprint) = (row.tenant_id, row.fingerprint);
        let posted = crate::Posted::from(row);
        ((tenant, posted.id), Known { fingerprint, posted })
    });
    Ok(rows.collect())
}

impl Named {
    fn of(units: &[&Unit]) -> Self {
        let mut named = Self::default();
        for unit in units {
            let tenant = unit.tenant;
            named.transfers.extend(unit.transfers().map(|it| (tenant, it)));
            for command in &unit.commands {
                named.command(tenant, command);
            }
        }
        named
    }

    fn command(&mut self, tenant: TenantId, command: &Command) {
        match command {
            Command::Open(it) => {
                self.accounts.insert((tenant, it.id));
            }
            Command::Post(it) => {
                for leg in &it.legs {
                    let accounts = [Some(leg.account), leg.overflow].into_iter().flatten();
                    for key in accounts.map(|it| (tenant, it)) {
                        self.accounts.insert(key);
                        if leg.amount.is_negative() {
                            self.debited.insert(key);
                        }
                    }
                }
            }
            Command::Hold(it) => {
                self.debit((tenant, it.account));
                self.accounts.insert((tenant, it.counter));
                self.holds.insert((tenant, it.id));
            }
            Command::Capture(it) => {
                self.holds.insert((tenant, it.hold));
            }
            Command::Void(it) | Command::Release(it) => {
                self.holds.insert((tenant, *it));
            }
            Command::Reverse(it) => {
                self.originals.insert((tenant, it.of));
            }
            Command::Expire(it) => self.debit((tenant, *it)),
            Command::Close(it) => {
                self.accounts.insert((tenant, *it));
            }
        }
    }

    fn debit(&mut self, key: AccountKey) {
        self.accounts.insert(key);
        self.debited.insert(key);
    }
}

impl Unit {
    /// Whether value may move to where expired value goes.
    fn may_expire(&self) -> bool {
        self.commands.iter().any(|it| matches!(it, Command::Expire(_) | Command::Reverse(_)))
    }
}
