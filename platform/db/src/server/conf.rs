//! The server's settings, in a file that the cluster's `postgresql.conf` includes.

use std::{fs::Permissions, os::unix::fs::PermissionsExt, path::Path};

use super::{Error, Settings, error::On, installation::replace, site::Site};

/// The line at the end of `postgresql.conf`, relative to it, so that a folder can be moved.
pub(super) const INCLUDE: &str = "\ninclude '../socle.conf'\n";

/// Set for every server; what the caller sets comes later in the file and wins.
///
/// Tables of a young database grow fast: statistics come within seconds, not a minute.
///
/// No value of a row reaches the log: neither a statement's text, nor its parameters, nor the
/// detail of an error.
const ALWAYS: &str = "\
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
max_wal_size = 2GB
autovacuum_naptime = 5s
wal_compression = off
jit = off
cluster_name = 'socle'
timezone = 'UTC'
lc_messages = 'C'
log_timezone = 'UTC'
logging_collector = on
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%u@%d '
log_statement = 'none'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
";

/// Writes the file for the start that follows.
pub(super) fn write(site: &Site, socket: &Path, settings: &Settings) -> Result<(), Error> {
    let mut text = String::from("# Written at every start.\n");
    text.push_str(ALWAYS);
    text.push_str(&line("log_directory", utf8(&site.folder.log())?));
    let quoted = utf8(socket)?.replace('"', "\"\"");
    text.push_str(&line("unix_socket_directories", &format!("\"{quoted}\"")));
    text.push_str(&line("socle.installation", &site.installation.nonce));
    for (name, value) in &settings.conf {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_.".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_letter) {
            return Err(Error::Setting { name: name.clone() });
        }
        text.push_str(&line(name, value));
    }
    replace(&site.folder.conf(), &text, |path| {
        site.user.give(path)?;
        std::fs::set_permissions(path, Permissions::from_mode(0o600)).on("set the mode of", path)
    })
}

fn utf8(path: &Path) -> Result<&str, Error> {
    path.to_str().ok_or_else(|| Error::Unwritable { path: path.into() })
}

fn line(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('\'', "''").replace('\n', "\\n");
    format!("{name} = '{value}'\n")
}
