//! The name of a module's schema, which is also the name of its role.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

/// `socle_<module>`: safe to write into SQL, because it is checked when it is made.
#[derive(Debug, Clone)]
pub struct Schema(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    filled: Written,
    for_all: Written,
    lateral: Written,
}

/// Statements by the text they were made from: each is written once.
type Written = RwLock<HashMap<&'static str, Arc<str>>>;

impl Schema {
    /// The schema of `module`, a name such as `merchant` or `token-budget`.
    ///
    /// # Panics
    ///
    /// Unless the name is lowercase letters, joined by hyphens or underscores.
    #[must_use]
    pub fn of(module: &str) -> Self {
        let plain = |it| matches!(it, b'a'..=b'z' | b'_' | b'-');
        assert!(!module.is_empty() && module.bytes().all(plain), "{module:?} names no module");
        let name = format!("socle_{}", module.replace('-', "_"));
        Self(Arc::new(Inner {
            name,
            filled: Written::default(),
            for_all: Written::default(),
            lateral: Written::default(),
        }))
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// A platform crate's SQL, in which `{schema}` stands for this schema.
    #[must_use]
    pub fn fill(&self, template: &'static str) -> Arc<str> {
        self.written(&self.0.filled, template, ToOwned::to_owned)
    }

    /// Like [`fill`](Self::fill), for the role that serves every tenant.
    pub(crate) fn fill_for_all(&self, template: &'static str) -> Arc<str> {
        self.written(&self.0.for_all, template, |it| format!("/* every tenant */ {it}"))
    }

    /// A `select` that runs after, and lateral to, the naming of its tenant (`$1`).
    ///
    /// `offset 0` keeps the planner from pulling either part up, so the order of the two holds.
    pub(crate) fn lateral(&self, select: &'static str) -> Arc<str> {
        self.written(&self.0.lateral, select, |select| {
            assert!(!select.contains("$10"), "a read has at most nine parameters: {select}");
            let select = select.replace("$1", "caller.tenant");
            format!(
                "select found.* from
                 (select set_config('socle.tenant', $1::uuid::text, true)::uuid as tenant offset 0)
                     as caller,
                 lateral (select * from ({select}) as asked offset 0) as found"
            )
        })
    }

    fn written(
        &self,
        known: &Written,
        text: &'static str,
        write: impl FnOnce(&str) -> String,
    ) -> Arc<str> {
        let found = known.read().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
        found.unwrap_or_else(|| {
            let sql: Arc<str> = write(text).replace("{schema}", &self.0.name).into();
            let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(text, Arc::clone(&sql));
            sql
        })
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.name)
    }
}
