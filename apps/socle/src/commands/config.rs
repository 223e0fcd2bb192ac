//! `socle config`: each setting, its value and where it comes from; secrets hidden.

use serde::Serialize;

use super::status::hidden;
use crate::{
    answer::Answer,
    failure::Failure,
    settings::{Set, Settings},
    table::Table,
};

#[derive(Serialize)]
struct Object {
    settings: Vec<Setting>,
}

#[derive(Serialize)]
struct Setting {
    name: &'static str,
    value: Option<String>,
    source: &'static str,
    variable: &'static str,
}

pub(super) fn obey(settings: &Settings) -> Result<Answer, Failure> {
    let folder = settings.folder()?;
    let data = folder.value.path().display().to_string();
    let data = Set { value: Some(data), source: folder.source };
    let tenant = Some(settings.handle().to_owned());
    let tenant = Set { value: tenant, source: settings.tenant.source };
    let settings = vec![
        setting("data", "SOCLE_DATA", &data),
        setting("config", "SOCLE_CONFIG", &settings.config),
        setting("tenant", "SOCLE_TENANT", &tenant),
        setting("listen", "SOCLE_LISTEN", &settings.listen),
        setting("database_url", "DATABASE_URL", &settings.database_url),
        setting("app_url", "SOCLE_APP_URL", &settings.app_url),
        setting("pg_bin", "SOCLE_PG_BIN", &settings.pg_bin),
        setting("log", "SOCLE_LOG", &settings.log),
        setting("otlp_endpoint", "SOCLE_OTLP_ENDPOINT", &settings.otlp_endpoint),
        setting("traced", "SOCLE_TRACED", &settings.traced),
        setting("cors_origins", "SOCLE_CORS_ORIGINS", &settings.cors_origins),
    ];
    let mut table = Table::new(&["SETTING", "VALUE", "FROM", "VARIABLE"]);
    for it in &settings {
        let value = it.value.clone().unwrap_or_else(|| "-".to_owned());
        table.row([it.name, &value, it.source, it.variable].map(str::to_owned).to_vec());
    }
    let text = table.to_string();
    Ok(Answer::new(&Object { settings }, text))
}

fn setting(name: &'static str, variable: &'static str, set: &Set<Option<String>>) -> Setting {
    let value = set.value.as_deref().or_else(|| Settings::default_of(name)).map(hidden);
    Setting { name, value, source: set.source.as_str(), variable }
}
