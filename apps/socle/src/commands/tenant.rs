//! `socle tenant`: who is let in.

use std::time::Duration;

use serde::Serialize;
use socle_auth::{Ended, Standing, Tenant, Tenants, Zone};
use socle_kernel::{Cx, TenantId, TextError, Timestamp};
use tokio::time::sleep;

use crate::{
    answer::Answer,
    cli::TenantCommand,
    clock,
    failure::{Exit, Failure},
    prompt::socle,
    runtime::{self, Absent, Runtime},
    session,
    settings::Settings,
    table::Table,
};

#[derive(Serialize)]
struct Object {
    id: TenantId,
    handle: String,
    name: String,
    created_at: Timestamp,
    /// By whose clock its nights are.
    zone: String,
    /// `active`, `suspended` or `leaving`.
    state: &'static str,
    /// From when on its data may be erased.
    leaves_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Erased {
    erased: Vec<String>,
}

#[derive(Serialize)]
struct List {
    tenants: Vec<Object>,
}

pub(super) async fn obey(command: TenantCommand, settings: &Settings) -> Result<Answer, Failure> {
    match command {
        TenantCommand::Create { handle, name, zone } => {
            let name = name.unwrap_or_else(|| handle.clone());
            create(settings, &handle, &name, &zone).await
        }
        TenantCommand::Zone { handle, zone } => {
            let zone = zone_of(&zone)?;
            change(settings, &handle, async |tenants, cx, id| {
                Ok(tenants.set_zone(cx, id, &zone).await?)
            })
            .await
        }
        TenantCommand::List => list(settings).await,
        TenantCommand::Suspend { handle } => {
            change(settings, &handle, async |tenants, cx, id| {
                Ok(in_force(tenants.suspend(cx, id).await?).await)
            })
            .await
        }
        TenantCommand::Resume { handle } => {
            change(settings, &handle, async |tenants, cx, id| Ok(tenants.resume(cx, id).await?))
                .await
        }
        TenantCommand::Delete { handle, grace } => {
            let grace = Duration::from_hours(24 * u64::from(grace));
            change(settings, &handle, async |tenants, cx, id| {
                Ok(in_force(tenants.leave(cx, id, grace).await?).await)
            })
            .await
        }
        TenantCommand::Restore { handle } => {
            change(settings, &handle, async |tenants, cx, id| Ok(tenants.stay(cx, id).await?)).await
        }
        TenantCommand::Erase => erase(settings).await,
    }
}

const HANDLE: &str = "a handle has lower-case letters, digits and dashes, and begins with a letter";

/// As it is written; whether there is one of this name is known to auth.
fn zone_of(text: &str) -> Result<Zone, Failure> {
    let next = "a zone is written as in Europe/Paris";
    text.parse().map_err(|error| Failure::new(Exit::Usage, error, next))
}

async fn create(
    settings: &Settings,
    handle: &str,
    name: &str,
    zone: &str,
) -> Result<Answer, Failure> {
    let example = socle("tenant create corner-shop-2 --name 'Corner Shop'");
    let mistyped = |what: &str, error: TextError| {
        Failure::new(Exit::Usage, format!("{what}: {error}"), format!("type it as in `{example}`"))
    };
    let handle = handle.parse().map_err(|error| mistyped(HANDLE, error))?;
    let name = name.parse().map_err(|error| mistyped("what a tenant calls itself", error))?;
    let zone = zone_of(zone)?;
    runtime::with(settings, Absent::Create, async |runtime: &Runtime| {
        let cx = &clock::cx_of_nobody("socle tenant create");
        let made = runtime.tenants().create(cx, handle, name, &zone).await.map_err(unmade)?;
        let define = socle(&format!("ledger programme define points --tenant {}", made.handle));
        let text = format!("{} is in\n\nNext:\n  {define}", made.handle);
        Ok(Answer::new(&Object::from(made), text))
    })
    .await
}

/// Says which handles there are, and how they are written.
fn unmade(error: socle_auth::Error) -> Failure {
    let next = match error {
        socle_auth::Error::HandleTaken => {
            format!("choose another handle; `{}` has those that are here", socle("tenant list"))
        }
        socle_auth::Error::HandleShape => format!("choose another handle: {HANDLE}"),
        other => return other.into(),
    };
    Failure::from(error).advising(next)
}

/// Makes another of what a tenant is, and says what it is then.
async fn change(
    settings: &Settings,
    handle: &str,
    to: impl AsyncFnOnce(&Tenants, &Cx, TenantId) -> Result<Tenant, Failure>,
) -> Result<Answer, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| {
        let tenant = session::tenant(runtime, handle, "socle tenant").await?;
        let cx = &clock::cx_of_nobody("socle tenant");
        let changed = to(&runtime.tenants(), cx, tenant.id).await?;
        let text = format!("{} is {}, in {}", changed.handle, state(&changed), changed.zone);
        Ok(Answer::new(&Object::from(changed), text))
    })
    .await
}

/// Answers when the tenant's keys are honoured nowhere any more.
async fn in_force(ended: Ended<Tenant>) -> Tenant {
    sleep(ended.effective_in).await;
    ended.it
}

/// Erases what may be erased.
async fn erase(settings: &Settings) -> Result<Answer, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| {
        let erased = runtime.erase_due(&clock::cx_of_nobody("socle tenant erase")).await?;
        let text = match erased.as_slice() {
            [] => "nobody's grace is over; nothing was erased".to_owned(),
            some => format!("erased: {}", some.join(", ")),
        };
        Ok(Answer::new(&Erased { erased }, text))
    })
    .await
}

fn state(it: &Tenant) -> String {
    match it.standing() {
        Standing::Active => "active".to_owned(),
        Standing::Suspended => "suspended".to_owned(),
        Standing::Leaving { leaves_at } => format!("leaving; erased after {}", leaves_at.day()),
    }
}

async fn list(settings: &Settings) -> Result<Answer, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| {
        let cx = &clock::cx_of_nobody("socle tenant list");
        let tenants: Vec<_> =
            runtime.tenants().list(cx).await?.into_iter().map(Object::from).collect();
        let mut table = Table::new(&["HANDLE", "NAME", "SINCE", "ZONE", "STATE", "ID"]);
        for it in &tenants {
            let since = it.created_at.day().to_string();
            let (state, id) = (it.state.to_owned(), it.id.to_string());
            table.row(vec![it.handle.clone(), it.name.clone(), since, it.zone.clone(), state, id]);
        }
        Ok(Answer::new(&List { tenants }, table.to_string()))
    })
    .await
}

impl From<Tenant> for Object {
    fn from(it: Tenant) -> Self {
        let (state, leaves_at) = match it.standing() {
            Standing::Active => ("active", None),
            Standing::Suspended => ("suspended", None),
            Standing::Leaving { leaves_at } => ("leaving", Some(leaves_at)),
        };
        let Tenant { id, handle, name, created_at, zone, .. } = it;
        let (handle, name, zone) = (handle.to_string(), name.to_string(), zone.to_string());
        Self { id, handle, name, created_at, zone, state, leaves_at }
    }
}
