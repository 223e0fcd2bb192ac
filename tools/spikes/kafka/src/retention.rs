//! A group that is slower than the retention of its topic, and what its lag reads like.

use std::time::Duration;

use ground::{Doing, Fault, Scene, Table, until, write};
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer},
};

use crate::stage::Stage;

const PATIENCE: Duration = Duration::from_secs(5);

pub async fn run(stage: &Stage) -> Result<(), Fault> {
    let mut table =
        Table::of("retention: 1 s; the group stands still while 3,000 facts are written");
    for (name, manner) in [("reset to the earliest", ""), ("reset is an error", "strict")] {
        let short = [("retention.ms", "1000"), ("segment.ms", "500"), ("segment.bytes", "1048576")];
        let topic = format!("short{manner}");
        let scene = stage.scene(&topic, &short).await?;
        let relay = scene.child("relay", "relay", |_| {})?;
        let reader = scene.child("consume", "c1", |_| {})?;
        write(&scene.database.url, 1_000, 300).await?;
        scene.database.all_handled(&scene.part.group).await?;
        // What is committed is committed a moment after it is handled.
        tokio::time::sleep(Duration::from_millis(500)).await;
        reader.kill().await?;
        write(&scene.database.url, 3_000, 300).await?;
        let sent = "select count(*) - (select count(*) from confirmed) from outbox";
        let confirmed = async || scene.database.number(sent).await.is_ok_and(|it| it == 0);
        until("all is confirmed", Duration::from_secs(20), confirmed).await?;
        let (behind, _) = lag(&scene)?;
        println!("    lag by the offsets: {behind}");
        let gone = async || lag(&scene).is_ok_and(|(_, gone)| gone > 0);
        until("the topic forgets", Duration::from_secs(40), gone).await?;
        write(&scene.database.url, 500, 300).await?;
        let _reader = scene.child("consume", "c1", |it| it.manner = manner.into())?;
        let _ = scene.database.all_handled_within(&scene.part.group, PATIENCE).await;
        table.row_of_a_broken_promise(name, scene.database.counts(&scene.part.group).await?);
        scene.database.print_notes().await?;
        relay.kill().await?;
    }
    Ok(())
}

/// How many records the group has not committed, and how many of them the topic has forgotten.
fn lag(scene: &Scene) -> Result<(i64, i64), Fault> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &scene.part.broker).set("group.id", &scene.part.group);
    let client: BaseConsumer = config.create().doing("make a client")?;
    let mut all = TopicPartitionList::new();
    for partition in 0..scene.part.partitions {
        all.add_partition(&scene.part.topic, partition.into());
    }
    let committed = client.committed_offsets(all, PATIENCE).doing("read the offsets")?;
    let (mut behind, mut gone) = (0, 0);
    for it in committed.elements() {
        let marks = client.fetch_watermarks(it.topic(), it.partition(), PATIENCE);
        let (low, high) = marks.doing("read the watermarks")?;
        let at = if let Offset::Offset(it) = it.offset() { it } else { 0 };
        behind += high - at;
        gone += (low - at).max(0);
    }
    Ok((behind, gone))
}
