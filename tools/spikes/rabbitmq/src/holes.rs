//! Queues that refuse what is beyond their limit: the relay sends again until there is room.

use std::time::Duration;

use ground::{Fault, Table, until, write};
use lapin::types::AMQPValue;

use crate::{
    stage::{Stage, group as declare_group},
    wire,
};

pub async fn run(stage: &Stage) -> Result<(), Fault> {
    let mut table = Table::of("holes: queues that hold 100 and refuse the rest, 30 keys");
    let scene = stage.scene("holes").await?;
    let group = "holes.full";
    let full =
        [("x-max-length", AMQPValue::LongInt(100)), ("x-overflow", wire::text("reject-publish"))];
    declare_group(&scene, group, &full).await?;
    let _relay = scene.child("relay", "relay", |_| {})?;
    write(&scene.database.url, 3_000, 30).await?;
    let refused = "select count(*) from note where what like 'not confirmed%'";
    let some = async || scene.database.number(refused).await.is_ok_and(|it| it > 0);
    until("a page is refused", Duration::from_secs(20), some).await?;
    let _reader = scene.child("consume", "c1", |it| it.group = group.into())?;
    let _ = scene.database.all_handled_within(group, Duration::from_secs(20)).await;
    table.row_of_a_broken_promise("refused in the middle", scene.database.counts(group).await?);
    println!("    pages refused: {}", scene.database.number(refused).await?);
    Ok(())
}
