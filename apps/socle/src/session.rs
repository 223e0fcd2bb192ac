//! One tenant's books, opened for one command.

use socle_auth::Tenant;
use socle_kernel::{Common, Cx, TenantId};
use socle_ledger::{CustomerAccounts, Ledger, Programme};
use socle_ledger_contract::Customer;

use crate::{
    clock,
    failure::{Exit, Failure},
    prompt::socle,
    runtime::{self, Absent, Runtime},
    settings::{DEMO, Settings},
};

/// A tenant, and its books.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) tenant: Tenant,
    pub(crate) cx: Cx,
    pub(crate) ledger: Ledger,
}

/// Opens the installation for the tenant that was named, works, and closes it.
pub(crate) async fn with<T>(
    settings: &Settings,
    command: &'static str,
    work: impl AsyncFnOnce(&Session) -> Result<T, Failure>,
) -> Result<T, Failure> {
    runtime::with(settings, Absent::Refuse, async |runtime: &Runtime| {
        let tenant = tenant(runtime, settings.handle(), command).await?;
        let cx = clock::cx(tenant.id, command);
        work(&Session { tenant, cx, ledger: runtime.ledger() }).await
    })
    .await
}

/// The tenant that was named; none, where nobody named one.
pub(crate) async fn named(
    runtime: &Runtime,
    settings: &Settings,
    command: &'static str,
) -> Result<Option<TenantId>, Failure> {
    match &settings.tenant.value {
        Some(handle) => Ok(Some(tenant(runtime, handle, command).await?.id)),
        None => Ok(None),
    }
}

/// The tenant with this handle.
pub(crate) async fn tenant(
    runtime: &Runtime,
    handle: &str,
    command: &'static str,
) -> Result<Tenant, Failure> {
    let next = match handle {
        DEMO => format!("`{}`", socle("demo")),
        _ => format!(
            "`{}` shows who is there; `{}` lets {handle} in",
            socle("tenant list"),
            socle(&format!("tenant create {handle}"))
        ),
    };
    let parsed = handle.parse().map_err(|error| {
        Failure::new(Exit::Missing, format!("there is no tenant {handle}: {error}"), next.clone())
    })?;
    let found = runtime.tenants().called(&clock::cx_of_nobody(command), &parsed).await;
    found.map_err(|error| {
        let failure = Failure::from(error);
        if failure.is_missing() { failure.advising(next) } else { failure }
    })
}

impl Session {
    /// The programme with this name, or the tenant's only one.
    pub(crate) async fn programme(&self, name: Option<&str>) -> Result<Programme, Failure> {
        let mut all = self.ledger.programmes(&self.cx).await?;
        let handle = &self.tenant.handle;
        let list = format!("`{}`", socle(&format!("ledger programme list --tenant {handle}")));
        if let Some(name) = name {
            let found = all.into_iter().find(|it| it.rules.name.as_ref() == name);
            let why = format!("{handle} has no programme {name}");
            return found.ok_or_else(|| Failure::new(Exit::Missing, why, list));
        }
        match all.len() {
            1 => Ok(all.remove(0)),
            0 => {
                let define = format!("ledger programme define points --tenant {handle}");
                let why = format!("{handle} has no programme");
                Err(Failure::new(Exit::Missing, why, format!("`{}`", socle(&define))))
            }
            several => {
                let why = format!("{handle} has {several} programmes");
                let next = format!("say which with --programme; {list}");
                Err(Failure::new(Exit::Usage, why, next))
            }
        }
    }

    /// A customer who has accounts in the programme, and those accounts.
    pub(crate) async fn customer(
        &self,
        programme: &Programme,
        text: &str,
    ) -> Result<(Customer, CustomerAccounts), Failure> {
        let next = format!("see how the customer is written in {}'s own files", self.tenant.handle);
        let customer: Customer = text.parse().map_err(|error| {
            Failure::new(Exit::Usage, format!("that is no customer: {error}"), next.clone())
        })?;
        let accounts = CustomerAccounts::of(self.cx.tenant, programme, &customer);
        match self.ledger.account(&self.cx, accounts.points.id).await {
            Ok(_) => Ok((customer, accounts)),
            Err(socle_ledger::Error::Common(Common::NotFound(_))) => {
                let (who, name) = (&self.tenant.handle, &programme.rules.name);
                let why = format!("{who} has no customer {customer} in its programme {name}");
                Err(Failure::new(Exit::Missing, why, next))
            }
            Err(error) => Err(error.into()),
        }
    }
}
