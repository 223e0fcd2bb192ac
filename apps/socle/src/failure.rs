//! How a command fails: why, what to do next, and with which exit code.

use std::{
    error::Error,
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use serde::Serialize;
use socle_db::{MigrationRefused, server};
use socle_kernel::{Classify, Common, Fault, Kind};

use crate::{
    answer::{self, Shape},
    prompt::socle,
    text::Text,
};

/// The exit codes besides 0; documented in `--help` and `docs/cli.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// A rule of the business says no.
    Bad = 1,
    /// What was typed cannot be right.
    Usage = 2,
    /// Something must be there first.
    Missing = 3,
    /// The database cannot be reached or started.
    Unavailable = 4,
    /// A bug, or damage.
    Internal = 5,
}

impl Exit {
    /// The one that another process of ours ended with.
    pub(crate) fn of_code(code: u64) -> Self {
        match code {
            1 => Self::Bad,
            2 => Self::Usage,
            3 => Self::Missing,
            4 => Self::Unavailable,
            _ => Self::Internal,
        }
    }
}

/// Why a command could not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    cause: Box<dyn Error + Send + Sync>,
    next: String,
}

#[derive(Serialize)]
struct Object {
    error: String,
    causes: Vec<String>,
    next: String,
    exit_code: u8,
}

impl Failure {
    /// `why` it failed, and what to do `next`.
    pub(crate) fn new(
        exit: Exit,
        why: impl Into<Box<dyn Error + Send + Sync>>,
        next: impl Into<String>,
    ) -> Self {
        Self { exit, cause: why.into(), next: next.into() }
    }

    /// The same, with other advice.
    pub(crate) fn advising(self, next: impl Into<String>) -> Self {
        Self { next: next.into(), ..self }
    }

    /// What to do.
    pub(crate) fn next(&self) -> &str {
        &self.next
    }

    pub(crate) fn is_missing(&self) -> bool {
        self.exit == Exit::Missing
    }

    /// Prints the causes, one a line, on standard error.
    pub(crate) fn print(&self, shape: Shape) -> ExitCode {
        let mut text = Text::new();
        text.line(format_args!("error: {}", self.cause));
        for cause in causes(self.cause.as_ref()) {
            text.line(format_args!("  because: {cause}"));
        }
        text.line(format_args!("next: {}", self.next));
        if shape != Shape::Relayed {
            // Nobody is left to be told that standard error is closed.
            let _ = io::stderr().lock().write_all(String::from(text).as_bytes());
        }
        if shape != Shape::Text {
            // The exit code tells it as well.
            let _ = answer::print(&self.object());
        }
        ExitCode::from(self.exit as u8)
    }

    /// For programs.
    pub(crate) fn object(&self) -> String {
        answer::json(&Object {
            error: self.cause.to_string(),
            causes: causes(self.cause.as_ref()),
            next: self.next.clone(),
            exit_code: self.exit as u8,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let causes = causes(self.cause.as_ref());
        write!(f, "{}", [vec![self.cause.to_string()], causes].concat().join(": "))
    }
}

/// What lies behind an error; a message that contains its source's is not repeated.
fn causes(error: &dyn Error) -> Vec<String> {
    let (mut causes, mut said) = (Vec::new(), error.to_string());
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !said.contains(&text) {
            causes.push(text.clone());
        }
        said = text;
        next = cause.source();
    }
    causes
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let doctor = format!("`{}` looks for what is wrong", socle("doctor"));
        if fault.cause::<MigrationRefused>().is_some() {
            let next = "run the program that this database was made by, or name another folder \
                        with --data";
            return Self::new(Exit::Unavailable, fault, next);
        }
        match fault.kind() {
            Kind::Unavailable => {
                let next = format!("try again; {doctor}");
                Self::new(Exit::Unavailable, fault, next)
            }
            _ => Self::new(Exit::Internal, fault, doctor),
        }
    }
}

impl From<server::Error> for Failure {
    fn from(error: server::Error) -> Self {
        let (exit, next) = match &error {
            server::Error::NotAFolder { .. } => {
                (Exit::Usage, "name another data folder with --data".to_owned())
            }
            server::Error::Io { .. } => {
                let next = "see that you may read and write there, or name another data folder \
                            with --data";
                (Exit::Unavailable, next.to_owned())
            }
            server::Error::Owned { .. } => {
                (Exit::Unavailable, "use it: every other command joins it".to_owned())
            }
            _ => (Exit::Unavailable, format!("`{}` looks for what is wrong", socle("doctor"))),
        };
        Self::new(exit, error, next)
    }
}

impl From<socle_auth::Error> for Failure {
    fn from(error: socle_auth::Error) -> Self {
        match error {
            socle_auth::Error::Common(Common::Fault(fault)) => fault.into(),
            other => Self::refused(other),
        }
    }
}

impl From<socle_ledger::Error> for Failure {
    fn from(error: socle_ledger::Error) -> Self {
        match error {
            socle_ledger::Error::Common(Common::Fault(fault)) => fault.into(),
            other => Self::refused(other),
        }
    }
}

impl From<Common> for Failure {
    fn from(error: Common) -> Self {
        match error {
            Common::Fault(fault) => fault.into(),
            other => Self::refused(other),
        }
    }
}

impl Failure {
    /// What a module answered, by its kind.
    fn refused(error: impl Classify) -> Self {
        let (kind, code) = error.class();
        let exit = match kind {
            Kind::NotFound => Exit::Missing,
            Kind::Invalid => Exit::Usage,
            Kind::Unavailable => Exit::Unavailable,
            Kind::Internal => Exit::Internal,
            _ => Exit::Bad,
        };
        let step = match kind {
            Kind::NotFound => "see how it is called, and name it again",
            Kind::Invalid => "correct what was typed, and run it again",
            _ => "see what stands in the way, or ask for something else",
        };
        let next = format!("{step}; nothing was changed (for programs: `{code}`)");
        Self::new(exit, error, next)
    }
}
