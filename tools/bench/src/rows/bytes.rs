//! What a transfer weighs: in the log, on the disk, and table by table.

use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection};

use crate::{
    Failed,
    contest::populate,
    deal::Shape,
    hand::Contestant,
    place::Place,
    report::{Ask, Row},
    round::{Crew, Tally, count},
    verify::verify,
};

const CALLERS: usize = 64;
const WARM_UP: Duration = Duration::from_millis(500);
const TIME: Duration = Duration::from_secs(3);

/// How many tables and indexes are named.
const PARTS_MAX: usize = 14;

const SIZES: &str = "
    select coalesce(sum(pg_total_relation_size(c.oid)), 0)::int8
    from pg_class c where c.relnamespace = 'socle_bench'::regnamespace and c.relkind = 'r'";

/// What the records between two places weigh, and the images of whole pages in them.
const WAL: &str = "
    select sum(record_size)::int8, sum(fpi_size)::int8 from pg_get_wal_stats('{from}', '{to}')";

/// The same by table and index; a record that touches several counts for its first.
const SHARES: &str = "
    select coalesce(c.relname::text, 'commits and the rest') as name,
           sum(w.record_length - w.fpi_length)::int8 as bytes
    from pg_get_wal_records_info('{from}', '{to}') as w
    left join pg_class c
        on c.relfilenode = substring(w.block_ref from 'rel [0-9]+/[0-9]+/([0-9]+)')::oid
    group by 1 order by 2 desc";

/// What the server wrote while a crew worked.
struct Written {
    posted: f64,
    records: f64,
    images: f64,
    disk: f64,
    shares: Vec<(String, f64)>,
}

pub(super) async fn bytes(place: &Place) -> Result<Row, Failed> {
    let books = written(place, Contestant::Books).await?;
    let locks = written(place, Contestant::Locks).await?;
    let mut row = Row::new("bytes", "64 callers, between 50 accounts: bytes a transfer")
        .asked("books, log", books.of(books.records + books.images), "B", Ask::AtMost(1_300.0))
        .with("  of it images of whole pages", books.of(books.images), "B")
        .with("books, disk", books.of(books.disk), "B")
        .with("rows locked, log", locks.of(locks.records + locks.images), "B")
        .with("rows locked, disk", locks.of(locks.disk), "B");
    for (name, share) in books.shares.iter().take(PARTS_MAX) {
        row = row.with(format!("books, log, {name}"), books.of(*share), "B");
    }
    Ok(row)
}

async fn written(place: &Place, who: Contestant) -> Result<Written, Failed> {
    let ground = place.ground().await?;
    let posted = populate(&ground, Shape::Accounts).await?;
    let hands = who.hands(&ground, CALLERS).await?;
    let crew = Crew::new(hands, Shape::Accounts, 1);
    let warm = crew.work(WARM_UP).await?;
    let mut admin = ground.admin().await?;
    let (from, disk_before) = (place_in_log(&mut admin).await?, size(&mut admin).await?);
    let tally = crew.work(TIME).await?;
    let (to, disk_after) = (place_in_log(&mut admin).await?, size(&mut admin).await?);
    drop(crew);
    let found = weigh(&mut admin, &from, &to).await?;
    let told = Tally { posted: posted + warm.posted + tally.posted, ..Tally::default() };
    verify(&ground, &told).await?;
    place.clear(ground).await?;
    Ok(Written { posted: count(tally.posted), disk: disk_after - disk_before, ..found })
}

async fn weigh(admin: &mut PgConnection, from: &str, to: &str) -> Result<Written, Failed> {
    let between = |sql: &str| AssertSqlSafe(sql.replace("{from}", from).replace("{to}", to));
    let (records, images): (i64, i64) = sqlx::query_as(between(WAL)).fetch_one(&mut *admin).await?;
    let shares: Vec<(String, i64)> = sqlx::query_as(between(SHARES)).fetch_all(admin).await?;
    let shares = shares.into_iter().map(|(name, bytes)| (name, whole(bytes))).collect();
    let (records, images) = (whole(records), whole(images));
    Ok(Written { posted: 0.0, records, images, disk: 0.0, shares })
}

async fn place_in_log(admin: &mut PgConnection) -> Result<String, Failed> {
    let place = sqlx::query_scalar("select pg_current_wal_flush_lsn()::text");
    Ok(place.fetch_one(admin).await?)
}

async fn size(admin: &mut PgConnection) -> Result<f64, Failed> {
    Ok(whole(sqlx::query_scalar(SIZES).fetch_one(admin).await?))
}

fn whole(it: i64) -> f64 {
    count(it.unsigned_abs())
}

impl Written {
    fn of(&self, bytes: f64) -> f64 {
        bytes / self.posted
    }
}
