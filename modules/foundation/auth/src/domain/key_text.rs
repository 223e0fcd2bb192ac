//! The text of a key: `sk_<tenant>_<32 characters><6 of checksum>`.
//!
//! The 32 are random, in base 62: 190 bits. Nobody guesses that, so a plain SHA-256 keeps it, where
//! a password would need a slow hash; and it is found by that hash, so no comparison of secrets
//! takes a time that tells anything: who does not know the text cannot steer its hash.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{Handle, Refused};

const MARK: &str = "sk";
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_CHARS: usize = 32;
const CHECKSUM_CHARS: usize = 6;
/// How much of the random part is shown afterwards; 142 bits stay unknown.
const SHOWN_CHARS: usize = 8;
const TEXT_BYTES_MAX: usize = 3 + 40 + 1 + RANDOM_CHARS + CHECKSUM_CHARS;

/// 32 bytes from the operating system's source of randomness, drawn by the caller for one key.
pub struct Entropy(pub [u8; 32]);

/// The text of a key, in the one moment in which anybody knows it.
pub struct Secret(String);

/// What is kept of a key's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct KeyHash([u8; 32]);

/// A text that may be a key: it names a tenant, and its checksum fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyText {
    pub(crate) handle: Handle,
    pub(crate) hash: KeyHash,
}

impl Secret {
    pub(crate) fn new(handle: &Handle, entropy: &Entropy) -> Self {
        let text = format!("{MARK}_{handle}_{}", random_part(entropy));
        let checksum = checksum(&text);
        Self(text + &checksum)
    }

    /// The text itself: show it once, and keep it nowhere.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> KeyHash {
        KeyHash::of(&self.0)
    }

    /// The part that may be shown again.
    pub(crate) fn shown(&self) -> &str {
        &self.0[..self.0.len() - (RANDOM_CHARS - SHOWN_CHARS) - CHECKSUM_CHARS]
    }
}

impl KeyHash {
    fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    pub(crate) fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

impl KeyText {
    /// Reads what a caller sent; its length is looked at first, whatever it is.
    pub(crate) fn parse(text: &str) -> Result<Self, Refused> {
        if TEXT_BYTES_MAX < text.len() || !text.is_ascii() {
            return Err(Refused::Malformed);
        }
        let parts: Vec<_> = text.split('_').collect();
        let [MARK, handle, secret] = parts[..] else { return Err(Refused::Malformed) };
        let is_random = secret.len() == RANDOM_CHARS + CHECKSUM_CHARS
            && secret.bytes().all(|it| it.is_ascii_alphanumeric());
        let parsed = handle.parse::<Handle>().ok().filter(|it| it.as_ref() == handle);
        let handle = parsed.filter(|_| is_random).ok_or(Refused::Malformed)?;
        let (checked, sum) = text.split_at(text.len() - CHECKSUM_CHARS);
        if checksum(checked) != sum {
            return Err(Refused::Mistyped);
        }
        Ok(Self { handle, hash: KeyHash::of(text) })
    }
}

/// The entropy as a number, modulo 62³²: a bias of one in 2⁶⁵.
fn random_part(entropy: &Entropy) -> String {
    let mut number = entropy.0;
    let digits = (0..RANDOM_CHARS).map(|_| {
        let mut rest = 0_u32;
        for byte in &mut number {
            let part = rest << 8 | u32::from(*byte);
            *byte = u8::try_from(part / 62).expect("what is left of a division by 62 is below it");
            rest = part % 62;
        }
        digit(rest)
    });
    digits.collect()
}

/// The CRC-32 of ISO 3309 (as in gzip), in base 62.
fn checksum(text: &str) -> String {
    let step = |crc: u32, _| crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
    let crc = text.bytes().fold(!0, |crc, it| (0..8).fold(crc ^ u32::from(it), step));
    let mut left = !crc;
    let digits = (0..CHECKSUM_CHARS).map(|_| {
        let rest = left % 62;
        left /= 62;
        digit(rest)
    });
    digits.collect()
}

fn digit(of: u32) -> char {
    char::from(DIGITS[of as usize])
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy(…)")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}…)", self.shown())
    }
}
