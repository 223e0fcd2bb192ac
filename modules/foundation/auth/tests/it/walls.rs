//! What a tenant cannot see or do to another's keys, even if a statement forgets to ask.

use socle_testkit::server;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::world::{World, code, new_key, seconds};

#[tokio::test]
async fn another_tenant_s_key_is_answered_like_one_that_nobody_has() {
    let world = World::new().await;
    let there = &world.neighbour().await;
    let issued = world.issued("till").await;
    let (theirs, none) = (issued.key.id, world.cx.new_id());

    let keys = &world.keys;
    for id in [theirs, none] {
        assert_eq!(code(keys.find(there, id).await), "not-found");
        assert_eq!(code(keys.revoke(there, id).await), "not-found");
        assert_eq!(code(keys.rotate(there, id, seconds(9), world.entropy()).await), "not-found");
    }
    assert_eq!(keys.list(there, None, 10).await.expect("a list"), []);
    assert_eq!(keys.find(&world.cx, theirs).await.expect("untouched"), issued.key);
    world.enter(issued.text.expose(), seconds(0)).await.expect("let in");
    keys.issue(there, new_key("till"), world.entropy()).await.expect("a name of their own");
}

#[tokio::test]
async fn the_raw_roles_see_one_tenant_and_change_no_more_than_they_need() {
    let world = World::new().await;
    let there = world.neighbour().await;
    world.issued("till").await;
    let login = server().await.admin(&world.database.name).username("socle_app");
    let mut session = PgConnection::connect_with(&login).await.expect("the program logs in");
    let tenant = there.tenant.uuid();
    let take = format!("set role socle_auth; set socle.tenant = '{tenant}'");
    sqlx::raw_sql(AssertSqlSafe(take)).execute(&mut session).await.expect("the role is taken");

    let seen: i64 = sqlx::query_scalar("select count(*) from socle_auth.api_key")
        .fetch_one(&mut session)
        .await
        .expect("counted");
    assert_eq!(seen, 0);
    let revoke = "update socle_auth.api_key set revoked_at = now()";
    let revoked = sqlx::raw_sql(revoke).execute(&mut session).await.expect("it finds nothing");
    assert_eq!(revoked.rows_affected(), 0);
    for denied in [
        "delete from socle_auth.api_key",
        "update socle_auth.api_key set hash = hash",
        "update socle_auth.api_key set scopes = scopes",
        "update socle_auth.api_key set tenant_id = tenant_id",
        "delete from socle_auth.tenant",
        "update socle_auth.tenant set handle = 'mine'",
        "set role socle_owner",
    ] {
        let refused = sqlx::raw_sql(denied).execute(&mut session).await.expect_err(denied);
        assert!(refused.to_string().contains("permission denied"), "{denied}: {refused}");
    }
}
