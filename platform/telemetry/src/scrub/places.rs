//! Addresses: of people, and of servers with a password inside.

use super::{EMAIL, Found, Place, SECRET};

const DOMAIN_BYTES_MAX: usize = 253;

/// `ada@example.org`, also with `%40` as in a query string.
pub(super) fn email(place: Place<'_>) -> Option<Found> {
    let sign = if place.rest().starts_with(b"%40") { 3 } else { 1 };
    if sign == 1 && place.text[place.at] == b'%' {
        return None;
    }
    let local = local_length(&place.text[place.done..place.at]);
    if local == 0 {
        return None;
    }
    let from = place.at + sign;
    let domain_end = place.end_of(from, is_domain).min(from + DOMAIN_BYTES_MAX);
    let mut end = from + domain(&place.text[from..domain_end])?;
    while (0x80..0xc0).contains(&place.byte(end)) {
        end += 1;
    }
    Some(Found { range: place.at - local..end, mark: EMAIL })
}

/// Stops at another sign, so that no byte is looked at twice.
fn local_length(before: &[u8]) -> usize {
    let is_local = |&end: &usize| is_local(before[end - 1]) && !before[..end].ends_with(b"%40");
    (1..=before.len()).rev().take_while(is_local).count()
}

/// Without `/ = { | }`, which are allowed and stand around addresses more often than in them.
fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+?^_~-".contains(&byte) || 0x7f < byte
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.' || 0x7f < byte
}

/// The length of the domain: up to and with the last label that begins as a top-level domain does,
/// with two letters; so `crate@1.2.3` has none.
fn domain(text: &[u8]) -> Option<usize> {
    let is_letter = |it: &&u8| it.is_ascii_alphabetic() || 0x7f < **it;
    (1..text.len()).rev().filter(|&dot| text[dot] == b'.').find_map(|dot| {
        let letters = text[dot + 1..].iter().take_while(is_letter).count();
        (2 <= letters).then_some(dot + 1 + letters)
    })
}

/// The password of `postgres://user:password@host/database`; the rest of the address stays.
pub(super) fn url_password(place: Place<'_>) -> Option<Found> {
    if !place.rest().starts_with(b"://") {
        return None;
    }
    let user_end = place.end_of(place.at + 3, |it| !b":/?#@[ \t\r\n\"'<>".contains(&it));
    if place.byte(user_end) != b':' {
        return None;
    }
    let start = user_end + 1;
    let end = place.end_of(start, |it| !b" \t\r\n\"'<>".contains(&it));
    let authority_end = place.end_of(start, |it| !b"/?# \t\r\n\"'<>".contains(&it));
    let authority = &place.text[start..authority_end];
    let is_port = authority.iter().all(u8::is_ascii_digit);
    let sign = authority.iter().rposition(|&it| it == b'@').or_else(|| {
        // A password with a `/` that should have been escaped and was not.
        let rest = &place.text[start..end];
        if is_port { None } else { rest.iter().rposition(|&it| it == b'@') }
    })?;
    let range = start..start + sign;
    (!range.is_empty() && !place.is_marked(start)).then_some(Found { range, mark: SECRET })
}
