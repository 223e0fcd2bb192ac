//! Metadata: an object of short texts, each key once.
//!
//! The keys are the caller's own words, so nothing is refused while one of them is the place that
//! is being read: a problem points at the object and never names the key.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use socle_books::METADATA_MAX;
use socle_kernel::{Rule, Text};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema, Type},
};

/// What is to be found again about a transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Metadata(BTreeMap<Key, Value>);

/// The rule of a key of metadata.
pub(super) enum KeyOfMetadata {}
/// What a piece of metadata is called.
pub(super) type Key = Text<KeyOfMetadata>;

impl Rule for KeyOfMetadata {
    const NAME: &str = "MetadataKey";
    const CHARS_MAX: usize = 64;
}

/// The rule of a value of metadata.
pub(super) enum ValueOfMetadata {}
/// What a piece of metadata says.
pub(super) type Value = Text<ValueOfMetadata>;

impl Rule for ValueOfMetadata {
    const NAME: &str = "MetadataValue";
    const CHARS_MAX: usize = 500;
}

impl Metadata {
    /// In the order of their keys.
    pub(super) fn pairs(self) -> Vec<(String, String)> {
        self.0.into_iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }
}

/// Anything, so that what is no text is refused at the object.
#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    Text(String),
    Other(IgnoredAny),
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Metadata;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metadata, A::Error> {
        let mut found = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<Cow<'_, str>, Given>()? {
            let Given::Text(value) = value else {
                return Err(A::Error::custom("each value is a text"));
            };
            let key = Key::try_new(&key).map_err(|it| said("a key", it))?;
            let value = Value::try_new(&value).map_err(|it| said("a value", it))?;
            if found.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
            if METADATA_MAX < found.len() {
                return Err(A::Error::custom(format!("at most {METADATA_MAX} pieces")));
            }
        }
        Ok(Metadata(found))
    }
}

fn said<E: Error>(what: &str, why: impl fmt::Display) -> E {
    E::custom(format!("{what}: {why}"))
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Reading)
    }
}

impl PartialSchema for Metadata {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .schema_type(Type::Object)
            .description(Some("What is to be found again: at most 32 short texts."))
            .additional_properties(Some(Value::schema()))
            .property_names(Some(Key::schema()))
            .max_properties(Some(METADATA_MAX))
            .examples([serde_json::json!({ "till": "7" })])
            .into()
    }
}

impl ToSchema for Metadata {}
