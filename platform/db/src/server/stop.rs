//! Stops the server of a folder from outside, as `socle stop` does.

use rustix::process::Signal;

use super::{
    Claim, Error, Folder, Installation, Owner, Site, error::On, process::Process, user::User,
    wait::Wait,
};

/// What was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Nothing ran.
    Nothing,
    /// The process that owned the server, and the server with it.
    Owner {
        /// Its process id.
        pid: u32,
    },
    /// A server that had lost its owner.
    Orphan {
        /// Its process id.
        pid: u32,
    },
}

/// Asks the owner of a folder's server to end, or ends a server without one, and waits for it.
pub async fn stop(folder: &Folder) -> Result<Stopped, Error> {
    let Some(installation) = Installation::read(folder)? else { return Ok(Stopped::Nothing) };
    match Owner::claim_settled(folder).await? {
        Claim::Other(owner) => {
            owner.signal(Signal::TERM).on("stop the owner of", folder.path())?;
            until_ended(folder, owner, || match Owner::claim(folder) {
                Ok(Claim::Other(other)) => other == owner,
                Ok(Claim::Ending) => true,
                // It has let go of the server; what is told is that it has ended.
                Ok(Claim::Mine(_)) | Err(_) => owner.is_alive(),
            })
            .await?;
            Ok(Stopped::Owner { pid: owner.pid })
        }
        Claim::Mine(_owner) => {
            let site = Site { folder: folder.clone(), installation, user: User::of(folder)? };
            let Some((server, _)) = site.orphan().await? else { return Ok(Stopped::Nothing) };
            let server = server.process;
            server.signal(Signal::INT).on("stop the server of", folder.path())?;
            until_ended(folder, server, || server.is_alive()).await?;
            Ok(Stopped::Orphan { pid: server.pid })
        }
        Claim::Ending => Ok(Stopped::Nothing),
    }
}

async fn until_ended(
    folder: &Folder,
    process: Process,
    still_runs: impl Fn() -> bool,
) -> Result<(), Error> {
    let mut wait = Wait::for_end();
    while still_runs() {
        wait.pause().await.map_err(|seconds| Error::NotStopping {
            folder: folder.path().into(),
            seconds,
            who: format!("process {}", process.pid),
        })?;
    }
    Ok(())
}
