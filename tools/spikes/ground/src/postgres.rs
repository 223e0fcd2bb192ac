//! A private PostgreSQL that lasts as long as the spike, and a database for each experiment.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::process::getuid;
use tokio_postgres::{Client, NoTls};

use crate::{Doing, Fault, sql};

/// A server on a unix socket; stopped when it is dropped.
pub struct Postgres {
    folder: PathBuf,
    binaries: PathBuf,
}

/// A database with the tables of one experiment.
pub struct Database {
    pub url: String,
    pub client: Client,
}

impl Postgres {
    /// Makes and starts a server in `folder`; as root it runs as `nobody`, which it insists on.
    pub fn start(folder: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(folder).doing("make the folder of PostgreSQL")?;
        let here = Self { folder: folder.to_owned(), binaries: binaries()? };
        if getuid().is_root() {
            run(Command::new("chown").arg("nobody").arg(folder))?;
        }
        here.run("initdb", &["-U", "o", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])?;
        // Nothing here kills PostgreSQL: what is to survive is the processes around it.
        let settings = format!(
            "-c fsync=off -c listen_addresses= -c unix_socket_directories={} -c max_connections=60",
            folder.display()
        );
        here.run("pg_ctl", &["-w", "-l", "/dev/null", "-o", &settings, "start"])?;
        Ok(here)
    }

    /// A new database with the tables of the spikes.
    pub async fn database(&self, name: &str) -> Result<Database, Fault> {
        let server = format!("host={} user=o dbname=", self.folder.display());
        let first = connect(&format!("{server}postgres")).await?;
        first
            .batch_execute(&format!("create database \"{name}\""))
            .await
            .doing("make a database")?;
        let url = format!("{server}{name}");
        let client = connect(&url).await?;
        client.batch_execute(sql::TABLES).await.doing("make the tables")?;
        Ok(Database { url, client })
    }

    fn run(&self, binary: &str, arguments: &[&str]) -> Result<(), Fault> {
        let program = self.binaries.join(binary);
        let mut command = if getuid().is_root() {
            let mut as_nobody = Command::new("setpriv");
            as_nobody.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
            as_nobody
        } else {
            Command::new(program)
        };
        run(command.arg("-D").arg(self.folder.join("data")).args(arguments).current_dir("/"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Err(fault) = self.run("pg_ctl", &["-m", "immediate", "stop"]) {
            eprintln!("PostgreSQL was not stopped: {fault}");
        }
    }
}

/// A connection whose transactions end when their owner is paused, as those of Socle do.
pub async fn connect(url: &str) -> Result<Client, Fault> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.doing("connect")?;
    tokio::spawn(connection);
    client.batch_execute(sql::SESSION).await.doing("set up the session")?;
    Ok(client)
}

fn binaries() -> Result<PathBuf, Fault> {
    let found = fs::read_dir("/usr/lib/postgresql").doing("find PostgreSQL")?.flatten();
    let mut found: Vec<_> = found.map(|it| it.path().join("bin")).collect();
    found.sort();
    found.pop().ok_or_else(|| Fault::new("PostgreSQL is not installed"))
}

/// Standard error is not captured: a server would inherit the pipe and hold it open.
fn run(command: &mut Command) -> Result<(), Fault> {
    let status = command.stdout(Stdio::null()).status().doing("run a program")?;
    if status.success() { Ok(()) } else { Err(Fault::new(format!("{command:?}: {status}"))) }
}
