//! A process of this world: killed, paused, woken, and started again.

use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    sync::{Mutex, MutexGuard},
};

use crate::Failed;

/// One that may be down.
#[derive(Default)]
pub(super) struct Process(Mutex<Option<Child>>);

impl Process {
    /// Starts it where it does not run; returns its number, and keeps others from ending it while
    /// what is returned is kept.
    pub(super) async fn run(
        &self,
        command: impl FnOnce() -> Result<Command, Failed>,
    ) -> Result<(u32, MutexGuard<'_, Option<Child>>), Failed> {
        let mut running = self.0.lock().await;
        let is_up = match running.as_mut() {
            Some(child) => child.try_wait()?.is_none(),
            None => false,
        };
        if !is_up {
            *running = Some(command()?.kill_on_drop(true).spawn()?);
        }
        let pid = running.as_ref().and_then(Child::id).unwrap_or_default();
        Ok((pid, running))
    }

    pub(super) async fn kill(&self) -> Result<(), Failed> {
        if let Some(mut child) = self.0.lock().await.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// Lets it stand still.
    pub(super) async fn pause(&self) -> Result<(), Failed> {
        self.signal(Signal::STOP).await
    }

    pub(super) async fn wake(&self) -> Result<(), Failed> {
        self.signal(Signal::CONT).await
    }

    /// How it ended, if nobody here has ended it.
    pub(super) async fn ended_by_itself(&self) -> Result<Option<ExitStatus>, Failed> {
        match self.0.lock().await.as_mut() {
            Some(child) => Ok(child.try_wait()?),
            None => Ok(None),
        }
    }

    async fn signal(&self, what: Signal) -> Result<(), Failed> {
        match self.0.lock().await.as_ref().and_then(Child::id) {
            Some(pid) => signal(pid, what),
            None => Ok(()),
        }
    }
}

/// Sends a signal; a process that has ended needs none.
pub(super) fn signal(pid: u32, signal: Signal) -> Result<(), Failed> {
    let pid = Pid::from_raw(i32::try_from(pid)?);
    match kill_process(pid.ok_or_else(|| Failed::because("no process"))?, signal) {
        Err(rustix::io::Errno::SRCH) => Ok(()),
        other => Ok(other?),
    }
}

/// Sends the signal that nothing survives.
pub(crate) fn kill(pid: u32) -> Result<(), Failed> {
    signal(pid, Signal::KILL)
}

/// One that has ended and waits to be reaped is none.
pub(super) fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(')').map(|(_, rest)| rest.trim_start().chars().next());
    state.flatten().is_some_and(|it| !matches!(it, 'Z' | 'X'))
}
