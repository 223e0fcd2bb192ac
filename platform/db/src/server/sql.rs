//! The one question to the server: who are you?

use std::{fmt::Write, os::unix::ffi::OsStrExt, path::Path};

use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};

use super::Error;

/// The server's first login, a superuser.
pub(super) const ADMIN: &str = "socle_admin";
pub(super) const PORT: u16 = 5432;

const IDENTITY: &str = "select coalesce(current_setting('socle.installation', true), ''), \
                        current_setting('server_version')";
/// `cannot_connect_now`: starting, recovering or shutting down.
const NOT_NOW: &str = "57P03";

/// What a server says of itself.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) nonce: String,
    pub(super) version: String,
}

/// Asks; `None` if nobody answers yet, or no longer.
pub(super) async fn identity(socket: &Path) -> Result<Option<Identity>, Error> {
    match ask(socket).await {
        Ok((nonce, version)) => Ok(Some(Identity { nonce, version })),
        Err(error) if is_not_now(&error) => Ok(None),
        Err(source) => Err(Error::Sql { socket: socket.into(), source }),
    }
}

/// How the administrator connects.
pub(super) fn admin(socket: &Path, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(PORT)
        .username(ADMIN)
        .database(database)
        .ssl_mode(PgSslMode::Disable)
}

/// The same as a URL, with the socket's folder percent-encoded in the place of the host.
pub(super) fn url(socket: &Path, database: &str) -> String {
    let socket = encoded(socket.as_os_str().as_bytes());
    format!("postgresql://{ADMIN}@{socket}:{PORT}/{}", encoded(database.as_bytes()))
}

fn encoded(text: &[u8]) -> String {
    text.iter().fold(String::new(), |mut url, &byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(byte.into());
        } else {
            write!(url, "%{byte:02X}").expect("a string takes everything");
        }
        url
    })
}

async fn ask(socket: &Path) -> Result<(String, String), sqlx::Error> {
    let mut connection = PgConnection::connect_with(&admin(socket, "postgres")).await?;
    let identity = sqlx::query_as(IDENTITY).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(identity)
}

fn is_not_now(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(refusal) => refusal.code().as_deref() == Some(NOT_NOW),
        _ => false,
    }
}
