//! Runs everything that the books can do, and tells what their sessions prepared.

use futures_util::future::{join_all, join3};
use socle_books::{
    Capture, Command, Key, Memo, Reversal, Unit, inspect, last_inspection, read, verify::Announced,
    work::Desk,
};
use socle_db::{Reader, Tx};
use socle_kernel::{Asset, Fault, Timestamp};

use crate::{
    notes::{announce, note},
    shop::{ALICE, BANK, BOB, CAROL, DAY, HOUR, Shop, at},
    world::{ENTRANCES, World, account, amount},
};

/// A statement as a session of the program prepared it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Prepared {
    pub(super) sql: String,
    pub(super) types: Vec<String>,
}

/// Waits at the gate, so that no session is asked twice.
const PREPARED: &str = "
    with gate as materialized (select pg_advisory_xact_lock_shared(47))
    select statement as sql, parameter_types::text[] as types
    from gate, pg_prepared_statements
    where statement like '%socle_shop.%' and $1::uuid is not null";
const CLOSE: &str = "select pg_advisory_lock(47)";
const OPEN: &str = "select pg_advisory_unlock(47)";
const WAITING: &str = "
    select count(*) from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())";

/// How many sessions the pools have.
const SESSIONS: usize = 16;
const READERS: usize = 4;

pub(super) async fn all(world: &World) -> Vec<Prepared> {
    for (by, tenant) in ENTRANCES.into_iter().zip(1..) {
        commands(&Shop::new(world, by, tenant)).await;
    }
    forgetting(world).await;
    by_itself(world).await;
    let shop = Shop::new(world, ENTRANCES[0], 1);
    reads(&shop).await.expect("everything is read");
    let mut found = prepared(world, &shop).await;
    found.sort_unstable_by(|one, other| one.sql.cmp(&other.sql));
    found.dedup_by(|one, other| one.sql == other.sql);
    // An inspection verifies, which reads everything by design.
    let verifies = ["with d as materialized", "as is_conserved", "'enable_nestloop'"];
    found.retain(|it| !verifies.iter().any(|part| it.sql.contains(part)));
    found
}

/// Asks every session of both pools.
async fn prepared(world: &World, shop: &Shop<'_>) -> Vec<Prepared> {
    let cx = shop.cx();
    let mut gate = world.database.superuser().await;
    sqlx::query(CLOSE).execute(&mut gate).await.expect("the gate closes");
    let look = async |tx: &mut Tx| tx.sql(PREPARED).all("look").await;
    let sessions = (0..SESSIONS).map(|_| world.db.run::<Vec<Prepared>, Fault>(&cx, look));
    let readers = (0..READERS).map(|_| world.db.read(&cx).sql(PREPARED).all("look"));
    let opening = async {
        let all = i64::try_from(SESSIONS + READERS).expect("few");
        while sqlx::query_scalar::<_, i64>(WAITING).fetch_one(&mut gate).await.expect("asked") < all
        {
            tokio::task::yield_now().await;
        }
        sqlx::query(OPEN).execute(&mut gate).await.expect("the gate opens");
    };
    let asked = join3(join_all(sessions), join_all(readers), opening);
    let (sessions, readers, ()) = asked.await;
    let told = sessions.into_iter().chain(readers);
    told.flat_map(|it| it.expect("the session tells")).collect()
}

