//! Values behind a private name: `password=x`, `"email":"x"`, and what PostgreSQL quotes of a row.

use super::{
    Found, Place, SECRET,
    names::{is_private, is_secret},
};

/// Headers whose values, when somebody prints them, run to the end of the line.
const HEADERS: [&str; 4] = ["cookie", "set-cookie", "x-api-key", "proxy-authorization"];

/// `password=x`, `api_key = "x"`, `?token=x&…`.
pub(super) fn equals(place: Place<'_>) -> Option<Found> {
    if place.byte(place.at + 1) == b'=' || !is_secret(name_before(place)?) {
        return None;
    }
    let start = place.end_of(place.at + 1, |it| it == b' ');
    quoted(place, start).or_else(|| {
        let end = place.end_of_all(start, |it| !b" \t\r\n&,;\"'\\})".contains(&it));
        removed(place, start, end)
    })
}

/// `"email":"x"`, `name: "x"`, `cookie: x`. A bare word behind other names is part of a sentence.
pub(super) fn colon(place: Place<'_>) -> Option<Found> {
    let name = name_before(place)?;
    let start = place.end_of(place.at + 1, |it| it == b' ');
    if matches!(place.byte(start), b'"' | b'\'' | b'\\') {
        return if is_private(name) { quoted(place, start) } else { None };
    }
    let is_header = HEADERS.iter().any(|it| it.eq_ignore_ascii_case(name));
    let end = place.end_of_all(start, |it| !b"\r\n\"'\\".contains(&it));
    if is_header { removed(place, start, end) } else { None }
}

/// `Key (email)=(x) already exists`, `Failing row contains (x, y)`: values that are not escaped,
/// the second therefore to the end of the line.
pub(super) fn of_postgres(place: Place<'_>) -> Option<Found> {
    let before = &place.text[place.done..place.at];
    let start = place.at + 1;
    let end = if before.ends_with(b")=") {
        place.end_of_all(start, |it| it != b')' && it != b'\n')
    } else if before.ends_with(b"row contains ") {
        place.end_of_all(start, |it| it != b'\n' && it != b'"')
    } else {
        return None;
    };
    removed(place, start, end)
}

/// The name that ends before this place, a blank and quotes aside.
fn name_before(place: Place<'_>) -> Option<&str> {
    let before = &place.text[place.done..place.at];
    let before = before.strip_suffix(b" ").unwrap_or(before);
    let quotes = before.iter().rev().take_while(|it| b"\"'\\".contains(it)).count();
    let before = &before[..before.len() - quotes];
    let is_part = |it: &&u8| it.is_ascii_alphanumeric() || b"_-.".contains(it);
    let length = before.iter().rev().take_while(is_part).count();
    let name = std::str::from_utf8(&before[before.len() - length..]).ok()?;
    (!name.is_empty()).then_some(name)
}

/// A string with quotes around it, which may themselves be escaped in a string around that.
fn quoted(place: Place<'_>, start: usize) -> Option<Found> {
    let quote_at = place.end_of(start, |it| it == b'\\');
    let escapes = quote_at - start;
    let quote = place.byte(quote_at);
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let start = quote_at + 1;
    let mut end = start;
    loop {
        end = place.end_of_all(end, |it| it != quote);
        let before = place.text[start..end].iter().rev().take_while(|&&it| it == b'\\').count();
        if end == place.text.len() || before <= escapes {
            return removed(place, start, end - before.min(escapes));
        }
        end += 1;
    }
}

fn removed(place: Place<'_>, start: usize, end: usize) -> Option<Found> {
    let is_new = start < end && !place.is_marked(start);
    is_new.then_some(Found { range: start..end, mark: SECRET })
}
