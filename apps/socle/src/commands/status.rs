//! `socle status`: what runs, and where its data is.

use serde::Serialize;
use socle_db::server::Server;

use crate::{
    answer::Answer,
    failure::Failure,
    place,
    prompt::socle,
    runtime::{Absent, Runtime},
    settings::Settings,
    text::Text,
};

#[derive(Serialize)]
struct Status {
    running: bool,
    /// Of this program.
    version: &'static str,
    data: String,
    /// `null` while nothing runs.
    database_url: Option<String>,
    /// Where HTTP is served, if it is.
    url: Option<String>,
    postgresql: Option<String>,
    pid: Option<u32>,
}

/// Looks; starts nothing. A server that has lost its owner is stopped, since nobody else will.
pub(super) async fn obey(settings: &Settings) -> Result<Answer, Failure> {
    let folder = settings.folder()?.value;
    let runtime = match &settings.database_url.value {
        Some(_) => Runtime::reach(settings, Absent::Refuse).await.ok(),
        None => Server::find(&folder).await?.map(Runtime::of_server),
    };
    let server = runtime.as_ref().and_then(|it| it.server.as_ref());
    let status = Status {
        running: runtime.is_some() && !server.is_some_and(Server::is_owned),
        version: env!("CARGO_PKG_VERSION"),
        data: folder.path().display().to_string(),
        database_url: runtime.as_ref().and_then(|it| it.url(settings)),
        url: place::find(&folder).map(|it| it.url),
        postgresql: server.map(|it| it.version().to_owned()),
        pid: server.map(Server::pid),
    };
    let text = text(&status);
    if let Some(runtime) = runtime {
        runtime.close().await?;
    }
    Ok(Answer::new(&status, text))
}

fn text(it: &Status) -> Text {
    let mut text = Text::new();
    text.line(format_args!("socle {}\ndata      {}", it.version, it.data));
    match (&it.database_url, it.running) {
        (Some(url), true) => {
            let served = it.url.as_deref().unwrap_or("not served; a command keeps it up");
            text.line(format_args!("running   yes\nHTTP      {served}\ndatabase  {}", hidden(url)));
        }
        _ => text.line(format_args!("running   no; `{}` keeps it up", socle("serve --detach"))),
    }
    text
}

/// The URL without its password.
pub(super) fn hidden(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((who, place)) if who.contains(':') => {
            let user = who.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***@{place}")
        }
        _ => url.to_owned(),
    }
}
