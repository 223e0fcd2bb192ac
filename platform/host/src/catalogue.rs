//! Every error code there is: generated from the code that answers with them.

use axum::http::StatusCode;
use serde::Deserialize;
use socle_kernel::{Doing, Fault};

/// All codes, in their order.
#[derive(Debug, Clone)]
pub struct Catalogue(Vec<Code>);

/// One code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Code {
    pub code: String,
    pub status: u16,
    /// What it says, with a name where a value stands.
    pub says: String,
}

impl Catalogue {
    /// Reads the generated list.
    pub fn read(json: &str) -> Result<Self, Fault> {
        serde_json::from_str(json).map(Self).doing("read the catalogue of error codes")
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
