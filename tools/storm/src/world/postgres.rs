//! The PostgreSQL of a world: the one that the product runs, killed and started again.

use std::path::{Path, PathBuf};

use socle_db::server::{Folder, Server, Settings};
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};

use super::{
    LOOK, PATIENCE,
    process::{is_alive, kill},
};
use crate::Failed;

/// What `initdb` makes.
pub(crate) const DATABASE: &str = "postgres";

/// Few enough to be taken by one, and enough for two programs and two workers.
const CONNECTIONS_MAX: &str = "120";

/// The server of a folder.
pub(crate) struct Postgres {
    folder: Folder,
    running: Mutex<Option<Server>>,
    reached: PgConnectOptions,
}

impl Postgres {
    pub(crate) async fn start(data: &Path) -> Result<Self, Failed> {
        let folder = Folder::try_new(data)?;
        let server = Server::start(&folder, &settings()).await?;
        let reached = server.admin(DATABASE);
        Ok(Self { folder, running: Mutex::new(Some(server)), reached })
    }

    /// Starts it where it does not run; a kill is waited for until nothing of it is left.
    pub(crate) async fn start_again(&self) -> Result<(), Failed> {
        let mut running = self.running.lock().await;
        let give_up = Instant::now() + PATIENCE;
        loop {
            if running.is_some() && self.is_ready().await {
                return Ok(());
            }
            if running.as_ref().is_none_or(|it| !is_alive(it.pid())) {
                *running = None;
                match Server::start(&self.folder, &settings()).await {
                    Ok(server) => *running = Some(server),
                    Err(error) if give_up < Instant::now() => return Err(error.into()),
                    Err(_) => {}
                }
            }
            if give_up < Instant::now() {
                return Err(Failed::because("PostgreSQL did not come up again"));
            }
            sleep(LOOK).await;
        }
    }

    /// `kill -9` of the server's first process.
    pub(crate) async fn kill(&self) -> Result<(), Failed> {
        let server = self.running.lock().await.take();
        if let Some(server) = server {
            kill(server.pid())?;
        }
        Ok(())
    }

    pub(crate) async fn stop(&self) -> Result<(), Failed> {
        match self.running.lock().await.take() {
            Some(server) => Ok(server.stop().await?),
            None => Ok(()),
        }
    }

    /// How the superuser logs in, past every wire.
    pub(super) fn admin(&self) -> PgConnectOptions {
        self.reached.clone()
    }

    /// A session of the superuser.
    pub(crate) async fn session(&self) -> Result<PgConnection, Failed> {
        Ok(PgConnection::connect_with(&self.reached).await?)
    }

    /// Runs SQL as the superuser.
    pub(crate) async fn execute(&self, sql: &str) -> Result<(), Failed> {
        let mut session = self.session().await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await?;
        Ok(())
    }

    /// Where it listens.
    pub(crate) fn socket(&self) -> PathBuf {
        let folder = self.reached.get_socket().cloned().unwrap_or_default();
        folder.join(".s.PGSQL.5432")
    }

    /// How the program reaches it, past every wire.
    pub(crate) fn url(&self) -> String {
        url(self.socket().parent().expect("a socket lies in a folder"))
    }

    async fn is_ready(&self) -> bool {
        self.execute("select 1").await.is_ok()
    }
}

/// What `DATABASE_URL` says of a server whose socket lies in this folder.
pub(crate) fn url(folder: &Path) -> String {
    let folder = folder.display().to_string().replace('/', "%2F");
    format!("postgresql://socle_admin@{folder}:5432/{DATABASE}")
}

fn settings() -> Settings {
    let conf = vec![("max_connections".to_owned(), CONNECTIONS_MAX.to_owned())];
    Settings { binaries: None, conf }
}
