//! PostgreSQL: its programs, its settings, its clock, and the walls between tenants and modules.

use socle_db::{
    Database, Survey,
    server::{self, Folder, Settings, programs as find_programs},
};

use super::Finding;
use crate::{clock, failure::Failure, modules::TABLES, prompt::socle};

/// What loses money or mixes tenants' data when it is set otherwise: name, value, why.
const DURABLE: [(&str, &str, &str); 3] = [
    ("fsync", "on", "a crash of the machine would lose committed transactions or all data"),
    ("full_page_writes", "on", "a crash in the middle of a write would tear a page"),
    ("data_checksums", "on", "a disk that changes data would not be noticed"),
];

const SETTINGS: [&str; 5] =
    ["fsync", "full_page_writes", "data_checksums", "synchronous_commit", "max_connections"];

/// A process holds up to 16 connections, and 4 for the reads of each module.
const CONNECTIONS_WANTED: u32 = 40;

/// How far the server's clock may be from ours, in microseconds.
const APART_MAX: u64 = 2_000_000;

pub(super) async fn programs(folder: &Folder, settings: &Settings) -> Finding {
    let about = "PostgreSQL's programs";
    match find_programs(folder, settings).await {
        Ok(it) => Finding::ok(about, format!("version {} in {}", it.major, it.folder.display())),
        Err(error @ server::Error::NoBinaries { .. }) => {
            let next = "install it: `apt-get install postgresql`, or set SOCLE_PG_BIN";
            Finding::bad(about, error.to_string(), next)
        }
        Err(error) => Finding::bad(about, error.to_string(), "do what it says"),
    }
}

pub(super) fn nothing_yet() -> Finding {
    Finding::warn("data", "there is none yet", format!("`{}`", socle("demo")))
}

pub(super) fn unreachable(failure: &Failure) -> Finding {
    let is_asked_already = failure.next().contains(&socle("doctor"));
    let next = if is_asked_already { "do what it says, then try again" } else { failure.next() };
    Finding::bad("database", failure.to_string(), next)
}

/// Asks the server, as its administrator.
pub(super) async fn server(database: &Database) -> Result<Vec<Finding>, Failure> {
    let survey = database.survey(&TABLES, &SETTINGS).await?;
    let mut findings = vec![version(&survey), clocks(&survey)];
    findings.extend(DURABLE.iter().map(|it| setting(&survey, it)));
    findings.push(commits(&survey));
    findings.push(connections(&survey));
    findings.extend(walls(&survey));
    Ok(findings)
}

fn version(survey: &Survey) -> Finding {
    Finding::ok("PostgreSQL", format!("version {}", survey.version))
}

fn clocks(survey: &Survey) -> Finding {
    let about = "PostgreSQL's clock";
    let apart = clock::now().micros().abs_diff(survey.now.micros());
    if apart <= APART_MAX {
        return Finding::ok(about, "agrees with this machine's");
    }
    let found = format!("{} s from this machine's", apart / 1_000_000);
    Finding::warn(about, found, "keep both machines' clocks with NTP")
}

fn value<'s>(survey: &'s Survey, name: &str) -> &'s str {
    let found = survey.settings.iter().find(|(it, _)| it == name);
    found.map_or("not known", |(_, value)| value)
}

fn setting(survey: &Survey, (name, wanted, why): &(&'static str, &str, &str)) -> Finding {
    match value(survey, name) {
        it if it == *wanted => Finding::ok(name, it),
        it => {
            let found = format!("{it}: {why}");
            // Checksums are chosen when a cluster is made; without them it works.
            match *name {
                "data_checksums" => {
                    Finding::warn(name, found, "stop the server and run `pg_checksums --enable`")
                }
                _ => Finding::bad(name, found, format!("the setting belongs {wanted}")),
            }
        }
    }
}

fn commits(survey: &Survey) -> Finding {
    let about = "synchronous_commit";
    match value(survey, about) {
        it @ "off" => {
            let found = format!("{it}: a crash would lose the last commits that were answered");
            Finding::bad(about, found, "the setting belongs on")
        }
        it => Finding::ok(about, it),
    }
}

fn connections(survey: &Survey) -> Finding {
    let about = "max_connections";
    let found = value(survey, about);
    if found.parse().is_ok_and(|it: u32| CONNECTIONS_WANTED <= it) {
        return Finding::ok(about, found);
    }
    let next = format!("set it to {CONNECTIONS_WANTED} or more");
    Finding::warn(about, found, next)
}

fn walls(survey: &Survey) -> [Finding; 3] {
    let mighty: Vec<_> =
        survey.mighty_roles.iter().map(|(role, may)| format!("{role} ({may})")).collect();
    let stray: Vec<_> = survey
        .stray_rights
        .iter()
        .map(|(role, right, table)| format!("{role} may {right} {table}"))
        .collect();
    [
        wall("roles", "none may more than it should", &mighty, "`alter role … no…` what is named"),
        wall(
            "row security",
            "forced on every table with tenants' rows",
            &survey.open_tables,
            "`alter table … enable row level security, force row level security`",
        ),
        wall("rights", "every role stays in its schema", &stray, "`revoke … on … from …`"),
    ]
}

fn wall(about: &'static str, whole: &str, holes: &[String], next: &str) -> Finding {
    match holes {
        [] => Finding::ok(about, whole),
        holes => Finding::bad(about, holes.join("; "), next),
    }
}
