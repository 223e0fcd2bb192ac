//! Transactions: all or nothing, one tenant, and again when another was in the way.

use std::sync::atomic::{AtomicU32, Ordering};

use socle_db::{SystemTx, Tx, refusal};
use socle_kernel::{Classify, Common, Fault, Kind};
use socle_testkit::{TestDatabase, cx, elsewhere};
use tokio::sync::Barrier;

use crate::world::{ALL, MODULES, append, read, texts, write};

#[tokio::test]
async fn work_that_fails_leaves_nothing() {
    let (database, cx) = (TestDatabase::of(&MODULES).await, cx());
    let db = database.db("desk");

    let done: Result<(), Common> = db
        .run(&cx, async |tx: &mut Tx| {
            write(tx, 1, "kept?").await?;
            Err(Common::Stale)
        })
        .await;

    assert!(matches!(done, Err(Common::Stale)));
    assert!(read(db.read(&cx)).await.is_empty());
}

#[tokio::test]
async fn a_statement_without_a_tenant_sees_one_tenant_all_the_same() {
    let (database, here) = (TestDatabase::of(&MODULES).await, cx());
    let (db, there) = (database.db("desk"), elsewhere(&here));
    for (cx, text) in [(&here, "ours"), (&there, "theirs")] {
        let done: Result<(), Fault> =
            db.run(cx, async |tx: &mut Tx| write(tx, 1, text).await).await;
        done.expect("written");
    }

    let ours: Result<_, Fault> =
        db.run(&here, async |tx: &mut Tx| Ok(texts(tx.template(ALL)).await)).await;
    let everybody: Result<_, Fault> = db
        .run_system(async |tx: &mut SystemTx| {
            Ok(texts(
                tx.template("select text from {schema}.note where $1::uuid is null order by 1"),
            )
            .await)
        })
        .await;

    assert_eq!(ours.expect("read"), ["ours"]);
    assert_eq!(everybody.expect("read"), ["ours", "theirs"]);
}

#[tokio::test]
async fn all_tenants_are_looked_at_as_of_one_moment_whenever_plans_are_forgotten() {
    let database = TestDatabase::of(&MODULES).await;
    let db = database.db("desk");

    for _ in 0..17 {
        let looked: Result<Vec<String>, Fault> = db
            .inspect_system(async |tx: &mut SystemTx| {
                Ok(texts(tx.template(
                    "select current_setting('transaction_isolation') where $1::uuid is null",
                ))
                .await)
            })
            .await;
        assert_eq!(looked.expect("it begins"), ["repeatable read"]);
    }
}

#[tokio::test]
async fn a_statement_that_failed_cannot_be_hidden() {
    let (database, cx) = (TestDatabase::of(&MODULES).await, cx());
    let db = database.db("desk");

    let done: Result<(), Fault> = db
        .run(&cx, async |tx: &mut Tx| {
            write(tx, 1, "first").await?;
            drop(write(tx, 1, "the same key again").await);
            Ok(())
        })
        .await;

    assert_eq!(done.expect_err("it cannot commit").class().0, Kind::Internal);
    assert!(read(db.read(&cx)).await.is_empty());
}

#[tokio::test]
async fn the_server_s_refusal_can_be_told_by_code_and_constraint() {
    let (database, cx) = (TestDatabase::of(&MODULES).await, cx());

    let done: Result<(), Fault> =
        database.db("desk").run(&cx, async |tx: &mut Tx| write(tx, 1, &"x".repeat(21)).await).await;

    let refused = refusal(&done.expect_err("it is too long")).expect("the server refused");
    assert_eq!(refused.code, "23514");
    assert_eq!(refused.constraint.as_deref(), Some("note_text_length"));
}

/// Two transactions lock two rows in opposite order; one is the victim, runs again and succeeds.
#[tokio::test]
async fn a_deadlock_s_victim_is_run_again() {
    let (database, cx) = (TestDatabase::of(&MODULES).await, cx());
    let db = database.db("desk");
    let done: Result<(), Fault> = db
        .run(&cx, async |tx: &mut Tx| {
            write(tx, 1, "").await?;
            write(tx, 2, "").await
        })
        .await;
    done.expect("written");
    let (both_hold_one, runs) = (Barrier::new(2), AtomicU32::new(0));
    let both = async |first: i64, second: i64| -> Result<(), Fault> {
        let (both_hold_one, runs) = (&both_hold_one, &runs);
        db.run(&cx, async |tx: &mut Tx| {
            append(tx, first, "x").await?;
            if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                both_hold_one.wait().await;
            }
            append(tx, second, "x").await
        })
        .await
    };

    let (one, other) = tokio::join!(both(1, 2), both(2, 1));

    one.expect("it succeeds");
    other.expect("it succeeds");
    assert_eq!(read(db.read(&cx)).await, ["xx", "xx"]);
    assert_eq!(runs.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn work_that_always_collides_is_given_up() {
    let (database, cx) = (TestDatabase::of(&MODULES).await, cx());
    database
        .execute(
            "create function socle_desk.collide() returns int language plpgsql as
                 'begin raise serialization_failure; end';
             grant execute on function socle_desk.collide to socle_desk",
        )
        .await;
    let runs = AtomicU32::new(0);
    let runs = &runs;

    let done: Result<u64, Fault> = database
        .db("desk")
        .run(&cx, async |tx: &mut Tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            let collide = tx.template("select {schema}.collide() where $1::uuid is not null");
            collide.run("collide").await
        })
        .await;

    assert_eq!(done.expect_err("given up").class().0, Kind::Unavailable);
    assert_eq!(runs.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn a_session_that_waits_for_a_lock_too_long_says_that_it_is_unavailable() {
    let (database, cx) = (TestDatabase::of(&MODULES).await, cx());
    let db = database.db("desk");
    let done: Result<(), Fault> = db.run(&cx, async |tx: &mut Tx| write(tx, 1, "").await).await;
    done.expect("written");
    let holder: Result<(), Fault> = db
        .run(&cx, async |tx: &mut Tx| {
            append(tx, 1, "held").await?;

            let waiter: Result<(), Fault> =
                db.run(&cx, async |tx: &mut Tx| append(tx, 1, "waited").await).await;

            assert_eq!(waiter.expect_err("the lock is held").class().0, Kind::Unavailable);
            Ok(())
        })
        .await;
    holder.expect("the holder commits");
    assert_eq!(read(db.read(&cx)).await, ["held"]);
}

#[tokio::test]
async fn a_deadline_ends_a_statement() {
    let (database, mut cx) = (TestDatabase::of(&MODULES).await, cx());
    cx.deadline = Some(cx.now.after(std::time::Duration::from_millis(100)));

    let slept: Result<u64, Fault> = database
        .db("desk")
        .run(&cx, async |tx: &mut Tx| {
            let sleep = tx.template("select pg_sleep(10) where $1::uuid is not null");
            sleep.run("sleep").await
        })
        .await;

    assert_eq!(slept.expect_err("it is ended").class().0, Kind::Unavailable);
}
