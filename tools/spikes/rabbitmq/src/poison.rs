//! Facts whose handler fails: parked in the consumer's database, or given back to the broker.

use std::time::Duration;

use ground::{Fault, Scene, Table, experiments};

use crate::{
    own,
    publish::Sender,
    stage::{Stage, group as declare_group},
    wire,
};

pub async fn run(stage: &Stage) -> Result<(), Fault> {
    let mut table = Table::of(experiments::POISON_HEADING);
    for (name, role, manner, batch) in [
        ("parked in the consumer's database", "consume", "", 100),
        ("nack, limit 3, prefetch 100", "own-retries", "nack", 100),
        ("nack, limit 3, prefetch 1", "own-retries", "nack", 1),
        ("waiting queue of 300 ms, prefetch 100", "own-retries", "wait", 100),
    ] {
        let scene = stage.scene(&format!("poison-{role}{manner}{batch}")).await?;
        let group = scene.part.group.clone() + ".own";
        queues(&scene, &group, manner).await?;
        experiments::poison(&scene.database).await?;
        let _relay = scene.child("relay", "relay", |_| {})?;
        let _reader = scene.child(role, "c1", |it| {
            (it.group, it.batch, it.manner) = (group.clone(), batch, manner.into());
        })?;
        let database = &scene.database;
        experiments::others_done(database).await?;
        let all = database.all_handled_within(&group, Duration::from_secs(8)).await;
        let counts = database.counts(&group).await?;
        if role == "consume" {
            all?;
            table.row(name, counts);
        } else {
            table.row_of_a_broken_promise(name, counts);
        }
        let dead = dead(&scene, &group).await?;
        println!("    dead letters of the broker: {dead}");
    }
    let scene = stage.scene("poison-dead").await?;
    experiments::dead_letter(&scene, &mut table).await
}

async fn queues(scene: &Scene, group: &str, manner: &str) -> Result<(), Fault> {
    let sender = Sender::open(&scene.part.broker, &scene.part.topic).await?;
    let dead = format!("{group}.dead");
    wire::declare_plain(&sender.channel, &dead, &[]).await?;
    let arguments = if manner == "nack" { own::limited(&dead) } else { Vec::new() };
    for partition in 0..scene.part.partitions {
        let to = wire::queue(group, partition);
        wire::declare_plain(&sender.channel, &format!("{to}.wait"), &own::waiting(&to)).await?;
    }
    declare_group(scene, group, &arguments).await
}

async fn dead(scene: &Scene, group: &str) -> Result<u32, Fault> {
    let sender = Sender::open(&scene.part.broker, &scene.part.topic).await?;
    wire::depth(&sender.channel, &format!("{group}.dead")).await
}
