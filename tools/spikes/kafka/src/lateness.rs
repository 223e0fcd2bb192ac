//! A group that comes late, under load: it begins at the earliest offset.

use ground::{Fault, Table, write};

use crate::stage::Stage;

pub async fn run(stage: &Stage) -> Result<(), Fault> {
    let mut table =
        Table::of("late: a group comes after 5,000 facts, while 5,000 more are written");
    let scene = stage.scene("late", &[]).await?;
    let group = "late.late".to_owned();
    let _relay = scene.child("relay", "relay", |_| {})?;
    let _early = scene.child("consume", "c1", |_| {})?;
    write(&scene.database.url, 5_000, 300).await?;
    scene.database.all_handled(&scene.part.group).await?;
    let _late = scene.child("consume", "late", |it| it.group.clone_from(&group))?;
    write(&scene.database.url, 5_000, 300).await?;
    scene.database.all_handled(&group).await?;
    table.row("from the earliest offset", scene.database.counts(&group).await?);
    scene.database.all_handled(&scene.part.group).await?;
    table.row("    the early group beside it", scene.database.counts(&scene.part.group).await?);
    Ok(())
}
