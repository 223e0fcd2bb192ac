//! A child of this program that plays a part, and is stopped, woken and killed.

use std::{env, fs, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Command;

use crate::{Doing, Fault, Part, until};

/// A running child; killed when it is dropped.
pub struct Child(tokio::process::Child);

impl Child {
    /// Starts this program again in the part of `part`.
    pub fn start(part: &Part) -> Result<Self, Fault> {
        let program = env::current_exe().doing("find this program")?;
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program)
            .envs(part.environment())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        child.doing("start a child").map(Self)
    }

    /// Waits until the child has stopped itself.
    pub async fn stopped(&self) -> Result<(), Fault> {
        let stat = format!("/proc/{}/stat", self.pid()?.as_raw_nonzero());
        let is_stopped = async || {
            let now = fs::read_to_string(&stat).unwrap_or_default();
            now.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
        };
        until("the child stops at its point", Duration::from_mins(1), is_stopped).await
    }

    pub fn wake(&self) -> Result<(), Fault> {
        kill_process(self.pid()?, Signal::CONT).doing("wake the child")
    }

    pub fn pause(&self) -> Result<(), Fault> {
        kill_process(self.pid()?, Signal::STOP).doing("pause the child")
    }

    /// `kill -9`, and waits until it is gone.
    pub async fn kill(mut self) -> Result<(), Fault> {
        self.0.kill().await.doing("kill the child")
    }

    fn pid(&self) -> Result<Pid, Fault> {
        let raw = self.0.id().and_then(|it| i32::try_from(it).ok()).and_then(Pid::from_raw);
        raw.ok_or_else(|| Fault::new("the child is gone"))
    }
}
