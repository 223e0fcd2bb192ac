//! What every round begins with: a migrated database with three merchants and the tables of the
//! witness, made once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use socle_db::{Database, Logins};

use super::{Postgres, ask, copy};
use crate::{Failed, witness::MODULE};

/// The merchants.
const HANDLES: [&str; 3] = ["north", "south", "west"];

/// More calls a minute than are made.
const CALLS: &str = "1000000";

/// A merchant, and the key that may do everything in its name.
#[derive(Debug, Clone)]
pub(crate) struct Tenant {
    pub(crate) handle: &'static str,
    pub(crate) secret: String,
    pub(crate) programme: String,
}

/// A stopped cluster to be copied.
pub(crate) struct Template {
    pub(crate) socle: PathBuf,
    pub(crate) tenants: Vec<Tenant>,
    data: PathBuf,
}

impl Template {
    pub(crate) async fn make(socle: PathBuf, folder: &Path) -> Result<Self, Failed> {
        fs::create_dir_all(folder)?;
        let data = folder.join("d");
        let postgres = Postgres::start(&data).await?;
        let made = async {
            let tenants = merchants(&socle, &folder.join("cli"), &postgres.url()).await?;
            Database::migrate(&Logins::trusted(postgres.admin()), &[MODULE]).await?;
            Ok::<_, Failed>(tenants)
        };
        let made = made.await;
        postgres.stop().await?;
        Ok(Self { socle, tenants: made?, data })
    }

    /// The cluster, once more.
    pub(super) async fn copy(&self, to: &Path) -> Result<(), Failed> {
        copy(&self.data, to).await
    }
}

async fn merchants(socle: &Path, data: &Path, url: &str) -> Result<Vec<Tenant>, Failed> {
    let mut tenants = Vec::new();
    for handle in HANDLES {
        let tell = async |words: &[&str]| ask(socle, (data, url), words).await;
        tell(&["tenant", "create", handle]).await?;
        let issue = ["key", "issue", "storm", "--limit", CALLS, "--tenant", handle];
        let secret = text(&tell(&issue).await?, "secret")?;
        let define = ["ledger", "programme", "define", "points", "--tenant", handle];
        let programme = text(&tell(&define).await?, "id")?;
        tenants.push(Tenant { handle, secret, programme });
    }
    Ok(tenants)
}

/// A member that is a text.
fn text(object: &Value, name: &str) -> Result<String, Failed> {
    let text = object[name].as_str().map(str::to_owned);
    text.ok_or_else(|| Failed(format!("there is no {name} in {object}")))
}
