//! `socle migrate`: brings the database up to date, and says what that took.

use serde::Serialize;

use crate::{
    answer::Answer,
    failure::Failure,
    modules::TABLES,
    runtime::{Absent, Runtime},
    settings::Settings,
    text::Text,
};

#[derive(Serialize)]
struct Step {
    schema: String,
    version: i64,
    description: String,
}

#[derive(Serialize)]
struct Object {
    applied: Vec<Step>,
    steps: usize,
}

pub(super) async fn obey(settings: &Settings) -> Result<Answer, Failure> {
    let runtime = Runtime::reach(settings, Absent::Create).await?;
    let done = migrate(&runtime, settings).await;
    runtime.close().await?;
    done
}

async fn migrate(runtime: &Runtime, settings: &Settings) -> Result<Answer, Failure> {
    let before = runtime.database.applied(&TABLES).await?;
    runtime.migrate(settings).await?;
    let after = runtime.database.applied(&TABLES).await?;

    let steps = after.len();
    let new = after.into_iter().filter(|it| !before.contains(it));
    let applied: Vec<_> = new
        .map(|it| Step { schema: it.schema, version: it.version, description: it.description })
        .collect();
    let mut text = Text::new();
    for it in &applied {
        text.line(format_args!("{}  {}  {}", it.schema, it.version, it.description));
    }
    match applied.len() {
        0 => text.line(format_args!("up to date; {steps} steps")),
        new => text.line(format_args!("{new} steps applied, {steps} in all")),
    }
    Ok(Answer::new(&Object { applied, steps }, text))
}
