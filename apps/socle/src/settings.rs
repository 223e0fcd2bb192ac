//! What was meant: the command line first, then the environment, then the file, then the defaults.

mod file;

use std::{collections::BTreeMap, env, net::SocketAddr, path::PathBuf};

use clap::{ArgMatches, parser::ValueSource};
use socle_db::server::{self, Folder};

use crate::{
    cli::Place,
    failure::{Exit, Failure},
};
use file::Presence;

/// Whose books they are when nobody says.
pub(crate) const DEMO: &str = "demo";

/// Where HTTP is served when nobody says: this machine alone.
const LISTEN: &str = "127.0.0.1:8080";

/// What share of the requests is traced when nobody says.
const TRACED: &str = "1.0";

/// The settings that a file may make; each has a variable of the environment too.
const NAMES: [&str; 9] = [
    "tenant",
    "listen",
    "database_url",
    "app_url",
    "pg_bin",
    "log",
    "otlp_endpoint",
    "traced",
    "cors_origins",
];

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Flag,
    Environment,
    File,
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
    /// The file that was named.
    pub(crate) config: Set<Option<String>>,
    pub(crate) tenant: Set<Option<String>>,
    pub(crate) listen: Set<Option<String>>,
    pub(crate) database_url: Set<Option<String>>,
    pub(crate) app_url: Set<Option<String>>,
    pub(crate) pg_bin: Set<Option<String>>,
    pub(crate) log: Set<Option<String>>,
    pub(crate) otlp_endpoint: Set<Option<String>>,
    pub(crate) traced: Set<Option<String>>,
    pub(crate) cors_origins: Set<Option<String>>,
}

impl Source {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        }
    }
}

impl Settings {
    pub(crate) fn of(place: &Place, matches: &ArgMatches) -> Result<Self, Failure> {
        let given = |name| match matches.value_source(name) {
            Some(ValueSource::CommandLine) => Source::Flag,
            Some(ValueSource::EnvVariable) => Source::Environment,
            _ => Source::Default,
        };
        let data = place.data.clone().filter(|it| !it.as_os_str().is_empty());
        let data = Set::from(data, given("data"));
        let config = Set::from(place.config.clone(), given("config")).or_none_if_empty();
        let mut file = in_file(&config, &data)?;
        let mut of = |name: &str, variable: &str| {
            Set::of_environment(variable).or(file.remove(name), Source::File)
        };
        let typed =
            |value: &Option<String>, name| Set::from(value.clone(), given(name)).or_none_if_empty();
        Ok(Self {
            tenant: typed(&place.tenant, "tenant").or_set(of("tenant", "SOCLE_TENANT")),
            listen: typed(&place.listen, "listen").or_set(of("listen", "SOCLE_LISTEN")),
            database_url: of("database_url", "DATABASE_URL"),
            app_url: of("app_url", "SOCLE_APP_URL"),
            pg_bin: of("pg_bin", "SOCLE_PG_BIN"),
            log: of("log", "SOCLE_LOG"),
            otlp_endpoint: of("otlp_endpoint", "SOCLE_OTLP_ENDPOINT"),
            traced: of("traced", "SOCLE_TRACED"),
            cors_origins: of("cors_origins", "SOCLE_CORS_ORIGINS"),
            data,
            config,
        })
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> Result<Set<Folder>, Failure> {
        Ok(Set { value: folder(&self.data)?, source: self.data.source })
    }

    /// The handle of the tenant.
    pub(crate) fn handle(&self) -> &str {
        self.tenant.value.as_deref().unwrap_or(DEMO)
    }

    /// Where HTTP is served.
    pub(crate) fn address(&self) -> Result<SocketAddr, Failure> {
        let text = self.listen.value.as_deref().unwrap_or(LISTEN);
        text.parse().map_err(|_| {
            let next =
                "write it as 127.0.0.1:8080, or 0.0.0.0:8080 for every network of this machine";
            Failure::new(Exit::Usage, format!("`{text}` is no address to listen at"), next)
        })
    }

    /// The share of requests that is traced, from 0 to 1.
    pub(crate) fn traced(&self) -> Result<f64, Failure> {
        let text = self.traced.value.as_deref().unwrap_or(TRACED);
        let share = text.parse().ok().filter(|it| (0.0..=1.0).contains(it));
        share.ok_or_else(|| {
            let why = format!("`{text}` is no share of requests to trace");
            Failure::new(Exit::Usage, why, "write `traced` as a number from 0 to 1")
        })
    }

    /// The origins whose pages may call.
    pub(crate) fn cors_origins(&self) -> Vec<String> {
        let all = self.cors_origins.value.as_deref().unwrap_or_default();
        all.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
    }

    /// How the private server is run.
    pub(crate) fn server(&self) -> server::Settings {
        let binaries = self.pg_bin.value.as_ref().map(PathBuf::from);
        server::Settings { binaries, conf: Vec::new() }
    }

    /// With what a setting is when nobody makes it, for whoever lists them.
    pub(crate) fn default_of(name: &str) -> Option<&'static str> {
        match name {
            "listen" => Some(LISTEN),
            "traced" => Some(TRACED),
            _ => None,
        }
    }
}

fn folder(data: &Set<Option<PathBuf>>) -> Result<Folder, Failure> {
    match &data.value {
        Some(path) => Ok(Folder::try_new(path)?),
        None => Ok(Folder::of_this_user()?),
    }
}

/// What the file says: the one that was named, or the one in the data folder.
fn in_file(
    named: &Set<Option<String>>,
    data: &Set<Option<PathBuf>>,
) -> Result<BTreeMap<String, String>, Failure> {
    match &named.value {
        Some(path) => file::read(path.as_ref(), Presence::Demanded, &NAMES),
        None => file::read(&folder(data)?.path().join(file::NAME), Presence::Usual, &NAMES),
    }
}

impl<T> Set<Option<T>> {
    /// An empty setting is one that was not made.
    fn from(value: Option<T>, source: Source) -> Self {
        let source = if value.is_some() { source } else { Source::Default };
        Self { value, source }
    }

    fn or_set(self, other: Self) -> Self {
        if self.value.is_some() { self } else { other }
    }

    fn or(self, value: Option<T>, source: Source) -> Self {
        self.or_set(Self::from(value, source))
    }
}

impl Set<Option<String>> {
    fn of_environment(name: &str) -> Self {
        Self::from(env::var(name).ok(), Source::Environment).or_none_if_empty()
    }

    fn or_none_if_empty(self) -> Self {
        Self::from(self.value.filter(|it| !it.is_empty()), self.source)
    }
}
