//! A private PostgreSQL, for whoever has none: found, created, started, watched, stopped.
//!
//! One process owns the server of a data folder, others join it. The server ends with its owner,
//! however that ends: a guard, a small process of its own, sees to it. A server that has lost
//! owner and guard is adopted by the next process that comes, once it has told the nonce of this
//! installation over its socket. Nothing here touches a path that it did not create.

mod binaries;
mod cluster;
mod conf;
mod error;
mod failure;
mod folder;
mod guard;
mod installation;
mod locks;
mod postmaster;
mod process;
mod site;
mod socket;
mod sql;
mod stop;
mod user;
mod wait;

use std::path::PathBuf;

use sqlx::postgres::PgConnectOptions;

pub use error::Error;
pub use folder::Folder;
pub use stop::{Stopped, stop};

use binaries::Binaries;
use guard::Guard;
use installation::Installation;
use locks::{Alone, Claim, Guest, Owner};
use postmaster::Postmaster;
use site::Site;
use sql::Identity;
use user::User;
use wait::Wait;

/// How to run a server.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The folder of `postgres` and `initdb`; without it they are searched for.
    pub binaries: Option<PathBuf>,
    /// Lines for `postgresql.conf`, names and values.
    pub conf: Vec<(String, String)>,
}

/// The programs that would run the server of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// Where `postgres` and `initdb` lie.
    pub folder: PathBuf,
    /// Their major version.
    pub major: u32,
}

/// Looks for the programs as a start would, and starts nothing.
pub async fn programs(folder: &Folder, settings: &Settings) -> Result<Programs, Error> {
    let made_by = cluster::made_by(folder)?.map(|major| (folder.cluster(), major));
    let user = User::of(folder)?;
    let found = Binaries::find(settings.binaries.as_deref(), &user, made_by).await?;
    Ok(Programs { folder: found.folder, major: found.major })
}

/// A running server that this process owns, or has joined.
///
/// Dropping it lets go: an owned server is then stopped by its guard, without anybody waiting.
#[derive(Debug)]
pub struct Server {
    folder: Folder,
    postmaster: Postmaster,
    version: String,
    hold: Hold,
}

#[derive(Debug)]
enum Hold {
    Owner { guard: Box<Guard>, owner: Owner },
    Guest { _lock: Guest },
}

impl Server {
    /// Joins the running server of a folder, or takes over one that has lost its owner; `None`
    /// if there is none.
    pub async fn find(folder: &Folder) -> Result<Option<Self>, Error> {
        let mut wait = Wait::for_ready();
        while let Some(installation) = Installation::read(folder)? {
            let user = User::of(folder)?;
            let site = Site { folder: folder.clone(), installation, user };
            match Owner::claim_settled(folder).await? {
                Claim::Mine(owner) => return Self::adopt(&site, owner).await.map(Result::ok),
                Claim::Other(_) | Claim::Ending => {}
            }
            if let Some(server) = Self::join(&site).await? {
                return Ok(Some(server));
            }
            site.pause(&mut wait).await?;
        }
        Ok(None)
    }

    /// Starts the server of a folder and owns it, or takes over one that has lost its owner.
    /// Refused while another living process owns it. A server that was taken over keeps the
    /// settings that it was started with.
    pub async fn start(folder: &Folder, settings: &Settings) -> Result<Self, Error> {
        let user = User::of(folder)?;
        user.check_way_to(folder.path()).await?;
        folder.create()?;
        let owner = match Owner::claim_settled(folder).await? {
            Claim::Mine(owner) => owner,
            Claim::Other(owner) => {
                return Err(Error::Owned { folder: folder.path().into(), pid: owner.pid });
            }
            Claim::Ending => unreachable!("a settled claim is not ending"),
        };
        let installation = Installation::read_or_create(folder)?;
        let site = Site { folder: folder.clone(), installation, user };
        match Self::adopt(&site, owner).await? {
            Ok(server) => Ok(server),
            Err(mut owner) => {
                owner.sign(folder)?;
                let (guard, postmaster, identity) = site.start(&owner, settings).await?;
                Ok(Self::new(
                    &site,
                    postmaster,
                    identity,
                    Hold::Owner { guard: Box::new(guard), owner },
                ))
            }
        }
    }

    /// Joins the running server of a folder, or starts it.
    pub async fn join_or_start(folder: &Folder, settings: &Settings) -> Result<Self, Error> {
        loop {
            if let Some(server) = Self::find(folder).await? {
                return Ok(server);
            }
            match Self::start(folder, settings).await {
                // Somebody was faster.
                Err(Error::Owned { .. }) => wait::pause().await,
                other => return other,
            }
        }
    }

    /// Takes over a server without an owner; gives the ownership back if there is none.
    async fn adopt(site: &Site, mut owner: Owner) -> Result<Result<Self, Owner>, Error> {
        let Some((postmaster, identity)) = site.orphan().await? else { return Ok(Err(owner)) };
        owner.sign(&site.folder)?;
        let guard = Guard::adopt(site, &owner, &postmaster).map(Box::new)?;
        tracing::warn!(pid = postmaster.process.pid, "took over a database that lost its owner");
        Ok(Ok(Self::new(site, postmaster, identity, Hold::Owner { guard, owner })))
    }

    async fn join(site: &Site) -> Result<Option<Self>, Error> {
        let Some(lock) = Guest::enter(&site.folder)? else { return Ok(None) };
        let Some((postmaster, identity)) = site.ask().await? else { return Ok(None) };
        Ok(Some(Self::new(site, postmaster, identity, Hold::Guest { _lock: lock })))
    }

    fn new(site: &Site, postmaster: Postmaster, identity: Identity, hold: Hold) -> Self {
        Self { folder: site.folder.clone(), postmaster, version: identity.version, hold }
    }

    /// How the superuser `socle_admin` connects to a database of this server.
    #[must_use]
    pub fn admin(&self, database: &str) -> PgConnectOptions {
        sql::admin(&self.postmaster.socket, database)
    }

    /// The same as a URL, as `psql` takes it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        sql::url(&self.postmaster.socket, database)
    }

    /// The server's process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.postmaster.process.pid
    }

    /// The server's version in its own words, as in `15.18 (Debian 15.18-0+deb12u1)`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether the server ends with this process.
    #[must_use]
    pub fn is_owned(&self) -> bool {
        matches!(self.hold, Hold::Owner { .. })
    }

    /// Returns when the server has ended: by itself, or by somebody else's hand.
    pub async fn ended(&self) {
        while self.postmaster.process.is_alive() {
            wait::pause().await;
        }
    }

    /// Lets go. An owned server is stopped: as soon as nobody else uses it, and before this
    /// returns. Dropping the future stops it at once.
    pub async fn stop(self) -> Result<(), Error> {
        match self.hold {
            Hold::Guest { .. } => Ok(()),
            Hold::Owner { guard, owner } => {
                let _alone = Alone::wait(&self.folder).await?;
                guard.stop(&self.folder, self.postmaster.process).await?;
                drop(owner);
                Ok(())
            }
        }
    }
}
