//! `socle.toml`: settings that stay. A name that is none is refused, with the nearest that is.

use std::{collections::BTreeMap, fs, io::ErrorKind, path::Path};

use toml::{Table, Value};

use crate::failure::{Exit, Failure};

/// What the file is called, in the data folder.
pub(super) const NAME: &str = "socle.toml";

/// How alike a name must be to be what was meant: from 0 to 1.
const LIKENESS: f64 = 0.7;

/// Whether a file has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It was named.
    Demanded,
    /// It is looked for where it usually is.
    Usual,
}

/// The settings of the file at `path`, each one of `known`.
pub(super) fn read(
    path: &Path,
    presence: Presence,
    known: &[&str],
) -> Result<BTreeMap<String, String>, Failure> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && presence == Presence::Usual => {
            return Ok(BTreeMap::new());
        }
        Err(error) => {
            let why = format!("could not read {}: {error}", path.display());
            return Err(Failure::new(Exit::Usage, why, "see that it is there and may be read"));
        }
        Ok(text) => text,
    };
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |it| text[..it.start].lines().count().max(1));
        let why = format!("{}, line {line}: {}", path.display(), error.message());
        Failure::new(Exit::Usage, why, "write a setting as `listen = \"127.0.0.1:8080\"`")
    })?;
    table.into_iter().map(|(name, value)| one(path, known, name, value)).collect()
}

fn one(
    path: &Path,
    known: &[&str],
    name: String,
    value: Value,
) -> Result<(String, String), Failure> {
    if !known.contains(&name.as_str()) {
        let why = format!("{}: no setting is called `{name}`", path.display());
        return Err(Failure::new(Exit::Usage, why, advice(&name, known)));
    }
    let Some(text) = text(value) else {
        let why = format!("{}: `{name}` is text, a number or a list of texts", path.display());
        return Err(Failure::new(Exit::Usage, why, "`socle config` shows what each setting is"));
    };
    Ok((name, text))
}

/// The nearest name there is, or all of them.
fn advice(name: &str, known: &[&str]) -> String {
    let alike = |it: &&str| strsim::jaro_winkler(name, it);
    let nearest = known.iter().copied().max_by(|one, next| alike(one).total_cmp(&alike(next)));
    match nearest.filter(|it| LIKENESS < alike(it)) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("settings are {}", known.join(", ")),
    }
}

/// As a variable of the environment would have it: lists joined by commas.
fn text(value: Value) -> Option<String> {
    match value {
        Value::String(it) => Some(it),
        Value::Integer(it) => Some(it.to_string()),
        Value::Float(it) => Some(it.to_string()),
        Value::Boolean(it) => Some(it.to_string()),
        Value::Array(all) => {
            let all: Option<Vec<_>> = all.into_iter().map(text).collect();
            Some(all?.join(","))
        }
        Value::Datetime(_) | Value::Table(_) => None,
    }
}
