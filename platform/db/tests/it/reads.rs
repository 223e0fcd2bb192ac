//! Reads without a transaction: one round trip, and the caller's rows only.

use futures_util::future::join_all;
use socle_db::Tx;
use socle_kernel::{Cx, Fault};
use socle_testkit::{TestDatabase, cx};

use crate::world::{ALL, MODULES, read, tenant, texts, write};

async fn with_notes(tenants: u128) -> (TestDatabase, Vec<Cx>) {
    let database = TestDatabase::of(&MODULES).await;
    let callers: Vec<_> = (1..=tenants).map(|it| cx().in_tenant(tenant(it))).collect();
    for (cx, n) in callers.iter().zip(1..) {
        let text = format!("of {n}");
        let text = &text;
        let done: Result<(), Fault> =
            database.db("desk").run(cx, async |tx: &mut Tx| write(tx, n, text).await).await;
        done.expect("written");
    }
    (database, callers)
}

#[tokio::test]
async fn tenants_that_share_connections_never_see_each_other() {
    let (database, callers) = with_notes(20).await;
    let db = database.db("desk");

    let rounds = (0..25).flat_map(|_| &callers);
    let found = join_all(rounds.map(|cx| read(db.read(cx)))).await;

    let expected: Vec<_> = (0..25).flat_map(|_| 1..=20).map(|n| vec![format!("of {n}")]).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_read_runs_as_the_module_and_reaches_no_other_schema() {
    let (database, callers) = with_notes(1).await;

    let whoami = "select current_user::text as text where $1::uuid is not null";
    let me = texts(database.db("desk").read(&callers[0]).sql(whoami)).await;
    let other = "select text from socle_shelf.note where $1::uuid is not null";
    let refused: Result<Vec<(String,)>, Fault> =
        database.db("desk").read(&callers[0]).sql(other).all("read the other's notes").await;

    assert_eq!(me, ["socle_desk"]);
    let refused = socle_db::refusal(&refused.expect_err("refused")).expect("the server refused");
    assert_eq!(refused.code, "42501");
}

#[tokio::test]
async fn a_read_keeps_its_order_and_its_limit() {
    let (database, callers) = with_notes(1).await;
    let db = database.db("desk");
    for n in [5, 3, 4] {
        let done: Result<(), Fault> =
            db.run(&callers[0], async |tx: &mut Tx| write(tx, n, &n.to_string()).await).await;
        done.expect("written");
    }

    let last = "select text from {schema}.note where tenant_id = $1 order by id desc limit 3";

    assert_eq!(texts(db.read(&callers[0]).sql(last)).await, ["5", "4", "3"]);
    assert_eq!(texts(db.read(&callers[0]).sql(ALL)).await, ["of 1", "3", "4", "5"]);
}
