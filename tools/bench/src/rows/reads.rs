//! Looking back: a balance as of any moment, and a page of a year's statement, however long the
//! account's history is.

use std::time::{Duration, Instant};

use socle_books::read;
use socle_db::Db;
use socle_kernel::Timestamp;

use crate::{
    Failed,
    contest::populate,
    deal::{self, Shape},
    place::{self, Ground, MODULE, Place},
    report::{Ask, Look, Row},
    round::{count, median},
    rows::Shown,
};

/// The histories that are made, and one more when the long rows are asked for.
const SIZES: [u32; 2] = [10_000, 1_000_000];
const LONGEST: u32 = 10_000_000;

/// How many moments are asked for, spread over the whole history.
const CALLS: u32 = 200;

/// How many entries a page of the statement has.
const PAGE: i64 = 100;

const DAY: Duration = Duration::from_hours(24);
const DAYS: u32 = 3 * 365;

/// How long the server may take to write down what it explained.
const LOG_PATIENCE: Duration = Duration::from_secs(5);

/// `{size}` earnings of account `{to}` over three years. The other side is left out, because nobody
/// reads it here: what is made this way is looked at, never verified.
const HISTORY: &str = "
    with moved as (
        select gen_random_uuid() as id, n, now() - interval '1096 days'
                   + (n - 1) * (interval '1095 days' / {size}) as at
        from generate_series(1, {size}) as n
    ), transfers as (
        insert into socle_bench.transfer
            (tenant_id, id, number, kind, flow, recorded_at, effective_at, accounts, seqs,
             actortype, actorid, correlation, fingerprint)
        select '{tenant}', id, {to} * 100000000::int8 + n, 'earn', 0, at, at,
               array['{account}'::uuid], array[n + 1], 'system', 'bench', id, 0
        from moved
    ), entries as (
        insert into socle_bench.entry
            (tenant_id, account_id, seq, transfer_id, amount, balance, effective_at, flow)
        select '{tenant}', '{account}', n + 1, id, 1, n, at, 0 from moved
    )
    insert into socle_bench.rollup (tenant_id, account_id, day, credit, debit, expired)
    select '{tenant}', '{account}', (at at time zone 'utc')::date, count(*), 0, 0
    from moved group by 3 order by 3";

pub(super) async fn reads(place: &Place, shown: Shown) -> Result<Row, Failed> {
    let ground = place.ground().await?;
    populate(&ground, Shape::Accounts).await?;
    let longest = (shown == Shown::Long).then_some(LONGEST);
    let mut looks = Vec::new();
    for (to, size) in (1..).zip(SIZES.into_iter().chain(longest)) {
        make(&ground, to, size).await?;
        let database = ground.open();
        looks.push(look(&database.module(MODULE.name), to, size).await?);
        database.close().await;
    }
    let scans = scans(place, &ground).await?;
    place.clear(ground).await?;
    let mut row = Row::new("reads", "one caller, an account with a history of three years");
    for it in &looks {
        let of = |what| format!("{what}, {} entries, p50", it.entries);
        row = row.asked(of("balance as of a moment"), it.as_of_ms, "ms", Ask::AtMost(2.0)).asked(
            of("100 lines of a year"),
            it.statement_ms,
            "ms",
            Ask::AtMost(2.0),
        );
    }
    let whole = scans.iter().filter(|it| it.starts_with("Seq Scan")).count();
    row = row.asked("scans of whole tables", count(whole as u64), "", Ask::AtMost(0.0));
    row.notes = scans;
    row.looks = looks;
    Ok(row)
}

async fn make(ground: &Ground, to: u32, size: u32) -> Result<(), Failed> {
    let sql = HISTORY
        .replace("{size}", &size.to_string())
        .replace("{to}", &to.to_string())
        .replace("{tenant}", &deal::tenant_id(0).uuid().to_string())
        .replace("{account}", &deal::account_id(0, to).uuid().to_string());
    let mut admin = ground.admin().await?;
    place::run(&mut admin, &sql).await?;
    place::run(&mut admin, "vacuum analyze").await
}

async fn look(db: &Db, to: u32, entries: u32) -> Result<Look, Failed> {
    let (mut as_of, mut statement) = (Vec::new(), Vec::new());
    for call in 0..CALLS {
        let (begun, at) = (Instant::now(), moment(call));
        ask_balance(db, to, at).await?;
        as_of.push(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        ask_statement(db, to, at).await?;
        statement.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Look { entries, as_of_ms: median(as_of), statement_ms: median(statement) })
}

/// A moment of the history; an odd step, so that all times of a day are met.
fn moment(call: u32) -> Timestamp {
    let start = deal::cx(0).now.to_jiff() - jiff::SignedDuration::from_hours(i64::from(DAYS) * 24);
    let days = (call * 389) % (DAYS - 366);
    Timestamp::from(start).after(DAY * days + DAY / 1_000 * (call * 7 % 1_000))
}

async fn ask_balance(db: &Db, to: u32, at: Timestamp) -> Result<(), Failed> {
    let cx = deal::cx(0);
    read::as_of(db.read(&cx), deal::account_id(0, to), at, cx.now).await?;
    Ok(())
}

async fn ask_statement(db: &Db, to: u32, from: Timestamp) -> Result<(), Failed> {
    let cx = deal::cx(0);
    let span = read::Span { after: (from, 0), until: from.after(DAY * 365) };
    let page = read::statement(db.read(&cx), deal::account_id(0, to), span, PAGE).await?;
    assert_eq!(page.len(), 100, "the year has more than a page");
    Ok(())
}

/// The scans of both statements as the server ran them over the long history.
async fn scans(place: &Place, ground: &Ground) -> Result<Vec<String>, Failed> {
    let mut admin = ground.admin().await?;
    for (name, value) in [
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_analyze", "on"),
    ] {
        let name_of = &ground.name;
        let set = format!("alter role socle_app in database {name_of} set {name} = '{value}'");
        place::run(&mut admin, &set).await?;
    }
    let before = place.log()?.len();
    let database = ground.open();
    let db = database.module(MODULE.name);
    ask_balance(&db, 2, moment(1)).await?;
    ask_statement(&db, 2, moment(1)).await?;
    database.close().await;
    let begun = Instant::now();
    loop {
        let log = place.log()?.split_off(before);
        if 2 <= log.matches("Query Text").count() && log.contains("transfer_pkey") {
            return Ok(log.lines().filter_map(scan).collect());
        }
        if LOG_PATIENCE < begun.elapsed() {
            return Err(Failed::because("the server explained nothing"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// `Index Scan using … on … (rows …)` of a line of a plan that scans a table.
fn scan(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches("->").trim();
    let (what, cost) = line.split_once("  (cost=")?;
    let (_, actual) = cost.split_once("(actual ")?;
    let is_scan = what.contains("Scan using") || what.starts_with("Seq Scan");
    is_scan.then(|| format!("{what} ({}", actual.trim()))
}
