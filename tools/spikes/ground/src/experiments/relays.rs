//! A relay that dies, or sleeps, between the confirmation and its cursor.

use std::time::Duration;

use crate::{Fault, Point, Scene, Table, until, write};

pub async fn relays(set: impl AsyncFn(&str) -> Result<Scene, Fault>) -> Result<(), Fault> {
    let mut table =
        Table::of("relays: stopped after the third page was confirmed, before the cursor");
    for (name, is_woken) in
        [("killed, another begins", false), ("paused, another begins, woken", true)]
    {
        let scene = set(&format!("relay{is_woken}")).await?;
        let at = Some((Point::BeforeCursor, 3));
        let first = scene.child("relay", "relay-1", |it| it.stop = at)?;
        let _reader = scene.child("consume", "c1", |_| {})?;
        write(&scene.database.url, 4_000, 300).await?;
        first.stopped().await?;
        let first = if is_woken { Some(first) } else { first.kill().await.map(|()| None)? };
        let _second = scene.child("relay", "relay-2", |_| {})?;
        scene.database.all_handled(&scene.part.group).await?;
        if let Some(sleeper) = &first {
            sleeper.wake()?;
            let noted = async || {
                scene.database.number("select count(*) from note").await.is_ok_and(|it| it > 0)
            };
            until("the sleeper notes that it is fenced", Duration::from_secs(10), noted).await?;
        }
        write(&scene.database.url, 1_000, 300).await?;
        scene.database.all_handled(&scene.part.group).await?;
        table.row(name, scene.database.counts(&scene.part.group).await?);
        scene.database.print_notes().await?;
    }
    Ok(())
}
