//! What a process remembers of a key, and for how long others may not know that it ended.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use socle_auth::{Ended, LEASE, REMEMBERED_MAX, Refused, Tenant};

use crate::world::{World, refused, seconds};

const NOW: Duration = Duration::ZERO;
const JUST_BEFORE: Duration = Duration::from_millis(999);

#[tokio::test]
async fn a_key_is_honoured_from_memory_for_a_lease_and_then_looked_up_again() {
    let world = World::new().await;
    let issued = world.issued("till").await;
    world.enter(issued.text.expose(), NOW).await.expect("let in");

    world.database.execute("update socle_auth.api_key set revoked_at = now()").await;

    world.enter(issued.text.expose(), JUST_BEFORE).await.expect("from memory");
    assert_eq!(world.refusal(issued.text.expose(), LEASE).await, Refused::Revoked);
    assert_eq!(world.refusal(issued.text.expose(), NOW).await, Refused::Revoked, "not again");
}

#[tokio::test]
async fn honouring_a_key_does_not_lengthen_its_lease() {
    let world = World::new().await;
    let issued = world.issued("till").await;
    world.enter(issued.text.expose(), NOW).await.expect("let in");
    world.database.execute("update socle_auth.api_key set revoked_at = now()").await;

    world.enter(issued.text.expose(), Duration::from_millis(600)).await.expect("from memory");

    assert_eq!(world.refusal(issued.text.expose(), LEASE).await, Refused::Revoked);
}

#[tokio::test]
async fn a_revocation_counts_here_at_once_and_elsewhere_after_what_it_says() {
    let world = World::new().await;
    let elsewhere = world.elsewhere();
    let issued = world.issued("till").await;
    let text = issued.text.expose();
    world.enter(text, NOW).await.expect("let in here");
    world.enter_at(&elsewhere, text, NOW).await.expect("let in there");

    let ended = world.keys.revoke(&world.cx, issued.key.id).await.expect("revoked");

    assert_eq!(world.refusal(text, NOW).await, Refused::Revoked);
    let Ended { it, effective_in } = ended;
    assert_eq!((it.revoked_at, effective_in), (Some(world.cx.now), LEASE));
    world.enter_at(&elsewhere, text, JUST_BEFORE).await.expect("it does not know yet");
    assert_eq!(refused(world.enter_at(&elsewhere, text, effective_in).await), Refused::Revoked);
    // Another one that had never seen the key refuses it from the start.
    assert_eq!(refused(world.enter_at(&world.elsewhere(), text, NOW).await), Refused::Revoked);
}

#[tokio::test]
async fn a_key_that_was_looked_up_while_it_was_revoked_ends_with_its_lease() {
    let world = World::new().await;
    let issued = world.issued("till").await;
    let text = issued.text.expose();
    // The call that asked before the revocation answers after it, as a slow one would.
    world.enter(text, NOW).await.expect("let in");
    let ended = world.elsewhere().revoke(&world.cx, issued.key.id).await.expect("revoked");

    let late = world.enter(text, ended.effective_in).await;

    assert_eq!(refused(late), Refused::Revoked);
}

#[tokio::test]
async fn revoking_again_changes_nothing() {
    let world = World::new().await;
    let issued = world.issued("till").await;
    let first = world.keys.revoke(&world.cx, issued.key.id).await.expect("revoked");

    let later = world.cx.at(world.cx.now.after(seconds(60)));
    let second = world.keys.revoke(&later, issued.key.id).await.expect("revoked");

    assert_eq!(second, first);
}

#[tokio::test]
async fn a_suspension_counts_here_at_once_and_elsewhere_after_what_it_says() {
    let world = World::new().await;
    let elsewhere = world.elsewhere();
    let issued = world.issued("till").await;
    let (cx, id, text) = (&world.cx, world.tenant.id, issued.text.expose());
    for leaves in [false, true] {
        world.tenants.resume(cx, id).await.expect("as it was");
        let began = if leaves { seconds(10) } else { NOW };
        world.enter(text, began).await.expect("let in here");
        world.enter_at(&elsewhere, text, began).await.expect("let in there");

        let (ended, reason) = if leaves {
            (world.tenants.leave(cx, id, Tenant::GRACE).await, Refused::TenantLeaving)
        } else {
            (world.tenants.suspend(cx, id).await, Refused::TenantSuspended)
        };

        let effective_in = ended.expect("done").effective_in;
        assert_eq!(world.refusal(text, began).await, reason);
        world.enter_at(&elsewhere, text, began + JUST_BEFORE).await.expect("not known yet");
        let then = world.enter_at(&elsewhere, text, began + effective_in).await;
        assert_eq!(refused(then), reason);
    }
}

#[tokio::test]
async fn more_keys_than_are_remembered_are_let_in_and_the_memory_stays_bounded() {
    let world = World::new().await;
    world.issued("first").await;
    let numbers = 1..=REMEMBERED_MAX + 1;
    let texts: Vec<_> = numbers.map(|it| checked(&format!("sk_demo_{it:032}"))).collect();
    let fill = format!(
        "insert into socle_auth.api_key
             (tenant_id, id, app_id, name, prefix, hash, scopes, limit_per_minute, created_by,
              created_at)
         select tenant_id, gen_random_uuid(), app_id, given, 'sk', sha256(given::bytea), scopes, 1,
                'test', now()
         from socle_auth.api_key, unnest('{{{}}}'::text[]) as given",
        texts.join(",")
    );
    world.database.execute(&fill).await;

    let mut entered = stream::iter(&texts).map(|it| world.enter(it, NOW)).buffered(8);
    let mut most = 0;
    while let Some(identity) = entered.next().await {
        identity.expect("let in");
        most = most.max(world.keys.remembered());
    }

    assert!((REMEMBERED_MAX - 8..=REMEMBERED_MAX).contains(&most), "{most}");
    assert!(world.keys.remembered() < most, "it began anew");
    world.enter(&texts[0], LEASE).await.expect("let in again");
}

/// A text with the checksum that the CRC-32 of all before it makes.
fn checked(text: &str) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let bit = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    let byte = |crc: u32, it: u8| (0..8).fold(crc ^ u32::from(it), bit);
    let mut crc = !text.bytes().fold(u32::MAX, byte) as usize;
    let mut sum = String::new();
    for _ in 0..6 {
        sum.push(char::from(DIGITS[crc % 62]));
        crc /= 62;
    }
    format!("{text}{sum}")
}
