//! `socle stop`: ends what runs on the data folder.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde::Serialize;
use socle_db::server::{Folder, Stopped, stop};
use tokio::time::sleep;

use crate::{
    answer::Answer,
    failure::{Exit, Failure},
    place,
    settings::Settings,
};

/// How often it is looked whether a process has ended.
const LOOK: Duration = Duration::from_millis(20);

#[derive(Serialize)]
struct Object {
    stopped: bool,
    pid: Option<u32>,
}

/// A database elsewhere is not ours to stop; what serves it from here is.
pub(super) async fn obey(settings: &Settings) -> Result<Answer, Failure> {
    let folder = settings.folder()?.value;
    let served = if settings.database_url.value.is_some() { end(&folder).await? } else { None };
    let (pid, text) = match (served, stop(&folder).await?) {
        (Some(pid), _) | (None, Stopped::Owner { pid }) => {
            (Some(pid), format!("stopped; process {pid} has ended"))
        }
        (None, Stopped::Nothing) => (None, format!("nothing runs on {}", folder.path().display())),
        (None, Stopped::Orphan { pid }) => {
            (Some(pid), format!("stopped a lost database, process {pid}"))
        }
    };
    Ok(Answer::new(&Object { stopped: pid.is_some(), pid }, text))
}

/// Ends whoever serves from this folder a database that lies elsewhere.
async fn end(folder: &Folder) -> Result<Option<u32>, Failure> {
    let Some(served) = place::find(folder) else { return Ok(None) };
    let pid = i32::try_from(served.pid).ok().and_then(Pid::from_raw);
    let told = pid.map(|it| kill_process(it, Signal::TERM)).transpose();
    told.map_err(|error| {
        let why = format!("could not end process {}: {error}", served.pid);
        Failure::new(Exit::Unavailable, why, "end it as the user who started it")
    })?;
    while place::find(folder).is_some_and(|it| it.pid == served.pid) {
        sleep(LOOK).await;
    }
    Ok(Some(served.pid))
}
