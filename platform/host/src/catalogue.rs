//! Every error code there is: generated from the code that answers with them.

use axum::http::StatusCode;
use serde::Deserialize;
use socle_kernel::{Doing, Fault};
use socle_web::status_named;

/// All codes, in their order.
#[derive(Debug, Clone)]
pub struct Catalogue(Vec<Code>);

/// One code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub code: String,
    pub status: StatusCode,
    /// What it says, with a name where a value stands.
    pub says: String,
}

#[derive(Deserialize)]
struct Line {
    code: String,
    kind: String,
    says: String,
}

impl Catalogue {
    /// Reads the generated list.
    pub fn read(json: &str) -> Result<Self, Fault> {
        let doing = "read the catalogue of error codes";
        let lines: Vec<Line> = serde_json::from_str(json).doing(doing)?;
        let codes = lines.into_iter().map(|Line { code, kind, says }| {
            let status = status_named(&kind).ok_or("no such kind").doing(doing)?;
            Ok(Code { code, status, says })
        });
        codes.collect::<Result<_, _>>().map(Self)
    }

    #[must_use]
    pub fn codes(&self) -> &[Code] {
        &self.0
    }

    pub(crate) fn find(&self, code: &str) -> Option<&Code> {
        self.0.iter().find(|it| it.code == code)
    }

    /// The codes of `module` with this status, and those that have no module.
    pub(crate) fn of<'c>(
        &'c self,
        module: &'c str,
        status: StatusCode,
    ) -> impl Iterator<Item = &'c Code> {
        self.0.iter().filter(move |it| {
            let owner = it.code.split_once('.').map_or("", |(owner, _)| owner);
            it.status == status && (owner.is_empty() || owner == module || owner == "web")
        })
    }
}
