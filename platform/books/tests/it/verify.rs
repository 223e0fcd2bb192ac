//! Verifying finds every class of damage, and nothing in books that were only kept.

mod damage;
mod played;

use std::collections::BTreeSet;

use socle_books::verify::{Announced, Report, Tenants, checks, verify};
use socle_kernel::TenantId;
use socle_testkit::{cx, elsewhere};

use crate::world::{World, account};
use damage::Damage;
use played::{COUNTS, CUSTOMER, EVENT, filled, played};

#[tokio::test]
async fn books_with_everything_in_use_are_in_order() {
    let world = played().await;

    let report = verified(&world, Tenants::All).await;

    let nothing: [_; 0] = [];
    assert_eq!(report.differences, nothing);
    assert_eq!([report.accounts, report.transactions, report.entries], COUNTS.map(|it| 2 * it));
    assert!(report.is_conserved && report.omitted == 0);
}

#[tokio::test]
async fn empty_books_are_in_order() {
    let report = verified(&World::new().await, Tenants::All).await;

    assert_eq!((report.accounts, report.entries, report.differences.len()), (0, 0, 0));
    assert!(report.is_conserved);
}

#[tokio::test]
async fn damage_to_entries_is_found() {
    each_is_found(damage::TO_ENTRIES).await;
}

#[tokio::test]
async fn damage_to_accounts_is_found() {
    each_is_found(damage::TO_ACCOUNTS).await;
}

#[tokio::test]
async fn damage_to_rollups_is_found() {
    each_is_found(damage::TO_ROLLUPS).await;
}

#[tokio::test]
async fn damage_to_lots_is_found() {
    each_is_found(damage::TO_LOTS).await;
}

#[tokio::test]
async fn damage_to_holds_is_found() {
    each_is_found(damage::TO_HOLDS).await;
}

#[tokio::test]
async fn damage_to_transfers_is_found() {
    each_is_found(damage::TO_TRANSFERS).await;
}

#[tokio::test]
async fn damage_to_the_outbox_is_found() {
    each_is_found(damage::TO_OUTBOX).await;
}

#[test]
fn every_check_has_damage_that_it_alone_or_with_others_finds() {
    let found: BTreeSet<&str> =
        damage::ALL.iter().copied().flatten().flat_map(|it| it.shows).copied().collect();

    assert_eq!(found, checks().collect());
}

#[tokio::test]
async fn value_from_nowhere_is_not_conserved() {
    let world = played().await;
    let lost = "update entry set amount = amount + 1
                where {tenant} and account_id = {customer} and seq = 1";
    plant(&world, lost).await;

    let [all, here, there] = [
        verified(&world, Tenants::All).await,
        verified(&world, Tenants::Only(cx().tenant)).await,
        verified(&world, Tenants::Only(elsewhere(&cx()).tenant)).await,
    ];

    assert_eq!([all.is_conserved, here.is_conserved, there.is_conserved], [false, false, true]);
    assert_eq!((&there.differences[..], there.transactions), (&[][..], COUNTS[1]));
}

#[tokio::test]
async fn a_difference_says_where_it_is_and_what_was_expected() {
    let world = played().await;
    plant(&world, "update lot set reserved = reserved - 1 where {tenant} and seq = 2").await;

    let report = verified(&world, Tenants::All).await;

    let [it] = &report.differences[..] else { panic!("one difference: {report:?}") };
    assert_eq!((it.check, it.tenant), ("lot-reserved", cx().tenant));
    assert_eq!(it.subject, format!("{}/2", account(CUSTOMER)));
    assert_eq!(it.says, "expected 25 set aside, found 24");
}

#[tokio::test]
async fn of_many_differences_the_first_are_told_and_the_others_counted() {
    let world = played().await;
    let many = "insert into rollup
                select tenant_id, id, date '2000-01-01' + place::int4, 0, 0, 0
                from account, generate_series(1, 130) as place
                where {tenant} and id = {customer}";
    plant(&world, many).await;

    let report = verified(&world, Tenants::All).await;

    assert_eq!((report.differences.len(), report.omitted), (100, 30));
    assert!(report.differences[0].says.contains("2000-01-02"), "{:?}", report.differences[0]);
}

/// The first partition is gone, with the events of the customer's first transfers.
#[tokio::test]
async fn events_that_were_let_go_with_their_partition_are_not_missed() {
    let world = played().await;
    let goes = "update transfer set recorded_at = recorded_at - interval '9 days',
                                    effective_at = effective_at - interval '9 days';
                select setval('outbox_seq', 1 << 20);
                insert into outbox (tenant_id, id, type, dataversion, partitionkey, sequence, time,
                                    actortype, actorid, correlationid, data)
                select tenant_id, gen_random_uuid(), 'shop.thing.happened', 1, 'thing', 1, time,
                       actortype, actorid, correlationid, data
                from outbox where {tenant} and sequence = 2 limit 1;
                drop table outbox_p0";
    plant(&world, goes).await;

    let report = verified(&world, Tenants::All).await;

    let missed = report.differences.iter().filter(|it| it.check.starts_with("outbox"));
    assert_eq!(missed.count(), 0, "{:#?}", report.differences);
}

#[tokio::test]
async fn a_module_that_announces_some_transfers_has_its_outbox_left_alone() {
    let world = played().await;
    plant(&world, "delete from outbox where {tenant} and sequence = 2").await;

    let report = verify(&world.db, Tenants::All, Announced::Partly, &[]).await.expect("it runs");

    assert_eq!(report.differences.len(), 0);
}

/// Each damage is found by its checks and no other, in the tenant that it was done to.
async fn each_is_found(damages: &[Damage]) {
    for damage in damages {
        let world = played().await;
        plant(&world, damage.sql).await;

        let report = verified(&world, Tenants::All).await;

        let found: BTreeSet<&str> = report.differences.iter().map(|it| it.check).collect();
        let found: Vec<&str> = found.into_iter().collect();
        assert_eq!(found, damage.shows, "{}: {:#?}", damage.what, report.differences);
        let tenants: BTreeSet<TenantId> = report.differences.iter().map(|it| it.tenant).collect();
        assert_eq!(tenants, BTreeSet::from([cx().tenant]), "{}", damage.what);
    }
}

async fn plant(world: &World, sql: &str) {
    let sql = filled(sql, &cx());
    world.database.execute(&format!("set search_path = socle_shop; {sql}")).await;
}

async fn verified(world: &World, of: Tenants) -> Report {
    verify(&world.db, of, Announced::Each(EVENT), &[]).await.expect("it runs")
}
