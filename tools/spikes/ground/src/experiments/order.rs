//! Order per key under load, with one and with two processes in a group.

use std::time::Duration;

use crate::{Fault, Scene, Table, connect, write};
use tokio::time::sleep;

/// `manners` are the ways in which a broker may share a group, each with its name.
pub async fn order(
    set: impl AsyncFn(&str) -> Result<Scene, Fault>,
    manners: &[(&str, &str)],
) -> Result<(), Fault> {
    let mut table =
        Table::of("order: 12,000 facts of 300 keys, 4 partitions, an open writer beside");
    for (name, manner) in manners.iter().copied() {
        let scene = set(&format!("order{manner}")).await?;
        let open = connect(&scene.database.url).await?;
        // Sees to it that no cursor waits for the oldest transaction.
        open.batch_execute(
            "set idle_in_transaction_session_timeout = 0; begin; select pg_current_xact_id()",
        )
        .await
        .map_err(|it| Fault::new(it.to_string()))?;
        let _relay = scene.child("relay", "relay", |_| {})?;
        let _first = scene.child("consume", "c1", |it| it.manner = manner.into())?;
        sleep(Duration::from_millis(500)).await;
        let _second = scene.child("consume", "c2", |it| it.manner = manner.into())?;
        sleep(Duration::from_millis(2500)).await;
        write(&scene.database.url, 12_000, 300).await?;
        scene.database.all_handled(&scene.part.group).await?;
        table.row(name, scene.database.counts(&scene.part.group).await?);
        let by = |who: &str| format!("select count(*) from effect where consumer = '{who}'");
        let (one, two) =
            (scene.database.number(&by("c1")).await?, scene.database.number(&by("c2")).await?);
        println!("    effects of c1 and c2: {one} and {two}");
        scene.database.print_notes().await?;
    }
    Ok(())
}
