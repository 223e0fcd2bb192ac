//! A group that comes late, under load: bound at once, let in by the relay, or on streams.

use std::time::Duration;

use ground::{Child, Fault, Point, Scene, Table, write};

use crate::{
    publish::Sender,
    stage::{Stage, group as declare_group},
    wire,
};

pub async fn run(stage: &Stage) -> Result<(), Fault> {
    let mut table =
        Table::of("late: a group comes after 5,000 facts, while 5,000 more are written");
    let name = "queues bound at once";
    let (scene, _early) = begin(stage, "late-bound").await?;
    let group = late_group(&scene);
    let _relay = scene.child("relay", "relay", |_| {})?;
    declare_group(&scene, &group, &[]).await?;
    let _reader = scene.child("consume", "late", |it| it.group.clone_from(&group))?;
    write(&scene.database.url, 5_000, 300).await?;
    scene.database.all_handled(&scene.part.group).await?;
    let _ = scene.database.all_handled_within(&group, Duration::from_secs(3)).await;
    table.row_of_a_broken_promise(name, scene.database.counts(&group).await?);

    let name = "let in by the relay, which is killed once";
    let (scene, _early) = begin(stage, "late-relay").await?;
    let group = late_group(&scene);
    let relay = scene.child("late-relay", "relay-1", |it| {
        (it.manner, it.stop) = (group.clone(), Some((Point::BeforeCursor, 4)));
    })?;
    relay.stopped().await?;
    relay.kill().await?;
    let load = write(&scene.database.url, 5_000, 300);
    let _relay = scene.child("late-relay", "relay-2", |it| it.manner.clone_from(&group))?;
    let _reader = scene.child("consume", "late", |it| it.group.clone_from(&group))?;
    load.await?;
    scene.database.all_handled(&scene.part.group).await?;
    scene.database.all_handled(&group).await?;
    table.row(name, scene.database.counts(&group).await?);
    let early = scene.database.counts(&scene.part.group).await?;
    table.row("    the early group beside it", early);
    streams(stage, &mut table).await
}

/// Streams keep what was read; the offset and the ownership are then ours to keep.
async fn streams(stage: &Stage, table: &mut Table) -> Result<(), Fault> {
    let scene = stage.scene("late-stream").await?;
    let group = late_group(&scene);
    let sender = Sender::open(&scene.part.broker, &scene.part.topic).await?;
    for partition in 0..scene.part.partitions {
        let stream = [("x-queue-type", wire::text("stream"))];
        wire::declare_plain(&sender.channel, &wire::queue(&group, partition), &stream).await?;
    }
    wire::bind(&sender.channel, &scene.part.topic, &group, scene.part.partitions).await?;
    let _relay = scene.child("relay", "relay", |_| {})?;
    write(&scene.database.url, 5_000, 300).await?;
    let as_stream =
        |it: &mut ground::Part| (it.group, it.manner) = (group.clone(), "stream".into());
    let reader = scene.child("consume", "late", as_stream)?;
    write(&scene.database.url, 5_000, 300).await?;
    scene.database.all_handled(&group).await?;
    table.row("a stream for each partition, from the first", scene.database.counts(&group).await?);
    reader.kill().await?;
    let again = scene.child("consume", "again", as_stream)?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    table.row("    the same, after its reader died", scene.database.counts(&group).await?);
    again.kill().await
}

/// 5,000 facts that the early group has handled; its reader goes on.
async fn begin(stage: &Stage, name: &str) -> Result<(Scene, Child), Fault> {
    let scene = stage.scene(name).await?;
    let relay = scene.child("relay", "relay-0", |_| {})?;
    let reader = scene.child("consume", "c1", |_| {})?;
    write(&scene.database.url, 5_000, 300).await?;
    scene.database.all_handled(&scene.part.group).await?;
    relay.kill().await?;
    Ok((scene, reader))
}

fn late_group(scene: &Scene) -> String {
    format!("{}.late", scene.part.topic)
}
