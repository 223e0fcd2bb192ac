//! An event in its envelope, and where its key puts it.

use uuid::Uuid;

/// Into how many slots the keys fall; a group of N partitions takes slot mod N.
pub const SLOTS: u16 = 64;

/// The attributes of `CloudEvents` that the spikes carry, and the payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub id: Uuid,
    pub event_type: String,
    pub tenantid: String,
    pub partitionkey: String,
    pub sequence: i64,
    pub time: String,
    /// JSON text.
    pub data: String,
}

impl Fact {
    /// The tenant and the key: two tenants may use the same one.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.tenantid, self.partitionkey)
    }

    /// The slot of the key. A name-based UUID is SHA-1, which every language has.
    #[must_use]
    pub fn slot(&self) -> u16 {
        let hash = Uuid::new_v5(&Uuid::NAMESPACE_OID, self.key().as_bytes());
        u16::from_be_bytes([hash.as_bytes()[0], hash.as_bytes()[1]]) % SLOTS
    }

    /// The attributes as both bindings send them in binary mode: names, and values as text.
    #[must_use]
    pub fn attributes(&self) -> [(&'static str, String); 8] {
        [
            ("specversion", "1.0".into()),
            ("id", self.id.to_string()),
            ("source", "/socle/spike".into()),
            ("type", self.event_type.clone()),
            ("tenantid", self.tenantid.clone()),
            ("partitionkey", self.partitionkey.clone()),
            ("sequence", self.sequence.to_string()),
            ("time", self.time.clone()),
        ]
    }

    /// The fact whose attributes `named` finds; nothing is read from the payload.
    pub fn from_attributes(named: impl Fn(&str) -> Option<String>, data: &[u8]) -> Option<Self> {
        Some(Self {
            id: named("id")?.parse().ok()?,
            event_type: named("type")?,
            tenantid: named("tenantid")?,
            partitionkey: named("partitionkey")?,
            sequence: named("sequence")?.parse().ok()?,
            time: named("time")?,
            data: String::from_utf8(data.to_vec()).ok()?,
        })
    }
}
