//! Commands to paste: named as this program was, on the same data folder.

use std::{env, path::Path};

/// `socle <rest>` as the reader would type it.
pub(crate) fn socle(rest: &str) -> String {
    let mut words = env::args();
    let mut line = program(&words.next().unwrap_or_else(|| "socle".to_owned()));
    while let Some(word) = words.next() {
        let folder = match word.strip_prefix("--data") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(folder) = folder {
            line = format!("{line} --data {}", quoted(&folder));
        }
    }
    format!("{line} {rest}")
}

/// Seen from here, where it lies below here.
fn program(path: &str) -> String {
    let here = env::current_dir().unwrap_or_default();
    let below =
        Path::new(path).strip_prefix(here).ok().filter(|it| it.components().nth(1).is_some());
    quoted(below.and_then(Path::to_str).unwrap_or(path))
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "/._-+:@%,=~".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
