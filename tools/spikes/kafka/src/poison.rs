//! Facts whose handler fails: parked in the consumer's database, sent to a retry topic, or tried
//! again on the spot.

use std::time::Duration;

use ground::{Fault, Table, experiments};

use crate::{own, stage::Stage, wire};

pub async fn run(stage: &Stage) -> Result<(), Fault> {
    let mut table = Table::of(experiments::POISON_HEADING);
    for (name, role, manner) in [
        ("parked in the consumer's database", "consume", ""),
        ("retry topic, 300 ms", "own-retries", "topic"),
        ("tried again on the spot", "own-retries", "spot"),
    ] {
        let scene = stage.scene(&format!("poison-{role}{manner}"), &[]).await?;
        let (database, part) = (&scene.database, &scene.part);
        wire::topic(&part.broker, &own::retry_topic(part), 1, &[]).await?;
        experiments::poison(database).await?;
        let _relay = scene.child("relay", "relay", |_| {})?;
        let _reader = scene.child(role, "c1", |it| it.manner = manner.into())?;
        let _again = scene.child("own-retry-reader", "c2", |it| it.manner = manner.into())?;
        experiments::others_done(database).await?;
        let all = database.all_handled_within(&part.group, Duration::from_secs(30)).await;
        let counts = database.counts(&part.group).await?;
        if role == "consume" {
            all?;
            table.row(name, counts);
        } else {
            table.row_of_a_broken_promise(name, counts);
        }
    }
    let scene = stage.scene("poison-dead", &[]).await?;
    experiments::dead_letter(&scene, &mut table).await
}
