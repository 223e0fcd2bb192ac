//! A broker's process: started, killed, started again on the same folder.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{net::TcpStream, process::Command, time::sleep};

use crate::{Doing, Fault};

/// How a broker is started, and how it is known that it has.
pub struct Broker {
    pub folder: PathBuf,
    pub port: u16,
    /// What it says when it is ready.
    pub ready: &'static str,
    pub command: Box<dyn Fn() -> Command + Send + Sync>,
    pub child: Option<tokio::process::Child>,
}

impl Broker {
    /// Starts it and waits until it takes connections.
    pub async fn start(&mut self) -> Result<Duration, Fault> {
        let from = Instant::now();
        let said = self.folder.join("out.log");
        let out = fs::File::create(&said).doing("open the broker's log")?;
        let err = out.try_clone().doing("open the broker's log")?;
        let mut command = (self.command)();
        command.stdin(Stdio::null()).stdout(out).stderr(err).kill_on_drop(true);
        self.child = Some(command.spawn().doing("start the broker")?);
        let is_ready = async || {
            fs::read_to_string(&said).unwrap_or_default().contains(self.ready)
                && TcpStream::connect(("127.0.0.1", self.port)).await.is_ok()
        };
        until("the broker is ready", Duration::from_mins(2), is_ready).await?;
        Ok(from.elapsed())
    }

    /// `kill -9`, at once and without a word to anybody.
    pub async fn kill(&mut self) -> Result<(), Fault> {
        if let Some(pid) = written_pid(&self.folder) {
            kill_process(pid, Signal::KILL).doing("kill the broker")?;
        }
        if let Some(mut child) = self.child.take() {
            child.kill().await.doing("wait for the broker's end")?;
        }
        Ok(())
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let (Some(_), Some(pid)) = (&self.child, written_pid(&self.folder)) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// A broker that is started by a script writes the pid of its own process.
fn written_pid(folder: &Path) -> Option<Pid> {
    let text = fs::read_to_string(folder.join("pid")).ok()?;
    text.trim().parse().ok().and_then(Pid::from_raw)
}

/// A port of the loopback that nobody has at the moment.
pub fn free_port() -> Result<u16, Fault> {
    let any = TcpListener::bind("127.0.0.1:0").doing("find a free port")?;
    any.local_addr().map(|it| it.port()).doing("find a free port")
}

/// Polls `holds` until it is true.
pub async fn until(
    what: &str,
    limit: Duration,
    mut holds: impl AsyncFnMut() -> bool,
) -> Result<(), Fault> {
    let from = Instant::now();
    while from.elapsed() < limit {
        if holds().await {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    Err(Fault::new(format!("waited {limit:?} in vain: {what}")))
}
