//! Who works at the command line, as what they do is signed.

use std::env;

/// The person's login, as far as the environment tells it; what they decide is kept with it.
pub(crate) fn operator() -> String {
    let named = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|it| env::var(it).ok());
    let named = named.filter(|it| !it.is_empty() && it.len() <= 100);
    named.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))
}
