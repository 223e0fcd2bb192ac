//! One installation as its owner sees it: makes it complete, starts its server, takes over one
//! that has lost its owner.

use super::{
    Error, Folder, Settings,
    binaries::Binaries,
    cluster, conf, failure,
    guard::Guard,
    installation::Installation,
    locks::Owner,
    postmaster::{self, Postmaster},
    socket::SocketFolder,
    sql::{self, Identity},
    user::User,
    wait::Wait,
};

/// A data folder, who it is, and who runs its server.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) folder: Folder,
    pub(super) installation: Installation,
    pub(super) user: User,
}

impl Site {
    /// Starts a server where none runs; `initdb` first where there is no cluster.
    pub(super) async fn start(
        &self,
        owner: &Owner,
        settings: &Settings,
    ) -> Result<(Guard, Postmaster, Identity), Error> {
        let made_by = cluster::made_by(&self.folder)?;
        let wanted = made_by.map(|major| (self.folder.cluster(), major));
        let binaries = Binaries::find(settings.binaries.as_deref(), &self.user, wanted).await?;
        let socket = SocketFolder::open(self).await?;
        self.user.create_folder(&self.folder.log())?;
        conf::write(self, &socket.path, settings)?;
        if made_by.is_none() {
            cluster::create(self, owner, &binaries, settings).await?;
        }
        postmaster::clear(&self.folder, &socket.path).await?;
        let mut guard = Guard::run(self, owner, &binaries, &socket)?;
        let (server, identity) = self.until_ready(&mut guard).await?;
        tracing::debug!(pid = server.process.pid, version = identity.version, "database started");
        Ok((guard, server, identity))
    }

    async fn until_ready(&self, guard: &mut Guard) -> Result<(Postmaster, Identity), Error> {
        let mut wait = Wait::for_ready();
        loop {
            if guard.has_ended() {
                return Err(failure::of_start(&self.folder));
            }
            if let Some(answer) = self.ask().await? {
                return Ok(answer);
            }
            self.pause(&mut wait).await?;
        }
    }

    /// The server of this installation that runs without an owner, when it is ready; `None` if
    /// there is none, or if it ends meanwhile.
    pub(super) async fn orphan(&self) -> Result<Option<(Postmaster, Identity)>, Error> {
        let mut wait = Wait::for_ready();
        while Postmaster::running(&self.folder).is_some() {
            if let Some(answer) = self.ask().await? {
                return Ok(Some(answer));
            }
            self.pause(&mut wait).await?;
        }
        Ok(None)
    }

    /// Asks the running server who it is, and refuses a stranger.
    pub(super) async fn ask(&self) -> Result<Option<(Postmaster, Identity)>, Error> {
        let Some(server) = Postmaster::running(&self.folder).filter(|server| server.is_ready)
        else {
            return Ok(None);
        };
        let Some(identity) = sql::identity(&server.socket).await? else { return Ok(None) };
        if identity.nonce != self.installation.nonce {
            return Err(Error::Stranger { pid: server.process.pid, socket: server.socket });
        }
        Ok(Some((server, identity)))
    }

    pub(super) async fn pause(&self, wait: &mut Wait) -> Result<(), Error> {
        let folder = self.folder.path();
        wait.pause().await.map_err(|seconds| Error::NotReady { folder: folder.into(), seconds })
    }
}
