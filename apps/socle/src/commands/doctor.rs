//! `socle doctor`: looks for what is wrong, and says what to do about it. Repairs nothing.

mod machine;
mod postgres;

use serde::Serialize;

use crate::{
    answer::{Answer, Verdict},
    failure::Failure,
    runtime::{Absent, Runtime},
    settings::Settings,
};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Ok,
    Warn,
    Bad,
}

/// What was looked at, and found.
#[derive(Debug, Serialize)]
struct Finding {
    level: Level,
    about: &'static str,
    found: String,
    /// What to do, where something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
struct Object {
    healthy: bool,
    findings: Vec<Finding>,
}

pub(super) async fn obey(settings: &Settings) -> Result<Answer, Failure> {
    let folder = settings.folder()?.value;
    let mut findings = vec![machine::disk(&folder), machine::clock()];
    if settings.database_url.value.is_none() {
        findings.push(postgres::programs(&folder, &settings.server()).await);
    }
    if settings.database_url.value.is_none() && !folder.is_installed() {
        findings.push(postgres::nothing_yet());
    } else {
        match Runtime::open(settings, Absent::Refuse).await {
            Ok(runtime) => {
                let found = postgres::server(&runtime.database).await;
                runtime.close().await?;
                findings.extend(found?);
            }
            Err(failure) => findings.push(postgres::unreachable(&failure)),
        }
    }
    let healthy = findings.iter().all(|it| it.level != Level::Bad);
    let text = findings.iter().map(Finding::text).collect::<String>();
    let verdict = if healthy { Verdict::Good } else { Verdict::Bad };
    Ok(Answer::new(&Object { healthy, findings }, text).judged(verdict))
}

impl Finding {
    fn ok(about: &'static str, found: impl Into<String>) -> Self {
        Self { level: Level::Ok, about, found: found.into(), next: None }
    }

    fn warn(about: &'static str, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { level: Level::Warn, about, found: found.into(), next: Some(next.into()) }
    }

    fn bad(about: &'static str, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { level: Level::Bad, ..Self::warn(about, found, next) }
    }

    fn text(&self) -> String {
        let level = match self.level {
            Level::Ok => "ok  ",
            Level::Warn => "warn",
            Level::Bad => "bad ",
        };
        let next = self.next.as_ref().map(|it| format!("      next: {it}\n")).unwrap_or_default();
        format!("{level}  {}: {}\n{next}", self.about, self.found)
    }
}
