//! What a request of each kind asks of the database, one at a time.

mod routes;

use crate::{
    Failed,
    http::{Connection, Merchant},
    report::Row,
    round::{count, median},
    statements::Statements,
};
use routes::{Route, TIMES};

/// The program's background works beside it: its statements fall into few of the requests, and the
/// median is without them.
pub(in crate::rows) async fn cost() -> Result<Row, Failed> {
    let merchant = Merchant::open().await?;
    let routes = routes::all(&merchant).await?;
    let mut statements = Statements::watch(&merchant.program).await?;
    let work = format!("what a request asks of the database, the median of {TIMES}, one at a time");
    let mut row = Row::new("http-cost", work);
    for route in routes {
        row = measured(row, &merchant, &mut statements, route).await?;
    }
    Ok(row)
}

async fn measured(
    row: Row,
    merchant: &Merchant,
    statements: &mut Statements,
    route: Route,
) -> Result<Row, Failed> {
    let (mut trips, mut asked) = (Vec::new(), Vec::new());
    for request in route.requests {
        statements.so_far().await?;
        let connection = Connection::open(merchant.caller.address).await?;
        connection.ask_last(&request).await?;
        let it = statements.so_far().await?;
        trips.push(count(it.trips as u64));
        asked.push(count(it.statements as u64));
    }
    let mut row = row.with(format!("{}, round trips", route.what), median(trips), "");
    row = row.with("  statements", median(asked), "");
    Ok(row)
}
