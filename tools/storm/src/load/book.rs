//! What was asked, and what was answered.

use super::{Act, Answer, Request};
use crate::world::Tenant;

/// A request, and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) key: String,
    pub(crate) act: Act,
    pub(crate) request: Request,
    /// What the client was told at first; `None`: it does not know what became of it.
    pub(crate) answer: Option<Answer>,
    /// How often it was sent.
    pub(crate) sent: u32,
}

/// All that was asked in the name of a merchant.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    pub(crate) tenant: Tenant,
    pub(crate) asked: Vec<Asked>,
}

impl Book {
    pub(crate) fn new(tenant: Tenant) -> Self {
        Self { tenant, asked: Vec::new() }
    }

    /// What took effect, as far as anybody was told.
    pub(crate) fn done(&self) -> impl Iterator<Item = (&Asked, &Answer)> {
        let told = self.asked.iter().filter_map(|it| Some((it, it.answer.as_ref()?)));
        told.filter(|(_, answer)| answer.is_success())
    }
}
