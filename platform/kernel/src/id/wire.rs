//! How an identifier looks in PostgreSQL and JSON.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use sqlx::{
    Decode, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef},
};
use uuid::Uuid;

use super::{Id, Named};

impl<N> Type<Postgres> for Id<N> {
    fn type_info() -> PgTypeInfo {
        <Uuid as Type<Postgres>>::type_info()
    }
}

impl<N> PgHasArrayType for Id<N> {
    fn array_type_info() -> PgTypeInfo {
        <Uuid as PgHasArrayType>::array_type_info()
    }
}

impl<N> Encode<'_, Postgres> for Id<N> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.0.encode_by_ref(buffer)
    }
}

impl<'r, N> Decode<'r, Postgres> for Id<N> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Uuid::decode(value).map(Self::from_uuid)
    }
}

impl<N: Named> Serialize for Id<N> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de, N: Named> Deserialize<'de> for Id<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(from)?.parse().map_err(Error::custom)
    }
}
