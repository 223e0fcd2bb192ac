//! By whose clock a tenant lives.

use jiff::tz::TimeZone;
use socle_auth::Tenant;
use socle_jobs::TenantDirectory;

use crate::world::{World, code, days, zone};

#[tokio::test]
async fn a_tenant_has_a_zone_and_moves_to_another() {
    let World { tenants, cx, tenant, .. } = &World::new().await;

    let moved = tenants.set_zone(cx, tenant.id, &zone("Europe/Paris")).await.expect("moved");

    assert_eq!(tenant.zone, zone("UTC"));
    assert_eq!(moved, Tenant { zone: zone("Europe/Paris"), ..tenant.clone() });
    assert_eq!(tenants.own(cx).await.expect("found"), moved);
    let again = tenants.set_zone(cx, tenant.id, &zone("Europe/Paris")).await;
    assert_eq!(again.expect("nothing changes"), moved);
}

#[tokio::test]
async fn a_zone_is_spelt_as_the_iana_spells_it() {
    let World { tenants, cx, tenant, .. } = &World::new().await;

    let moved = tenants.set_zone(cx, tenant.id, &zone("america/new_york")).await.expect("moved");

    assert_eq!(moved.zone.as_ref(), "America/New_York");
}

#[tokio::test]
async fn a_zone_that_there_is_not_is_refused_and_changes_nothing() {
    let World { tenants, cx, tenant, .. } = &World::new().await;

    for unknown in ["Europe/Atlantis", "Etc/Unknown", "+0200", "/passwd", "CET-1CEST"] {
        let moved = tenants.set_zone(cx, tenant.id, &zone(unknown)).await;
        assert_eq!(code(moved), "auth.zone-unknown", "{unknown}");
        let (handle, name) = ("other".parse().expect("a handle"), tenant.name.clone());
        let made = tenants.create(cx, handle, name, &zone(unknown)).await;
        assert_eq!(code(made), "auth.zone-unknown", "{unknown}");
    }

    assert_eq!(code(tenants.set_zone(cx, cx.new_id(), &zone("UTC")).await), "not-found");
    assert_eq!(&tenants.list(cx).await.expect("a list")[..], std::slice::from_ref(tenant));
}

#[tokio::test]
async fn only_tenants_that_are_neither_suspended_nor_leaving_are_active() {
    let world = World::new().await;
    let World { tenants, cx, tenant, .. } = &world;
    let (suspended, leaving) = (world.neighbour().await.tenant, world.named("leaving").await);
    let abroad = world.named("abroad").await;
    let _ = tenants.suspend(cx, suspended).await.expect("suspended");
    let _ = tenants.leave(cx, leaving, days(1)).await.expect("leaving");
    tenants.set_zone(cx, abroad, &zone("Europe/Paris")).await.expect("moved");

    let mut active = tenants.active(cx).await.expect("a list");

    active.sort_by_key(|it| it.1.to_string());
    assert_eq!(active, [(abroad, zone("Europe/Paris")), (tenant.id, zone("UTC"))]);
}

#[tokio::test]
async fn the_calendar_knows_each_active_tenant_s_clock_and_that_of_utc_for_a_zone_that_is_gone() {
    let world = World::new().await;
    let World { tenants, cx, tenant, .. } = &world;
    let gone = world.named("gone").await;
    tenants.set_zone(cx, tenant.id, &zone("Europe/Paris")).await.expect("moved");
    let strange = "update socle_auth.tenant set zone = 'Europe/Atlantis' where handle = 'gone'";
    world.database.execute(strange).await;

    let mut known = tenants.tenants().await.expect("a list");

    known.sort_by_key(|it| it.0 != tenant.id);
    let paris = TimeZone::get("Europe/Paris").expect("a zone");
    assert_eq!(known, [(tenant.id, paris), (gone, TimeZone::UTC)]);
}
