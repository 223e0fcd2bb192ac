//! The broker dies twice under load, and is started again on the same folder.

use std::time::Duration;

use crate::{Broker, Database, Fault, Scene, Table, write};
use tokio::time::sleep;

pub async fn crash(scene: Scene, broker: &mut Broker) -> Result<(), Fault> {
    let mut table =
        Table::of("crash: the broker is killed twice while 40,000 facts are on their way");
    let database = &scene.database;
    let _relay = scene.child("relay", "relay", |_| {})?;
    let _first = scene.child("consume", "c1", |_| {})?;
    let _second = scene.child("consume", "c2", |_| {})?;
    let (url, mut restarts) = (database.url.clone(), Vec::new());
    let load = tokio::spawn(async move { write(&url, 40_000, 300).await });
    for _ in 0..2 {
        sleep(Duration::from_secs(4)).await;
        let (confirmed, handled) =
            (database.number("select count(*) from confirmed").await?, handled(database).await?);
        broker.kill().await?;
        restarts.push(format!(
            "killed at {confirmed} confirmed, {handled} handled, ready after {:.1} s",
            broker.start().await?.as_secs_f64()
        ));
    }
    load.await.map_err(|it| Fault::new(it.to_string()))??;
    database.all_handled(&scene.part.group).await?;
    table.row("killed twice", database.counts(&scene.part.group).await?);
    let lost = "select count(*) from confirmed where event_id not in (select event_id from seen)";
    println!("    confirmed and never delivered: {}", database.number(lost).await?);
    for restart in restarts {
        println!("    {restart}");
    }
    Ok(())
}

async fn handled(database: &Database) -> Result<i64, Fault> {
    database.number("select count(*) from effect").await
}
