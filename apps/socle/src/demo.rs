//! `socle demo`: a merchant, a programme, and customers with a little history each.
//!
//! Every step is named, so that a step that has been done is found and not done again: a second
//! run changes nothing, and a run that was cut short goes on. Dates count from the day on which
//! the merchant came, which is stored.

mod story;

use serde::Serialize;
use socle_auth::Tenant;
use socle_kernel::{Amount, Currency, Cx};
use socle_ledger::{EarnRate, Error, Ledger, NewProgramme, Programme, Rounding};

use crate::{
    answer::Answer,
    clock,
    failure::Failure,
    prompt::socle,
    runtime::{self, Absent, Runtime},
    settings::{DEMO, Settings},
    text::Text,
};

const COMMAND: &str = "socle demo";
const PROGRAMME: &str = "points";

#[derive(Serialize)]
struct Object {
    tenant: &'static str,
    programme: &'static str,
    customers: Vec<String>,
    /// Whether anything was there to be done.
    changed: bool,
}

/// Loads the demo.
pub(crate) async fn obey(settings: &Settings) -> Result<Answer, Failure> {
    let transactions = runtime::with(settings, Absent::Create, async |runtime: &Runtime| {
        let tenant = merchant(runtime).await?;
        // The story is told as of the day on which it was first told.
        let cx = clock::cx(tenant.id, COMMAND).at(tenant.created_at);
        let ledger = runtime.ledger();
        let programme = programme(&ledger, &cx).await?;
        story::tell(&ledger, &cx, &programme).await
    });
    let changed = transactions.await?;
    let customers: Vec<_> = story::CUSTOMERS.iter().map(|it| (*it).to_owned()).collect();
    let text = text(changed, &customers);
    Ok(Answer::new(&Object { tenant: DEMO, programme: PROGRAMME, customers, changed }, text))
}

async fn merchant(runtime: &Runtime) -> Result<Tenant, Failure> {
    let tenants = runtime.tenants();
    let cx = &clock::cx_of_nobody(COMMAND);
    let handle: socle_auth::Handle = DEMO.parse().expect("a handle of our own");
    let name = "Demo Records".parse().expect("a name of our own");
    let zone = "UTC".parse().expect("a zone of our own");
    match tenants.create(cx, handle.clone(), name, &zone).await {
        Err(socle_auth::Error::HandleTaken) => Ok(tenants.called(cx, &handle).await?),
        other => Ok(other?),
    }
}

/// 1 point a dollar, cents dropped; 12 months to spend it; a point is worth a cent.
async fn programme(ledger: &Ledger, cx: &Cx) -> Result<Programme, Failure> {
    let rules = NewProgramme {
        name: PROGRAMME.parse().expect("a name of our own"),
        currency: Currency::try_new("USD").expect("a currency of ISO 4217"),
        rate: EarnRate { points: 1, per_units: 1 },
        rounding: Rounding::Down,
        minimum: Amount::ZERO,
        life_months: Some(12),
        worth: Amount::from(1_000),
    };
    match ledger.define_programme(cx, rules).await {
        Err(Error::ProgrammeNameTaken) => {
            let all = ledger.programmes(cx).await?;
            let found = all.into_iter().find(|it| it.rules.name.as_ref() == PROGRAMME);
            Ok(found.expect("the name is taken by a programme"))
        }
        other => Ok(other?),
    }
}

fn text(changed: bool, customers: &[String]) -> Text {
    let was = if changed { "is loaded" } else { "was there already; nothing has changed" };
    let mut text = Text::new();
    text.line(format_args!(
        "The demo {was}: a merchant `{DEMO}` with a programme `{PROGRAMME}` (1 point a dollar, \
         12 months to spend it)\nand its customers {}.\n\nTry:",
        customers.join(", ")
    ));
    for (command, about) in [
        ("ledger balance --customer demo-alice", "earned, spent, expired, held, available"),
        ("ledger statement --customer demo-bob", "a refund after the points were spent: a debt"),
        ("ledger statement --customer demo-carol", "an adjustment, and a spending taken back"),
        ("ledger expiring --days 30", "what customers are about to lose"),
        ("ledger trial-balance", "every account; it sums to zero"),
        ("import purchases demo/data/cdnow_sample.txt", "replay 6,919 real purchases"),
        ("ledger balance --customer 00004 --at 1998-06-30", "what one customer had on a day"),
        ("ledger verify", "recompute everything from the entries"),
    ] {
        text.line(format_args!("  {}\n      {about}", socle(command)));
    }
    text
}
