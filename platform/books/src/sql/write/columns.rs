//! Columns of a part, as the arrays that are bound.

use socle_db::Statement;
use socle_events::{Fact, sql as outbox};
use socle_kernel::{Amount, Day, Id, Timestamp};
use uuid::Uuid;

/// What a part binds, in the order of its columns.
pub(crate) enum Columns {
    Arrays(Vec<Column>),
    Facts(Vec<Fact>),
}

/// One array.
pub(crate) enum Column {
    Uuid(Vec<Uuid>),
    MaybeUuid(Vec<Option<Uuid>>),
    Int8(Vec<i64>),
    MaybeInt8(Vec<Option<i64>>),
    Int4(Vec<i32>),
    Int2(Vec<i16>),
    Bool(Vec<bool>),
    Text(Vec<String>),
    MaybeText(Vec<Option<String>>),
    Time(Vec<Timestamp>),
    MaybeTime(Vec<Option<Timestamp>>),
    Day(Vec<Day>),
    /// Not an array: one document with all rows.
    Document(String),
}

/// Identifiers, whatever they name.
pub(crate) fn ids<N>(all: impl IntoIterator<Item = Id<N>>) -> Column {
    Column::Uuid(all.into_iter().map(Id::uuid).collect())
}

pub(crate) fn maybe_ids<N>(all: impl IntoIterator<Item = Option<Id<N>>>) -> Column {
    Column::MaybeUuid(all.into_iter().map(|it| it.map(Id::uuid)).collect())
}

pub(crate) fn amounts(all: impl IntoIterator<Item = Amount>) -> Column {
    Column::Int8(all.into_iter().map(Amount::minor).collect())
}

pub(crate) fn texts<T: ToString>(all: impl IntoIterator<Item = T>) -> Column {
    Column::Text(all.into_iter().map(|it| it.to_string()).collect())
}

impl Columns {
    pub(crate) fn bind(self, statement: Statement<'_>) -> Statement<'_> {
        match self {
            Self::Arrays(all) => {
                all.into_iter().fold(statement, |statement, it| it.bind(statement))
            }
            Self::Facts(all) => outbox::bind(statement, &all),
        }
    }
}

impl Column {
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Uuid(it) => it.is_empty(),
            Self::Text(it) => it.is_empty(),
            Self::Document(it) => it.is_empty(),
            _ => unreachable!("the first column of a part is its tenants, or its document"),
        }
    }

    fn bind(self, to: Statement<'_>) -> Statement<'_> {
        match self {
            Self::Uuid(it) => to.bind(it),
            Self::MaybeUuid(it) => to.bind(it),
            Self::Int8(it) => to.bind(it),
            Self::MaybeInt8(it) => to.bind(it),
            Self::Int4(it) => to.bind(it),
            Self::Int2(it) => to.bind(it),
            Self::Bool(it) => to.bind(it),
            Self::Text(it) => to.bind(it),
            Self::MaybeText(it) => to.bind(it),
            Self::Time(it) => to.bind(it),
            Self::MaybeTime(it) => to.bind(it),
            Self::Day(it) => to.bind(it),
            Self::Document(it) => to.bind(it),
        }
    }
}
