//! How text with rules looks in PostgreSQL and JSON.
//!
//! Reading from either end checks the rule again: no invalid text exists inside.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use sqlx::{
    Decode, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef},
};

use super::{Rule, Text};

impl<R> Type<Postgres> for Text<R> {
    fn type_info() -> PgTypeInfo {
        <String as Type<Postgres>>::type_info()
    }
}

impl<R> PgHasArrayType for Text<R> {
    fn array_type_info() -> PgTypeInfo {
        <String as PgHasArrayType>::array_type_info()
    }
}

impl<R> Encode<'_, Postgres> for Text<R> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <String as Encode<Postgres>>::encode_by_ref(&self.0, buffer)
    }
}

impl<'r, R: Rule> Decode<'r, Postgres> for Text<R> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self::try_from(<String as Decode<Postgres>>::decode(value)?)?)
    }
}

impl<R> Serialize for Text<R> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_ref())
    }
}

impl<'de, R: Rule> Deserialize<'de> for Text<R> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(from)?).map_err(Error::custom)
    }
}
