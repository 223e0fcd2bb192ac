//! What an event is; how it travels is the business of `socle-events`.

use serde::{Serialize, de::DeserializeOwned};

use crate::Revision;

/// A fact in the past tense, part of a module's contract.
///
/// The JSON form is frozen by a golden file beside the contract: fields are added, never renamed.
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `<domain>.<entity>.<past participle>`; never renamed.
    const TYPE: &str;

    /// Where it is published: the source documents' name, else `<domain>.<entities>.v<n>`.
    const TOPIC: &str;

    /// The version of the shape; grows when readers must look twice.
    const DATAVERSION: i16 = 1;

    /// The aggregate. Events with the same key are delivered in the order of their sequence.
    fn partition_key(&self) -> String;

    /// The aggregate's own counter after the fact: what tells a late event from news.
    fn sequence(&self) -> Revision;
}
