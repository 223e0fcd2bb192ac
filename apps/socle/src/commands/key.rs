//! `socle key`: who may call over HTTP.

use std::time::Duration;

use serde::Serialize;
use socle_auth::{ApiKey, Ended, Entropy, Issued, KeyId, KeyName, Keys, NewKey, SCOPES, scope};
use socle_kernel::{Cx, Scope, Timestamp};
use socle_web::Drawn;
use tokio::time::sleep;

use crate::{
    answer::Answer,
    cli::{Issue, KeyCommand},
    clock,
    failure::{Exit, Failure},
    prompt::socle,
    runtime::{self, Absent, Runtime},
    session,
    settings::Settings,
    table::Table,
};

/// The most keys that are listed.
const KEYS_MAX: i64 = 1_000;

#[derive(Serialize)]
struct Object {
    id: KeyId,
    name: KeyName,
    prefix: String,
    scopes: Vec<&'static str>,
    limit_per_minute: u32,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    /// Told this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

#[derive(Serialize)]
struct List {
    keys: Vec<Object>,
}

pub(super) async fn obey(command: KeyCommand, settings: &Settings) -> Result<Answer, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| {
        let tenant = session::tenant(runtime, settings.handle(), "socle key").await?;
        let (keys, cx) = (runtime.keys(), of_everything(clock::cx(tenant.id, "socle key")));
        match command {
            KeyCommand::Issue(how) => issue(&keys, &cx, how).await,
            KeyCommand::List => list(&keys, &cx).await,
            KeyCommand::Rotate { id, overlap_s } => {
                rotate(&keys, &cx, key_id(&id)?, Duration::from_secs(overlap_s)).await
            }
            KeyCommand::Revoke { id } => revoke(&keys, &cx, key_id(&id)?).await,
        }
    })
    .await
}

/// Whoever may run commands here may do everything.
fn of_everything(mut cx: Cx) -> Cx {
    cx.scopes = SCOPES.to_vec();
    cx
}

fn key_id(text: &str) -> Result<KeyId, Failure> {
    let next = format!("`{}` shows them", socle("key list"));
    text.parse().map_err(|error| Failure::new(Exit::Usage, error, next))
}

async fn issue(keys: &Keys, cx: &Cx, how: Issue) -> Result<Answer, Failure> {
    let Issue { name, scopes, days, limit } = how;
    let next = "a name reads checkout; a scope is one of those that --help lists";
    let name = name.parse().map_err(|error| Failure::new(Exit::Usage, error, next))?;
    let scopes = match scopes.as_slice() {
        [] => SCOPES.to_vec(),
        some => some.iter().map(|it| scope(it)).collect::<Result<Vec<Scope>, _>>()?,
    };
    let expires_at = days.map(|it| cx.now.after(Duration::from_hours(24 * u64::from(it))));
    let new = NewKey { name, scopes, expires_at, limit_per_minute: limit };
    let issued = keys.issue(cx, new, Entropy(Drawn::draw().0)).await?;
    Ok(told(issued))
}

async fn rotate(keys: &Keys, cx: &Cx, id: KeyId, overlap: Duration) -> Result<Answer, Failure> {
    let Ended { it, effective_in } = keys.rotate(cx, id, overlap, Entropy(Drawn::draw().0)).await?;
    sleep(effective_in).await;
    Ok(told(it))
}

async fn revoke(keys: &Keys, cx: &Cx, id: KeyId) -> Result<Answer, Failure> {
    let Ended { it, effective_in } = keys.revoke(cx, id).await?;
    sleep(effective_in).await;
    let text = format!("{} has ended; nothing honours it any more", it.prefix);
    Ok(Answer::new(&Object::from(it), text))
}

async fn list(keys: &Keys, cx: &Cx) -> Result<Answer, Failure> {
    let found = keys.list(cx, None, KEYS_MAX).await?;
    let mut table = Table::new(&["ID", "NAME", "BEGINS", "SCOPES", "LAST USED", "STATE"]);
    for it in &found {
        let scopes: Vec<_> = it.scopes.iter().map(|it| it.0).collect();
        let used = it.last_used_at.map_or_else(|| "never".to_owned(), |it| it.to_string());
        let (id, name, prefix) = (it.id.to_string(), it.name.to_string(), it.prefix.to_string());
        table.row(vec![id, name, prefix, scopes.join(" "), used, state(it, cx.now)]);
    }
    let text = table.to_string();
    Ok(Answer::new(&List { keys: found.into_iter().map(Object::from).collect() }, text))
}

fn state(it: &ApiKey, now: Timestamp) -> String {
    match (it.revoked_at, it.expires_at) {
        (Some(at), _) => format!("revoked {}", at.day()),
        (None, Some(at)) if at <= now => format!("expired {}", at.day()),
        (None, Some(at)) => format!("until {}", at.day()),
        (None, None) => "in force".to_owned(),
    }
}

/// The one time that the text of a key is told.
fn told(Issued { key, text: secret }: Issued) -> Answer {
    let secret = secret.expose().to_owned();
    let text = format!("{secret}\n\nThis is told once. It goes into `Authorization: Bearer …`.");
    let mut object = Object::from(key);
    object.secret = Some(secret);
    Answer::new(&object, text)
}

impl From<ApiKey> for Object {
    fn from(it: ApiKey) -> Self {
        Self {
            id: it.id,
            name: it.name,
            prefix: it.prefix.to_string(),
            scopes: it.scopes.iter().map(|it| it.0).collect(),
            limit_per_minute: it.limit_per_minute,
            created_at: it.created_at,
            expires_at: it.expires_at,
            last_used_at: it.last_used_at,
            revoked_at: it.revoked_at,
            secret: None,
        }
    }
}
