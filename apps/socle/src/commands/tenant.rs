//! `socle tenant`: who is let in.

use serde::Serialize;
use socle_auth::Tenant;
use socle_kernel::{TenantId, Timestamp};

use crate::{
    answer::Answer,
    cli::TenantCommand,
    clock,
    failure::{Exit, Failure},
    prompt::socle,
    runtime::{self, Absent, Runtime},
    settings::Settings,
    table::Table,
};

#[derive(Serialize)]
struct Object {
    id: TenantId,
    handle: String,
    name: String,
    created_at: Timestamp,
}

#[derive(Serialize)]
struct List {
    tenants: Vec<Object>,
}

pub(super) async fn obey(command: TenantCommand, settings: &Settings) -> Result<Answer, Failure> {
    match command {
        TenantCommand::Create { handle, name } => {
            let name = name.unwrap_or_else(|| handle.clone());
            create(settings, &handle, &name).await
        }
        TenantCommand::List => list(settings).await,
    }
}

async fn create(settings: &Settings, handle: &str, name: &str) -> Result<Answer, Failure> {
    let mistyped = |error| {
        let next = "a handle reads corner-shop-2, a name Corner Shop";
        Failure::new(Exit::Usage, error, next)
    };
    let (handle, name) = (handle.parse().map_err(mistyped)?, name.parse().map_err(mistyped)?);
    runtime::with(settings, Absent::Create, async |runtime: &Runtime| {
        let cx = &clock::cx_of_nobody("socle tenant create");
        let made = runtime.tenants().create(cx, handle, name).await?;
        let define = socle(&format!("ledger programme define points --tenant {}", made.handle));
        let text = format!("{} is in\n\nNext:\n  {define}", made.handle);
        Ok(Answer::new(&Object::from(made), text))
    })
    .await
}

async fn list(settings: &Settings) -> Result<Answer, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| {
        let cx = &clock::cx_of_nobody("socle tenant list");
        let tenants: Vec<_> =
            runtime.tenants().list(cx).await?.into_iter().map(Object::from).collect();
        let mut table = Table::new(&["HANDLE", "NAME", "SINCE", "ID"]);
        for it in &tenants {
            let since = it.created_at.day().to_string();
            table.row(vec![it.handle.clone(), it.name.clone(), since, it.id.to_string()]);
        }
        Ok(Answer::new(&List { tenants }, table.to_string()))
    })
    .await
}

impl From<Tenant> for Object {
    fn from(it: Tenant) -> Self {
        let Tenant { id, handle, name, created_at, .. } = it;
        Self { id, handle: handle.to_string(), name: name.to_string(), created_at }
    }
}
