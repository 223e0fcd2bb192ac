//! Bells ring after the commit, here and in other processes, and only then.

use std::time::Duration;

use socle_db::{Bell, Database, Logins, Tx};
use socle_kernel::{Common, Fault};
use socle_testkit::{TestDatabase, cx, server};
use tokio::{select, time};

use crate::world::MODULES;

const NOTE: &str = "insert into {schema}.note (tenant_id, id, text) values ($1, $2, 'x')";

async fn write(tx: &mut Tx, id: i64) -> Result<(), Fault> {
    tx.template(NOTE).bind(id).ringing("notes").run("write a note").await.map(drop)
}

/// Whether it has rung already; nothing is waited for.
async fn has_rung(bell: &mut Bell) -> bool {
    select! {
        biased;
        () = bell.rung() => true,
        () = std::future::ready(()) => false,
    }
}

#[tokio::test]
async fn a_commit_rings_the_bell_of_its_schema_and_no_other() {
    let database = TestDatabase::of(&MODULES).await;
    let (desk, shelf) = (database.db("desk"), database.db("shelf"));
    let [mut here, mut other, mut there] =
        [desk.bell("notes"), desk.bell("else"), shelf.bell("notes")];

    desk.run(&cx(), async |tx: &mut Tx| write(tx, 1).await).await.expect("written");

    assert!(has_rung(&mut here).await);
    assert!(!has_rung(&mut here).await, "it rang once");
    assert!(!has_rung(&mut other).await && !has_rung(&mut there).await);
}

#[tokio::test]
async fn what_is_rolled_back_rings_nothing() {
    let database = TestDatabase::of(&MODULES).await;
    let desk = database.db("desk");
    let mut bell = desk.bell("notes");

    let undone: Result<(), Common> = desk
        .run(&cx(), async |tx: &mut Tx| {
            write(tx, 1).await?;
            Err(Common::Stale)
        })
        .await;

    assert!(undone.is_err());
    assert!(!has_rung(&mut bell).await);
}

#[tokio::test]
async fn a_bell_is_heard_in_another_process() {
    let here = TestDatabase::of(&MODULES).await;
    let there = Database::open(&Logins::trusted(server().await.admin(&here.name)));
    let mut bell = there.module("desk").bell("notes");
    let (telling, hearing) = (here.database.carry_bells(), there.carry_bells());
    let writing = async {
        let desk = here.db("desk");
        // Until both are connected: a ring is lost on whoever does not listen yet.
        for id in 1.. {
            desk.run(&cx(), async |tx: &mut Tx| write(tx, id).await).await.expect("written");
            if time::timeout(Duration::from_millis(20), bell.rung()).await.is_ok() {
                return;
            }
        }
    };

    let heard = select! {
        () = writing => true,
        () = telling => false,
        () = hearing => false,
        () = time::sleep(Duration::from_secs(30)) => false,
    };

    assert!(heard);
    there.close().await;
}
