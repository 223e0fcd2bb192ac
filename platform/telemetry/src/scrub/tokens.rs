//! What opens doors: keys of ours and of others, JWTs, and the credentials of HTTP.

use super::{Found, Place, SECRET};

/// How keys begin: Socle's own and those of payment providers and forges.
const PREFIXES: [&[u8]; 6] = [b"sk_", b"rk_", b"whsec_", b"ghp_", b"xoxb-", b"github_pat_"];

/// A key with a digit has at least this many characters behind its prefix, any other at least
/// twice as many; so names of functions such as `sk_buff` stay.
const KEY_BYTES_MIN: usize = 8;

/// The head of a JWT: `{"` in base64.
const JWT: &[u8] = b"eyJ";

pub(super) fn token(place: Place<'_>) -> Option<Found> {
    match place.text[place.at] | 0x20 {
        b'b' => credentials(place),
        b'e' => jwt(place),
        b's' | b'r' | b'w' | b'g' | b'x' => key(place),
        _ => None,
    }
}

fn key(place: Place<'_>) -> Option<Found> {
    let prefix = PREFIXES.iter().find(|it| place.rest().starts_with(it))?;
    let start = place.at + prefix.len();
    let end = place.end_of_all(start, is_base64url);
    let key = &place.text[start..end];
    let digits = key.iter().filter(|it| it.is_ascii_digit()).count();
    let is_key = KEY_BYTES_MIN * 2 <= key.len() || (KEY_BYTES_MIN <= key.len() && 0 < digits);
    is_key.then_some(Found { range: place.at..end, mark: SECRET })
}

/// A signed or encrypted token in its compact form: parts of base64 with dots between them.
fn jwt(place: Place<'_>) -> Option<Found> {
    if !place.rest().starts_with(JWT) {
        return None;
    }
    let head_end = place.end_of(place.at, is_base64url);
    let body_end = place.end_of(head_end + 1, is_base64url);
    let is_token = place.byte(head_end) == b'.'
        && KEY_BYTES_MIN <= head_end - place.at
        && KEY_BYTES_MIN <= body_end - head_end;
    let end = place.end_of_all(place.at, |it| is_base64url(it) || it == b'.');
    is_token.then_some(Found { range: place.at..end, mark: SECRET })
}

/// `Bearer x` and `Basic x`; the scheme stays.
fn credentials(place: Place<'_>) -> Option<Found> {
    let (length, is_secret): (usize, fn(&[u8]) -> bool) = match place.rest().get(..6)? {
        it if it.eq_ignore_ascii_case(b"bearer") => (6, is_bearer),
        it if it[..5].eq_ignore_ascii_case(b"basic") => (5, is_basic),
        _ => return None,
    };
    let from = place.at + length;
    let start = place.end_of(from, |it| it == b' ' || it == b'\t');
    let end = place.end_of_all(start, is_token68);
    let is_found = from < start && is_secret(&place.text[start..end]);
    is_found.then_some(Found { range: start..end, mark: SECRET })
}

/// Not a word of a sentence about bearers: long, or with something that words do not have.
fn is_bearer(token: &[u8]) -> bool {
    let is_odd = |it: &u8| it.is_ascii_digit() || matches!(it, b'_' | b'+' | b'/' | b'=' | b'~');
    let is_mixed = token.iter().skip(1).any(u8::is_ascii_uppercase)
        && token.iter().any(u8::is_ascii_lowercase);
    20 <= token.len() || (KEY_BYTES_MIN <= token.len() && (is_mixed || token.iter().any(is_odd)))
}

/// Base64 of text with a colon in it.
fn is_basic(token: &[u8]) -> bool {
    let token = token.trim_ascii_end();
    let digits = token.iter().take_while(|&&it| it != b'=');
    let (mut bits, mut held) = (0_u32, 0);
    let mut has_colon = false;
    for &digit in digits {
        let Some(value) = base64_value(digit) else { return false };
        bits = bits << 6 | value;
        held += 6;
        if 8 <= held {
            held -= 8;
            let byte = bits >> held & 0xff;
            if byte < 0x20 || byte == 0x7f {
                return false;
            }
            has_colon |= byte == u32::from(b':');
        }
    }
    has_colon
}

fn base64_value(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn is_token68(byte: u8) -> bool {
    is_base64url(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'=')
}
