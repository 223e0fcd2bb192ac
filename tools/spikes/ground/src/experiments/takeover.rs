//! A consumer that dies in the middle of a page, or sleeps past its session and wakes.

use std::time::{Duration, Instant};

use crate::{Fault, Point, Scene, Table, until, write};

pub async fn takeover(
    set: impl AsyncFn(&str) -> Result<Scene, Fault>,
    manner: &str,
) -> Result<(), Fault> {
    let mut table = Table::of(&format!(
        "takeover: c1 stops in its fifth page, c2 stands by; 8,000 facts of 100 keys {manner}"
    ));
    for (name, point, is_woken) in [
        ("killed before its commit", Point::BeforeCommit, false),
        ("killed after its commit", Point::AfterCommit, false),
        ("paused before it began, woken", Point::BeforeBegin, true),
        ("paused before its commit, woken", Point::BeforeCommit, true),
        ("paused after its commit, woken", Point::AfterCommit, true),
    ] {
        let scene = set(&format!("over-{point:?}-{is_woken}{manner}")).await?;
        let database = &scene.database;
        let _relay = scene.child("relay", "relay", |_| {})?;
        let first = scene.child("consume", "c1", |it| {
            (it.stop, it.manner) = (Some((point, 5)), manner.into());
        })?;
        write(&database.url, 4_000, 100).await?;
        first.stopped().await?;
        let (since, mut first) = (Instant::now(), Some(first));
        let _second = scene.child("consume", "c2", |it| it.manner = manner.into())?;
        if let Some(dead) = first.take_if(|_| !is_woken) {
            dead.kill().await?;
        }
        let works = "select count(*) from effect where consumer = 'c2'";
        let second_works = async || database.number(works).await.is_ok_and(|it| it > 0);
        until("c2 has taken over", Duration::from_mins(1), second_works).await?;
        let took = since.elapsed();
        if let Some(sleeper) = &first {
            sleeper.wake()?;
        }
        write(&database.url, 4_000, 100).await?;
        database.all_handled(&scene.part.group).await?;
        table.row(name, database.counts(&scene.part.group).await?);
        println!("    c2 had its first effect {:.1} s after c1 stopped", took.as_secs_f64());
        database.print_notes().await?;
    }
    Ok(())
}
