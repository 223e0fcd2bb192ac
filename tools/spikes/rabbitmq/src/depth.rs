//! What the lag of a group reads like.

use ground::{Fault, Point, Scene, until, write};
use std::time::Duration;

use crate::{publish::Sender, stage::Stage, wire};

pub async fn run(stage: &Stage) -> Result<(), Fault> {
    println!(
        "\n## depth: what waits in four queues\n{:44} {:>9} {:>9}",
        "", "unhandled", "AMQP says"
    );
    let scene = stage.scene("depth").await?;
    let relay = scene.child("relay", "relay", |_| {})?;
    write(&scene.database.url, 5_000, 300).await?;
    let all = async || {
        let sent = "select count(*) - (select count(*) from confirmed) from outbox";
        scene.database.number(sent).await.is_ok_and(|it| it == 0)
    };
    until("everything is confirmed", Duration::from_secs(30), all).await?;
    print(&scene, "nobody reads").await?;
    let at = Some((Point::BeforeCommit, 1));
    let reader = scene.child("consume", "c1", |it| it.stop = at)?;
    reader.stopped().await?;
    print(&scene, "a reader has its prefetch, and stands").await?;
    reader.kill().await?;
    let reader = scene.child("consume", "c1", |_| {})?;
    scene.database.all_handled(&scene.part.group).await?;
    relay.kill().await?;
    write(&scene.database.url, 1_000, 300).await?;
    print(&scene, "1,000 more, the relay is dead").await?;
    reader.kill().await
}

async fn print(scene: &Scene, what: &str) -> Result<(), Fault> {
    // The broker counts the messages of a quorum queue now and then.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let sender = Sender::open(&scene.part.broker, &scene.part.topic).await?;
    let mut told = 0;
    for partition in 0..scene.part.partitions {
        told += wire::depth(&sender.channel, &wire::queue(&scene.part.group, partition)).await?;
    }
    let unhandled = "select count(*) - (select count(*) from effect) from outbox";
    println!("{what:44} {:>9} {told:>9}", scene.database.number(unhandled).await?);
    Ok(())
}