async fn commands(shop: &Shop<'_>) {
    shop.opened().await;
    let key = |name: &str| Key::new("statements", name, &());
    let mut earn = shop.earning(50, 0, Some(3 * HOUR));
    earn.memo.metadata = vec![("order".to_owned(), "7".to_owned())];
    let unit = shop.unit().keyed(key("earn")).announcing(announce).with_row(note("n", 1));
    let unit = unit.with(Command::Post(earn));
    shop.done(unit.clone()).await;
    shop.done(unit.keyed(key("another"))).await;
    let burn = shop.moves(CAROL, BANK, 50).await;
    shop.does(reverse(shop, burn.id)).await;
    shop.earns(50, None).await;
    let hold = shop.holds(CAROL, ALICE, 20, DAY).await;
    let id = shop.id();
    let part = Capture { id, hold, amount: Some(amount(5)), memo: Memo::default() };
    shop.does(Command::Capture(part)).await;
    shop.does(Command::Void(hold)).await;
    shop.holds(CAROL, ALICE, 20, HOUR).await;
    shop.clock.move_by(4 * HOUR);
    shop.done(shop.unit().keyed(key("expire")).with(Command::Expire(account(CAROL)))).await;
    let beyond = shop.unit().with(Command::Post(shop.moving(BOB, BANK, 1)));
    shop.submit(beyond.keyed(key("beyond"))).await.expect_err("Bob has nothing");
    let unit = shop.unit().keyed(key("kept")).with(Command::Post(shop.moving(BOB, BANK, 1)));
    keep_refusal(shop, &unit).await;
}

fn reverse(shop: &Shop<'_>, of: socle_kernel::TransferId) -> Command {
    let (id, kind, memo) = (shop.id(), "reverse".to_owned(), Memo::default());
    Command::Reverse(Reversal { id, of, kind, memo })
}

async fn keep_refusal(shop: &Shop<'_>, unit: &Unit) {
    let work = async |tx: &mut Tx| -> Result<_, Fault> { Ok(socle_books::post(tx, unit).await) };
    let kept = shop.world.db.run(&shop.cx(), work).await.expect("the transaction commits");
    kept.expect_err("Bob has nothing");
}

/// Forgets nothing, but asks.
async fn forgetting(world: &World) {
    let forgotten = socle_books::forget_keys(&world.db, at(-DAY)).await;
    assert_eq!(forgotten.expect("they are looked for"), 0);
}

/// What is due in all tenants, and what inspections keep; one of them finds damage.
async fn by_itself(world: &World) {
    let shop = Shop::new(world, ENTRANCES[0], 1);
    let (cx, desk) = (shop.cx(), Desk { db: &world.db, books: &world.sequencer });
    desk.release_some(at(-DAY), |_| shop.unit()).await.expect("they are looked for");
    let damage = "update socle_shop.rollup set credit = credit + ";
    world.database.execute(&format!("{damage} 1")).await;
    let inspection = (&cx, shop.id());
    inspect(&world.db, inspection, Announced::Partly, (&[], &|_, _, _| {}))
        .await
        .expect("it is kept");
    world.database.execute(&format!("{damage} -1")).await;
    last_inspection(&world.db).await.expect("it is found");
}

async fn reads(shop: &Shop<'_>) -> Result<(), Fault> {
    let cx = shop.cx();
    let db = &shop.world.db;
    let books = || -> Reader<'_> { db.read(&cx) };
    let (carol, now): (_, Timestamp) = (account(CAROL), cx.now);
    let asset: Asset = "EUR".parse().expect("an asset");
    let (first, last) = (at(-DAY).day(), at(0).day());
    let own = read::account(books(), carol).await?.expect("Carol has an account").owner;
    read::accounts(books(), read::Filter { owner: Some(&own) }, None, 10).await?;
    read::accounts(books(), read::Filter::default(), Some(carol), 10).await?;
    read::as_of(books(), carol, now, now).await?;
    read::entries(books(), carol, 0, 10).await?;
    let span = read::Span { after: (at(-DAY), 0), until: now };
    read::statement(books(), carol, span, 10).await?;
    read::open_lots(books(), carol, now, now).await?;
    read::expiring(books(), &asset, now, at(DAY)).await?;
    read::due(books(), now, 10).await?;
    read::totals(books(), last, now).await?;
    read::days(books(), &asset, &["test"], (first, last), now).await?;
    let journal = read::journal(books(), 0, 10).await?;
    read::transfer(books(), journal[0].id).await?.expect("the first transfer");
    read::search(books(), ("order", "7"), 0, 10).await?;
    read::hold(books(), shop.id()).await?;
    Ok(())
}
