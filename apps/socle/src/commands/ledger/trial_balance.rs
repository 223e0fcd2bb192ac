//! `socle ledger trial-balance`: every account, summed by purpose; debits equal credits.

use std::collections::HashMap;

use serde::Serialize;
use socle_books::read::Total;
use socle_kernel::{Amount, Asset, Day, TooLarge};

use crate::{
    answer::{Answer, Verdict},
    failure::Failure,
    session::{self, Session},
    settings::Settings,
    table::Table,
    text::Text,
};

#[derive(Serialize)]
struct Object {
    on: Day,
    balanced: bool,
    assets: Vec<Sums>,
}

/// One programme's points.
#[derive(Serialize)]
struct Sums {
    asset: Asset,
    programme: Option<String>,
    accounts: Vec<Row>,
    debit: Amount,
    credit: Amount,
}

#[derive(Serialize)]
struct Row {
    purpose: String,
    accounts: i64,
    debit: Amount,
    credit: Amount,
}

pub(super) async fn obey(at: Option<Day>, settings: &Settings) -> Result<Answer, Failure> {
    let object = session::with(settings, "socle ledger trial-balance", async |it: &Session| {
        let on = at.unwrap_or_else(|| it.cx.now.day());
        let programmes = it.ledger.programmes(&it.cx).await?.into_iter();
        let names = programmes.map(|it| (it.asset(), it.rules.name.to_string())).collect();
        let totals = it.ledger.trial_balance(&it.cx, on).await?;
        let assets = sums(totals, &names).map_err(|_| socle_ledger::Error::TooLarge)?;
        let balanced = assets.iter().all(|it| it.debit == it.credit);
        Ok(Object { on, balanced, assets })
    });
    let object = object.await?;
    let verdict = if object.balanced { Verdict::Good } else { Verdict::Bad };
    Ok(Answer::new(&object, text(&object)).judged(verdict))
}

fn sums(totals: Vec<Total>, names: &HashMap<Asset, String>) -> Result<Vec<Sums>, TooLarge> {
    let mut all: Vec<Sums> = Vec::new();
    for total in totals {
        if all.last().is_none_or(|it| it.asset != total.asset) {
            let (asset, programme) = (total.asset.clone(), names.get(&total.asset).cloned());
            let (accounts, debit, credit) = (Vec::new(), Amount::ZERO, Amount::ZERO);
            all.push(Sums { asset, programme, accounts, debit, credit });
        }
        let sums = all.last_mut().expect("one was just made");
        let debit = (-total.balance).max(Amount::ZERO);
        let credit = total.balance.max(Amount::ZERO);
        sums.debit = sums.debit.plus(debit)?;
        sums.credit = sums.credit.plus(credit)?;
        let (purpose, accounts) = (total.purpose, total.accounts);
        sums.accounts.push(Row { purpose, accounts, debit, credit });
    }
    Ok(all)
}

fn text(it: &Object) -> Text {
    let mut text = Text::new();
    text.line(format_args!("Trial balance at the end of {}", it.on));
    for sums in &it.assets {
        let name = sums.programme.as_deref().unwrap_or(sums.asset.as_ref());
        let mut table = Table::new(&[name, ">ACCOUNTS", ">DEBIT", ">CREDIT"]);
        for row in &sums.accounts {
            let numbers = [row.accounts.to_string(), some(row.debit), some(row.credit)];
            table.row([vec![row.purpose.clone()], numbers.to_vec()].concat());
        }
        let totals = ["", "", &sums.debit.to_string(), &sums.credit.to_string()];
        table.row(totals.map(str::to_owned).to_vec());
        text.line(format_args!("\n{table}"));
    }
    text.line(if it.balanced { "\nIt sums to zero." } else { "\nIt does NOT sum to zero." });
    text
}

/// An empty cell says more than a zero.
fn some(amount: Amount) -> String {
    if amount.is_zero() { String::new() } else { amount.to_string() }
}
