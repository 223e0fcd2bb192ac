//! How the vocabulary looks in OpenAPI: said once, so that no edge describes it again.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, Object, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

use crate::{Amount, Currency, Day, Id, Named, Revision, Rule, Text, Timestamp};

/// The hexadecimal digits of every example of an identifier: a UUIDv7 like any other.
const EXAMPLE: &str = "01980000000070008000000000000001";

impl<N: Named> PartialSchema for Id<N> {
    fn schema() -> RefOr<Schema> {
        text()
            .pattern(Some(format!("^{}_[0-9a-f]{{32}}$", N::PREFIX)))
            .examples([format!("{}_{EXAMPLE}", N::PREFIX)])
            .into()
    }
}

impl<N: Named> ToSchema for Id<N> {
    fn name() -> Cow<'static, str> {
        format!("{}Id", N::NAME).into()
    }
}

impl<R: Rule> PartialSchema for Text<R> {
    fn schema() -> RefOr<Schema> {
        text().min_length(Some(1)).max_length(Some(R::CHARS_MAX)).pattern(Some(R::PATTERN)).into()
    }
}

impl<R: Rule> ToSchema for Text<R> {
    fn name() -> Cow<'static, str> {
        R::NAME.into()
    }
}

impl PartialSchema for Amount {
    fn schema() -> RefOr<Schema> {
        count()
            .minimum(Some(-Self::MAX.minor()))
            .maximum(Some(Self::MAX.minor()))
            .description(Some("Smallest units of an asset: cents, points."))
            .into()
    }
}

impl ToSchema for Amount {}

impl PartialSchema for Revision {
    fn schema() -> RefOr<Schema> {
        count().minimum(Some(1)).description(Some("How often it has changed.")).into()
    }
}

impl ToSchema for Revision {}

impl PartialSchema for Currency {
    fn schema() -> RefOr<Schema> {
        text()
            .pattern(Some("^[A-Z]{3}$"))
            .description(Some("A currency of ISO 4217."))
            .examples(["USD"])
            .into()
    }
}

impl ToSchema for Currency {}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        formatted(KnownFormat::DateTime).examples(["1998-01-18T12:00:00Z"]).into()
    }
}

impl ToSchema for Timestamp {}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        formatted(KnownFormat::Date).examples(["1998-06-30"]).into()
    }
}

impl ToSchema for Day {}

fn text() -> ObjectBuilder {
    Object::builder().schema_type(Type::String)
}

fn formatted(format: KnownFormat) -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(format)))
}

fn count() -> ObjectBuilder {
    Object::builder()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
}
