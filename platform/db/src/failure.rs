//! Which of PostgreSQL's failures will pass, and which ask for the same work again.

use socle_kernel::Fault;
use sqlx::Error;

/// Turns a database error into a [`Fault`] of the right kind; to be used with `map_err`.
pub(crate) fn doing(verb: &'static str) -> impl FnOnce(Error) -> Fault {
    move |error| {
        let of = match &error {
            it if is_collision(it) => Fault::collision,
            it if is_passing(it) => Fault::unavailable,
            _ => Fault::internal,
        };
        of(verb, error)
    }
}

/// Serialization failure or deadlock: another transaction was in the way.
pub(crate) fn is_collision(error: &Error) -> bool {
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}

/// A lost or refused connection, a full pool, a full disk, a lock held too long, a server that is
/// starting or stopping, a database that lets nobody in for a while, whose code (55000) is shared.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::Tls(_) | Error::PoolTimedOut | Error::PoolClosed => true,
        // Classes: connection exception, insufficient resources, operator intervention; and
        // `lock_not_available`, `query_canceled`, `idle_in_transaction_session_timeout`.
        Error::Database(said) => {
            code(error).is_some_and(|it| {
                ["08", "53", "57P", "55P03", "57014", "25P03"].iter().any(|of| it.starts_with(of))
            }) || said.message().contains("not currently accepting connections")
        }
        _ => false,
    }
}

fn code(error: &Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// Why the server refused a statement, in its own words and with its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The SQLSTATE, such as `23505`.
    pub code: String,
    pub constraint: Option<String>,
    pub message: String,
}

/// What the server said, if this fault is the server's refusal and not its absence.
#[must_use]
pub fn refusal(fault: &Fault) -> Option<Refusal> {
    let error = fault.cause::<Error>()?.as_database_error()?;
    Some(Refusal {
        code: error.code()?.into_owned(),
        constraint: error.constraint().map(str::to_owned),
        message: error.message().to_owned(),
    })
}
