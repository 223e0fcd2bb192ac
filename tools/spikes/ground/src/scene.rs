//! One experiment: its database, its exchange or topic, and a group.

use crate::{Child, Database, Fault, Part};

/// A database, and the part from which those of the children are made.
pub struct Scene {
    pub database: Database,
    pub part: Part,
}

impl Scene {
    /// A child in `role`, otherwise as `change` would have it.
    pub fn child(
        &self,
        role: &str,
        name: &str,
        change: impl FnOnce(&mut Part),
    ) -> Result<Child, Fault> {
        let mut part = self.part.clone();
        part.role = role.into();
        part.name = name.into();
        change(&mut part);
        Child::start(&part)
    }
}
