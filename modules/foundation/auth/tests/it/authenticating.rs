//! Whom a key lets in, and each reason why it lets nobody in.

use socle_auth::{Identity, NewKey, Refused, Tenant};
use socle_kernel::{Classify, Kind};

use crate::world::{World, days, nearly_days, new_key, scopes, seconds};

const NOW: std::time::Duration = seconds(0);

#[tokio::test]
async fn a_key_lets_in_the_app_that_it_stands_for_with_its_rights() {
    let world = World::new().await;
    let new = NewKey { scopes: scopes(&["ledger:read"]), limit_per_minute: 7, ..new_key("till") };
    let issued = world.issue(&world.cx, new).await.expect("a key");

    let identity = world.enter(issued.text.expose(), NOW).await.expect("let in");

    let expected = Identity {
        tenant: world.tenant.id,
        app: issued.key.app,
        key: issued.key.id,
        scopes: scopes(&["ledger:read"]),
        limit_per_minute: 7,
    };
    assert_eq!(identity, expected);
}

#[tokio::test]
async fn hostile_texts_are_refused_without_asking_the_database() {
    let world = World::new().await;
    let good = world.issued("till").await.text.expose().to_owned();
    // From here on the database answers nothing.
    world.database.database.close().await;
    world.database.execute("drop schema socle_auth cascade").await;
    let swapped = good.replace("_demo_", "_dome_");
    let megabyte = good.repeat(1 << 14);

    let malformed = [
        "",
        "_",
        "sk_",
        "sk__",
        "sk_demo_",
        "sk_demo",
        &good[1..],
        &good[..good.len() - 1],
        &good.replace("sk_", "pk_"),
        &good.replace("sk_", "SK_"),
        &good.replace("demo", "Demo"),
        &good.replace("demo", " demo"),
        &good.replace("demo", ""),
        &good.replace("demo", &"d".repeat(41)),
        &good.replace("demo", "de\u{0}mo"),
        &good.replace("demo", "de\nmo"),
        &good.replace("demo", "de_mo"),
        &format!("{good}\n"),
        &format!(" {good}"),
        &format!("{good}_"),
        &format!("{}é", &good[..good.len() - 2]),
        &format!("{}\u{0}", &good[..good.len() - 1]),
        &format!("{}'", &good[..good.len() - 1]),
        &megabyte,
    ];
    for text in malformed {
        let said: String = text.chars().take(80).collect();
        assert_eq!(world.refusal(text, NOW).await, Refused::Malformed, "{said:?}");
    }
    let mut typo = good.clone().into_bytes();
    typo[20] ^= 1;
    let mut sum = good.clone().into_bytes();
    let last = sum.len() - 1;
    sum[last] = if sum[last] == b'0' { b'1' } else { b'0' };
    for text in [typo, sum, swapped.into_bytes()] {
        let text = String::from_utf8(text).expect("text");
        assert_eq!(world.refusal(&text, NOW).await, Refused::Mistyped, "{text}");
    }
    assert_eq!(world.keys.failures().counted(Refused::Malformed), malformed.len() as u64);
    assert_eq!(world.keys.failures().counted(Refused::Mistyped), 3);
}

#[tokio::test]
async fn each_refusal_is_told_apart_inside_and_those_of_the_key_are_told_alike() {
    let world = World::new().await;
    let good = world.issued("good").await;
    let dying = NewKey { expires_at: Some(world.cx.now.after(days(1))), ..new_key("dying") };
    let dying = world.issue(&world.cx, dying).await.expect("a key");
    let revoked = world.issued("revoked").await;
    let _ = world.keys.revoke(&world.cx, revoked.key.id).await.expect("revoked");
    let unknown = world.issued("unknown").await.text;
    world.database.execute("delete from socle_auth.api_key where name = 'unknown'").await;

    world.enter(dying.text.expose(), nearly_days(1)).await.expect("not yet");
    let bad = [
        (Refused::Malformed, "nonsense", NOW),
        (Refused::Unknown, unknown.expose(), NOW),
        (Refused::Revoked, revoked.text.expose(), NOW),
        (Refused::Expired, dying.text.expose(), days(1)),
    ];
    let mut told = Vec::new();
    for (reason, text, later) in bad {
        let error = world.enter(text, later).await.expect_err("refused");
        told.push((error.class(), error.to_string()));
        assert_eq!(world.refusal(text, later).await, reason);
        assert_eq!(world.keys.failures().counted(reason), 2);
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, (Kind::Unauthenticated, "unauthenticated"));

    let _ = world.tenants.suspend(&world.cx, world.tenant.id).await.expect("suspended");
    let suspended = world.enter(good.text.expose(), NOW).await.expect_err("refused");
    assert_eq!(suspended.class(), (Kind::Denied, "auth.tenant-suspended"));
    assert_eq!(world.refusal(revoked.text.expose(), NOW).await, Refused::Revoked);
    let _ = world.tenants.leave(&world.cx, world.tenant.id, Tenant::GRACE).await.expect("leaves");
    let leaving = world.enter(good.text.expose(), NOW).await.expect_err("refused");
    assert_eq!(leaving.class(), (Kind::Denied, "auth.tenant-leaving"));
    for reason in [Refused::TenantSuspended, Refused::TenantLeaving] {
        assert_eq!(world.keys.failures().counted(reason), 1, "{}", reason.as_str());
    }
}

#[tokio::test]
async fn a_key_of_a_tenant_that_does_not_exist_is_unknown() {
    let world = World::new().await;
    let text = world.issued("till").await.text;
    world.database.execute("update socle_auth.tenant set handle = 'other'").await;

    assert_eq!(world.refusal(text.expose(), NOW).await, Refused::Unknown);
}

#[tokio::test]
async fn a_tenant_that_is_resumed_or_stays_is_let_in_at_once_here() {
    let world = World::new().await;
    let (cx, id) = (&world.cx, world.tenant.id);
    let text = world.issued("till").await.text;

    let _ = world.tenants.suspend(cx, id).await.expect("suspended");
    assert_eq!(world.refusal(text.expose(), NOW).await, Refused::TenantSuspended);
    world.tenants.resume(cx, id).await.expect("resumed");
    world.enter(text.expose(), NOW).await.expect("let in");
    let _ = world.tenants.leave(cx, id, Tenant::GRACE).await.expect("leaving");
    assert_eq!(world.refusal(text.expose(), NOW).await, Refused::TenantLeaving);
    world.tenants.stay(cx, id).await.expect("taken back");
    world.enter(text.expose(), NOW).await.expect("let in");
}
