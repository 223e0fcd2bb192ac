//! Commands to paste: named as this program was, on the same data folder.

use std::{env, fmt::Write};

/// `socle <rest>` as the reader would type it.
pub(crate) fn socle(rest: &str) -> String {
    let mut words = env::args();
    let mut line = words.next().unwrap_or_else(|| "socle".to_owned());
    while let Some(word) = words.next() {
        let folder = match word.strip_prefix("--data") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(folder) = folder {
            write!(line, " --data {folder}").expect("a string takes everything");
        }
    }
    format!("{line} {rest}")
}
