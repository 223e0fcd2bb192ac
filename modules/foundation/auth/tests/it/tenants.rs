//! Tenants: let in, suspended, let go, forgotten.

use std::slice::from_ref;

use socle_auth::{Error, Standing, Tenant};

use crate::world::{World, code, days, nearly_days, seconds, zone};

#[tokio::test]
async fn a_tenant_is_found_by_its_handle() {
    let World { tenants, cx, tenant, .. } = &World::new().await;

    let found = tenants.called(cx, &tenant.handle).await.expect("found");

    assert_eq!((&found, found.standing()), (tenant, Standing::Active));
    assert_eq!(&tenants.list(cx).await.expect("a list")[..], from_ref(tenant));
}

#[tokio::test]
async fn a_handle_is_taken_once_and_begins_with_a_letter() {
    let World { tenants, cx, .. } = &World::new().await;
    let create = async |handle: &str| {
        let handle = handle.parse().expect("a handle");
        tenants.create(cx, handle, "Any".parse().expect("a name"), &zone("UTC")).await
    };

    let taken = create("demo").await.expect_err("refused");
    let shape = create("7up").await;

    assert!(matches!(taken, Error::HandleTaken), "{taken}");
    assert_eq!(code(shape), "auth.handle-shape");
    assert_eq!(tenants.list(cx).await.expect("a list").len(), 1);
}

#[tokio::test]
async fn a_tenant_that_nobody_knows_is_not_found_whatever_is_asked_of_it() {
    let World { tenants, cx, .. } = &World::new().await;
    let nobody = cx.new_id();

    assert_eq!(code(tenants.called(cx, &"nobody".parse().expect("a handle")).await), "not-found");
    assert_eq!(code(tenants.suspend(cx, nobody).await), "not-found");
    assert_eq!(code(tenants.resume(cx, nobody).await), "not-found");
    assert_eq!(code(tenants.leave(cx, nobody, Tenant::GRACE).await), "not-found");
    assert_eq!(code(tenants.stay(cx, nobody).await), "not-found");
    tenants.forget(cx, nobody).await.expect("it is not there");
}

#[tokio::test]
async fn doing_again_what_is_done_changes_nothing() {
    let World { tenants, cx, tenant: Tenant { id, .. }, .. } = &World::new().await;
    let later = &cx.at(cx.now.after(days(1)));

    let suspended = tenants.suspend(cx, *id).await.expect("suspended").it;
    assert_eq!(tenants.suspend(cx, *id).await.expect("again").it, suspended);
    let resumed = tenants.resume(cx, *id).await.expect("resumed");
    assert_eq!(tenants.resume(cx, *id).await.expect("again"), resumed);
    let leaving = tenants.leave(cx, *id, Tenant::GRACE).await.expect("leaving").it;
    assert_eq!(tenants.leave(later, *id, days(3)).await.expect("again").it, leaving);
    let staying = tenants.stay(cx, *id).await.expect("staying");
    assert_eq!(tenants.stay(cx, *id).await.expect("again"), staying);

    assert_eq!(suspended.standing(), Standing::Suspended);
    let leaves_at = cx.now.after(days(30));
    assert_eq!(leaving.standing(), Standing::Leaving { leaves_at });
    assert_eq!((resumed.standing(), staying.standing()), (Standing::Active, Standing::Active));
}

#[tokio::test]
async fn a_suspended_tenant_that_leaves_and_stays_is_suspended_still() {
    let World { tenants, cx, tenant: Tenant { id, .. }, .. } = &World::new().await;

    let _ = tenants.suspend(cx, *id).await.expect("suspended");
    let _ = tenants.leave(cx, *id, Tenant::GRACE).await.expect("leaving");
    let back = tenants.stay(cx, *id).await.expect("taken back");

    assert_eq!(back.standing(), Standing::Suspended);
}

#[tokio::test]
async fn a_tenant_is_due_when_its_grace_is_over_and_cannot_be_taken_back_then() {
    let World { tenants, cx, tenant, .. } = &World::new().await;
    let after = |span| cx.at(cx.now.after(span));
    let leaving = tenants.leave(cx, tenant.id, days(30)).await.expect("leaving").it;

    assert_eq!(tenants.due(&after(nearly_days(30))).await.expect("asked"), []);
    assert_eq!(tenants.due(&after(days(30))).await.expect("asked"), [leaving]);
    let late = after(seconds(30 * 86_400 - 60));
    assert_eq!(code(tenants.stay(&late, tenant.id).await), "auth.tenant-left");
    let early = after(seconds(30 * 86_400 - 61));
    tenants.stay(&early, tenant.id).await.expect("taken back");
    assert_eq!(tenants.due(&after(days(30))).await.expect("asked"), []);
}

#[tokio::test]
async fn a_grace_has_an_end() {
    let World { tenants, cx, tenant, .. } = &World::new().await;

    let endless = tenants.leave(cx, tenant.id, days(365) + seconds(1)).await;

    assert_eq!(code(endless), "auth.grace-too-long");
    assert_eq!(&tenants.list(cx).await.expect("a list")[..], from_ref(tenant));
    let _ = tenants.leave(cx, tenant.id, days(365)).await.expect("a year is fine");
}

#[tokio::test]
async fn a_tenant_is_forgotten_after_its_grace_and_its_erasure_and_not_before() {
    let world = World::new().await;
    let World { tenants, cx, tenant, .. } = &world;
    world.issued("checkout").await;
    let over = &cx.at(cx.now.after(days(1)));

    assert_eq!(code(tenants.forget(over, tenant.id).await), "auth.tenant-not-due");
    let _ = tenants.leave(cx, tenant.id, days(1)).await.expect("leaving");
    assert_eq!(code(tenants.forget(cx, tenant.id).await), "auth.tenant-not-due");
    assert_eq!(code(tenants.forget(over, tenant.id).await), "auth.tenant-not-erased");
    world.database.execute("delete from socle_auth.api_key").await;
    tenants.forget(over, tenant.id).await.expect("forgotten");
    tenants.forget(over, tenant.id).await.expect("and again");

    assert_eq!(tenants.list(cx).await.expect("a list"), []);
    assert_eq!(tenants.due(over).await.expect("asked"), []);
    assert_eq!(code(tenants.called(cx, &tenant.handle).await), "not-found");
    assert_eq!(code(tenants.stay(cx, tenant.id).await), "not-found");
    let another = tenants.create(over, tenant.handle.clone(), tenant.name.clone(), &tenant.zone);
    let another = another.await;
    assert_eq!(code(another), "auth.handle-taken");
}
