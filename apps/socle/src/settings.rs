//! What was meant: the command line first, then the environment, then the defaults.

use std::{env, path::PathBuf};

use clap::{ArgMatches, parser::ValueSource};
use socle_db::server::{self, Folder};

use crate::{cli::Place, failure::Failure};

/// Whose books they are when nobody says.
pub(crate) const DEMO: &str = "demo";

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Flag,
    Environment,
    Default,
}

/// A setting and where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Set<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

/// What every command goes by.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `None`: where the data of this machine or user lies.
    data: Set<Option<PathBuf>>,
    pub(crate) tenant: Set<Option<String>>,
    pub(crate) database_url: Set<Option<String>>,
    pub(crate) app_url: Set<Option<String>>,
    pub(crate) pg_bin: Set<Option<String>>,
    pub(crate) log: Set<Option<String>>,
}

impl Source {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::Default => "default",
        }
    }
}

impl Settings {
    pub(crate) fn of(place: &Place, matches: &ArgMatches) -> Self {
        let given = |name| match matches.value_source(name) {
            Some(ValueSource::CommandLine) => Source::Flag,
            Some(ValueSource::EnvVariable) => Source::Environment,
            _ => Source::Default,
        };
        let data = place.data.clone().filter(|it| !it.as_os_str().is_empty());
        let tenant = place.tenant.clone().filter(|it| !it.is_empty());
        Self {
            data: Set::from(data, given("data")),
            tenant: Set::from(tenant, given("tenant")),
            database_url: Set::of_environment("DATABASE_URL"),
            app_url: Set::of_environment("SOCLE_APP_URL"),
            pg_bin: Set::of_environment("SOCLE_PG_BIN"),
            log: Set::of_environment("SOCLE_LOG"),
        }
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> Result<Set<Folder>, Failure> {
        let value = match &self.data.value {
            Some(path) => Folder::try_new(path)?,
            None => Folder::of_this_user()?,
        };
        Ok(Set { value, source: self.data.source })
    }

    /// The handle of the tenant.
    pub(crate) fn handle(&self) -> &str {
        self.tenant.value.as_deref().unwrap_or(DEMO)
    }

    /// How the private server is run.
    pub(crate) fn server(&self) -> server::Settings {
        let binaries = self.pg_bin.value.as_ref().map(PathBuf::from);
        server::Settings { binaries, conf: Vec::new() }
    }
}

impl<T> Set<Option<T>> {
    /// An empty setting is one that was not made.
    fn from(value: Option<T>, source: Source) -> Self {
        let source = if value.is_some() { source } else { Source::Default };
        Self { value, source }
    }
}

impl Set<Option<String>> {
    fn of_environment(name: &str) -> Self {
        Self::from(env::var(name).ok().filter(|it| !it.is_empty()), Source::Environment)
    }
}
