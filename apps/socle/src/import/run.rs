//! The import itself: reads ahead, keeps a bounded number of purchases on their way, and counts.

use std::{
    fs::File,
    io::{self, BufReader},
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use socle_books::{Memo, Receipt};
use socle_kernel::{Amount, Classify, Currency, Kind};
use socle_ledger::{Error, NewPurchase, Programme};

use super::{
    Report,
    identity::Identities,
    lines::{Line, Lines},
    parse::{Told, parse},
    progress::Progress,
};
use crate::{
    clock,
    failure::{Exit, Failure},
    prompt::socle,
    session::Session,
};

/// How many purchases are on their way: the sequencer commits them in large batches.
const WINDOW: usize = 2_000;

/// What the file's amounts are.
const CURRENCY: &str = "USD";

/// What became of the purchase on a line.
struct Done {
    line: u64,
    points: Amount,
    outcome: Result<Receipt, Error>,
}

/// Imports every line of a file.
pub(super) async fn run(
    session: &Session,
    programme: &Programme,
    file: File,
) -> Result<Report, Failure> {
    let usd = dollars_of(programme)?;
    let size = file.metadata().map_or(0, |it| it.len());
    let (mut lines, mut report) = (Lines::of(BufReader::new(file)), Report::default());
    let (mut identities, mut progress) = (Identities::of(programme.id), Progress::of(size));
    let mut on_their_way = FuturesUnordered::new();

    while let Some(line) = lines.next().map_err(|error| unreadable(&error))? {
        let is_blank = matches!(line, Line::Bytes(it) if it.trim_ascii().is_empty());
        let told = parse(&line, clock::now().day(), usd);
        report.lines += u64::from(!is_blank);
        match told {
            Ok(None) => {}
            Err(reason) => report.reject(lines.number, reason),
            Ok(Some(told)) => {
                let purchase = purchase(&mut identities, told);
                on_their_way.push(earn(session, programme, lines.number, purchase));
            }
        }
        while WINDOW <= on_their_way.len() {
            let done = on_their_way.next().await.expect("the window is not empty");
            report.settle(done)?;
            progress.tell(lines.bytes, report.imported + report.already);
        }
    }
    while let Some(done) = on_their_way.next().await {
        report.settle(done)?;
        progress.tell(lines.bytes, report.imported + report.already);
    }
    report.rejected.sort_by_key(|it| it.line);
    Ok(report)
}

fn dollars_of(programme: &Programme) -> Result<Currency, Failure> {
    let counts = programme.rules.currency;
    if counts.code() == CURRENCY {
        return Ok(counts);
    }
    let why = format!(
        "the programme {} gives points for {}, and the file's amounts are dollars",
        programme.rules.name,
        counts.code()
    );
    let next = format!("define one with `{}`", socle("ledger programme define NAME"));
    Err(Failure::new(Exit::Usage, why, next))
}

fn purchase(identities: &mut Identities, told: Told) -> NewPurchase {
    let id = identities.next(&told);
    let count = ("count".to_owned(), told.count.to_string());
    NewPurchase {
        id,
        customer: told.customer,
        effective_at: told.day.start(),
        amount: told.dollars,
        memo: Memo { reason: None, metadata: vec![count] },
    }
}

async fn earn(session: &Session, programme: &Programme, line: u64, purchase: NewPurchase) -> Done {
    let cx = session.cx.at(clock::now());
    match programme.points_for(purchase.amount) {
        Err(error) => Done { line, points: Amount::ZERO, outcome: Err(error) },
        Ok(points) => {
            let outcome = session.ledger.earn(&cx, programme, purchase).await;
            Done { line, points, outcome }
        }
    }
}

impl Report {
    /// Counts what became of a purchase. A refusal is the line's own; a fault ends the import.
    fn settle(&mut self, done: Done) -> Result<(), Failure> {
        match done.outcome {
            Ok(receipt) => {
                if receipt.is_replay() {
                    self.already += 1;
                } else {
                    self.imported += 1;
                }
                self.points = self
                    .points
                    .plus(done.points)
                    .map_err(|error| Failure::new(Exit::Bad, error, "import the file in parts"))?;
            }
            Err(error) if matches!(error.class().0, Kind::Unavailable | Kind::Internal) => {
                let next = "import the file again: what is in stays in, and counts once";
                return Err(Failure::from(error).advising(next));
            }
            Err(refusal) => self.reject(done.line, refusal.to_string()),
        }
        Ok(())
    }
}

fn unreadable(error: &io::Error) -> Failure {
    let why = format!("could not read the file any further: {error}");
    Failure::new(Exit::Missing, why, "import it again: what is in stays in, and counts once")
}
