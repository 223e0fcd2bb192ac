//! A tenant that has left: nothing of it stays in the books, and its neighbour's add up.

use socle_books::verify::Tenants;
use socle_ledger::MODULE;
use socle_testkit::elsewhere;

use crate::world::{ALICE, World, rules};

/// Rows of one tenant or the other in all tables of the schema: how many, and a checksum.
async fn rows(world: &World, of: &str) -> Vec<(String, i64, i64)> {
    let tables = "select c.relname::text from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where n.nspname = 'socle_ledger' and c.relkind in ('r', 'p')
            and not c.relispartition
        order by 1";
    let mut session = world.database.superuser().await;
    let names: Vec<String> =
        sqlx::query_scalar(tables).fetch_all(&mut session).await.expect("the tables");
    let mut all = Vec::new();
    for name in names {
        let from = format!("from socle_ledger.{name} as it where tenant_id = '{of}'");
        let count = world.database.number(&format!("select count(*) {from}")).await;
        let sum = "coalesce(sum(hashtextextended(it::text, 0)) % 1000000007, 0)::bigint";
        let sum = world.database.number(&format!("select {sum} {from}")).await;
        all.push((name, count, sum));
    }
    all
}

#[tokio::test]
async fn an_erased_tenant_leaves_no_row_and_its_neighbour_s_books_are_whole() {
    let world = World::new().await;
    let there = elsewhere(&world.cx);
    world.bought(ALICE, "2029-06-15", "29.33").await;
    world.burn(&world.cx, ALICE, 5).await.expect("points are spent");
    let theirs = world.ledger.define_programme(&there, rules("Theirs")).await.expect("made");
    for _ in 0..3 {
        let purchase = world.purchase("their-customer", "2029-06-15", "10.00");
        world.ledger.earn(&there, &theirs, purchase).await.expect("points are given");
    }
    let [ours, gone] = [&world.cx, &there].map(|it| it.tenant.uuid().to_string());
    let before = rows(&world, &ours).await;
    let had = rows(&world, &gone).await.iter().map(|it| it.1).sum::<i64>();

    let erased = world.database.database.erase(&[MODULE], there.tenant).await.expect("erased");

    assert_eq!(i64::try_from(erased), Ok(had));
    assert!(0 < had && rows(&world, &gone).await.iter().all(|it| it.1 == 0));
    assert_eq!(rows(&world, &ours).await, before);
    let report = world.ledger.verify(Tenants::All).await.expect("it runs");
    assert!(report.is_conserved && report.differences.is_empty(), "{report:?}");
}
