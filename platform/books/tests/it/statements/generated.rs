//! A hundred thousand entries in fifty tenants, written by the server itself.

use socle_testkit::TestDatabase;
use uuid::Uuid;

/// The tables that are filled, and that nothing may scan.
pub(super) const TABLES: [&str; 12] = [
    "account",
    "transfer",
    "entry",
    "rollup",
    "lot",
    "lot_move",
    "hold",
    "hold_lot",
    "metadata",
    "journal",
    "idempotency",
    "inspection_finding",
];

pub(super) fn tenant(n: u32) -> Uuid {
    Uuid::from_u128(0x7E7A_0000_0000 + u128::from(n))
}

/// `t` and `n` name the rows of a tenant; `id(kind, n)` is the same in all of them.
const FILL: &str = "
    create function pg_temp.tenant(t bigint) returns uuid language sql immutable
        return lpad('7e7a' || lpad(to_hex(t), 8, '0'), 32, '0')::uuid;
    create function pg_temp.id(kind text, n bigint) returns uuid language sql immutable
        return md5(kind || n)::uuid;
    create temp table place as
        select pg_temp.tenant(t) as tenant, n,
               timestamptz '2029-01-01' + n * interval '4 hours' as time
        from generate_series(0, 49) as t, generate_series(0, 1999) as n;
    insert into socle_shop.account
        select tenant, pg_temp.id('a', n), 'EUR', 'owner:' || n, 'test', 1, null, null,
               pg_temp.id('a', 0), false, 0, 0, 0, 20, time
        from place where n < 200;
    insert into socle_shop.entry
        select tenant, pg_temp.id('a', n % 200), n / 200 + 1, pg_temp.id('t', n / 2), 1, 1, time, 0
        from place;
    insert into socle_shop.transfer
        select tenant, pg_temp.id('t', n), n + 1, 'move', 0, time, time,
               array[pg_temp.id('a', 2 * n % 200), pg_temp.id('a', (2 * n + 1) % 200)],
               array[n / 100 + 1, n / 100 + 1], 'person', 'me', tenant, null,
               case n % 5 when 0 then pg_temp.id('t', n + 5000) end,
               case n % 3 when 0 then pg_temp.id('h', n) end, 1
        from place where n < 400;
    insert into socle_shop.rollup
        select tenant, pg_temp.id('a', n % 200), date '2029-01-01' + (n / 200)::int, 1, 0, 0
        from place where n < 400;
    insert into socle_shop.lot
        select tenant, pg_temp.id('a', n % 200), n / 200 + 1, pg_temp.id('t', n / 2), 10,
               case n % 4 when 0 then 10 else 0 end, 0, time, time + interval '1 year'
        from place where n < 400;
    insert into socle_shop.lot_move
        select tenant, pg_temp.id('a', n % 200), n / 200 + 1, 1, 1 from place where n < 400;
    insert into socle_shop.hold
        select tenant, pg_temp.id('h', n), pg_temp.id('a', n % 200), pg_temp.id('a', 7), 1, 0,
               case n % 9 when 0 then 'open' else 'voided' end, 'hold', time, time, 1
        from place where n < 400;
    insert into socle_shop.hold_lot
        select tenant, pg_temp.id('h', n), pg_temp.id('a', n % 200), 1, 1 from place where n < 400;
    insert into socle_shop.metadata
        select tenant, 'order', n::text, n + 1, pg_temp.id('t', n) from place where n < 400;
    insert into socle_shop.journal
        select pg_temp.tenant(t), 1000 from generate_series(0, 19999) as t;
    insert into socle_shop.idempotency
        select tenant, pg_temp.id('k', n), 1, tenant, time,
               case n % 2 when 0 then time end, array[pg_temp.id('t', n)], null
        from place where n < 400;
    insert into socle_shop.inspection_finding
        select tenant, pg_temp.id('i', n), 1, 'check', 'subject', 'it differs'
        from place where n < 400;";

pub(super) async fn fill(database: &TestDatabase) {
    database.execute(FILL).await;
    database.execute("analyze").await;
}
