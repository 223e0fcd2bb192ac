//! `socle stop`: ends what runs on the data folder.

use serde::Serialize;
use socle_db::server::{Stopped, stop};

use crate::{answer::Answer, failure::Failure, settings::Settings};

#[derive(Serialize)]
struct Object {
    stopped: bool,
    pid: Option<u32>,
}

/// A server elsewhere is not ours to stop.
pub(super) async fn obey(settings: &Settings) -> Result<Answer, Failure> {
    let folder = settings.folder()?.value;
    let (pid, text) = match stop(&folder).await? {
        Stopped::Nothing => (None, format!("nothing runs on {}", folder.path().display())),
        Stopped::Owner { pid } => (Some(pid), format!("stopped; process {pid} has ended")),
        Stopped::Orphan { pid } => (Some(pid), format!("stopped a lost database, process {pid}")),
    };
    Ok(Answer::new(&Object { stopped: pid.is_some(), pid }, text))
}
