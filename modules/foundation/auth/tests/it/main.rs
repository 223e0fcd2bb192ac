//! Tenants, on a real database.

use socle_auth::{Error, MODULE, Tenants};
use socle_kernel::Classify;
use socle_testkit::{TestDatabase, cx};

async fn tenants() -> (TestDatabase, Tenants) {
    let database = TestDatabase::of(&[MODULE]).await;
    let tenants = Tenants::new(database.db("auth"));
    (database, tenants)
}

#[tokio::test]
async fn a_tenant_is_found_by_its_handle() {
    let ((_database, tenants), cx) = (tenants().await, cx());
    let (handle, name) = ("corner-shop".parse().expect("a handle"), "Corner Shop");

    let made = tenants.create(&cx, handle, name.parse().expect("a name")).await.expect("made");
    let found = tenants.called(&cx, &made.handle).await.expect("found");

    assert_eq!(found, made);
    assert_eq!(tenants.list(&cx).await.expect("a list"), [made]);
}

#[tokio::test]
async fn a_handle_is_taken_once_and_begins_with_a_letter() {
    let ((_database, tenants), cx) = (tenants().await, cx());
    let create = async |handle: &str| {
        let handle = handle.parse().expect("a handle");
        tenants.create(&cx, handle, "Any".parse().expect("a name")).await
    };
    create("demo").await.expect("made");

    let taken = create("demo").await.expect_err("refused");
    let shape = create("7up").await.expect_err("refused");

    assert!(matches!(taken, Error::HandleTaken), "{taken}");
    assert_eq!(shape.class().1, "auth.handle-shape");
    assert_eq!(tenants.list(&cx).await.expect("a list").len(), 1);
}

#[tokio::test]
async fn an_unknown_handle_is_not_found() {
    let ((_database, tenants), cx) = (tenants().await, cx());

    let missing = tenants.called(&cx, &"nobody".parse().expect("a handle")).await;

    assert_eq!(missing.expect_err("nobody").class().1, "not-found");
}
