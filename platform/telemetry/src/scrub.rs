//! What must not be written down, taken out of text: one pass, no allocation when there is nothing.
//!
//! It is the net below the call sites, which log neither people nor secrets in the first place. It
//! rather takes out too much: a number that is no card but passes for one is lost from a log.

mod assignments;
mod names;
mod numbers;
mod places;
mod tokens;

use std::{borrow::Cow, ops::Range};

pub(crate) use names::is_private;

/// The longest stretch that a pattern looks ahead before it gives up, which bounds the work on
/// text made to be slow.
const AHEAD_MAX: usize = 1024;

/// The longest text that is looked at; of longer ones the rest is dropped, scrubbed or not.
const TEXT_BYTES_MAX: usize = 16 * 1024;

/// What stands in the place of what was taken out.
pub(crate) const SECRET: &str = "[secret]";
const EMAIL: &str = "[email]";
const CARD: &str = "[card]";
const IBAN: &str = "[iban]";
const MARKS: [&str; 4] = [SECRET, EMAIL, CARD, IBAN];

/// Something to be taken out, and what stands in its place.
struct Found {
    range: Range<usize>,
    mark: &'static str,
}

/// Where a pattern is tried.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a [u8],
    at: usize,
    /// Everything before it has been dealt with.
    done: usize,
}

impl<'a> Place<'a> {
    fn byte(self, index: usize) -> u8 {
        self.text.get(index).copied().unwrap_or(0)
    }

    fn rest(self) -> &'a [u8] {
        &self.text[self.at..]
    }

    fn starts_word(self) -> bool {
        self.at == self.done || !self.text[self.at - 1].is_ascii_alphanumeric()
    }

    /// Whether something was taken out here before.
    fn is_marked(self, from: usize) -> bool {
        let text = self.text.get(from..).unwrap_or_default();
        MARKS.iter().any(|it| text.starts_with(it.as_bytes()))
    }

    /// Where to go on when nothing begins here: not inside of the word that does.
    fn end_of_word(self) -> usize {
        if self.text[self.at].is_ascii_alphanumeric() {
            return self.end_of_all(self.at, |it| it.is_ascii_alphanumeric());
        }
        self.at + 1
    }

    /// The end of the bytes from `from` on that are as `wanted`.
    fn end_of(self, from: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let limit = self.text.len().min(from.saturating_add(AHEAD_MAX));
        let stretch = self.text.get(from..limit).unwrap_or_default();
        from + stretch.iter().position(|&it| !wanted(it)).unwrap_or(stretch.len())
    }

    /// The same however long it is, for what is then taken out and so is not looked at again.
    fn end_of_all(self, from: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let stretch = self.text.get(from..).unwrap_or_default();
        from + stretch.iter().position(|&it| !wanted(it)).unwrap_or(stretch.len())
    }
}

/// Takes out e-mail addresses, card numbers, IBANs, keys, tokens, credentials, the passwords of
/// URLs, and values that stand behind a private name.
///
/// Clean text comes back borrowed. Scrubbing twice changes nothing more.
#[must_use]
pub fn scrub(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut clean = String::new();
    let mut done = 0;
    let mut at = 0;
    while at < bytes.len() {
        let place = Place { text: bytes, at, done };
        match find(place) {
            Some(found) => {
                clean.push_str(&text[done..found.range.start]);
                clean.push_str(found.mark);
                done = found.range.end;
                at = done;
            }
            None => at = place.end_of_word(),
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(&text[done..]);
    Cow::Owned(clean)
}

/// The same within a limit, for what somebody else decides the length of.
pub(crate) fn scrub_bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= TEXT_BYTES_MAX {
        return scrub(text);
    }
    // What lies across the cut could be half a secret, so it goes too.
    let kept = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
    let whole = kept.rfind(char::is_whitespace).unwrap_or(0).max(kept.len() - AHEAD_MAX);
    let kept = &kept[..kept.floor_char_boundary(whole)];
    Cow::Owned(format!("{}… ({} bytes)", scrub(kept), text.len()))
}

/// What begins here, or has its sign here. Every sign is one ASCII byte, so ranges that grow from
/// it by ASCII or whole characters never cut one.
fn find(place: Place<'_>) -> Option<Found> {
    match place.text[place.at] {
        b'@' | b'%' => places::email(place),
        b'=' => assignments::equals(place),
        b':' => places::url_password(place).or_else(|| assignments::colon(place)),
        b'(' => assignments::of_postgres(place),
        b'0'..=b'9' if place.starts_word() => numbers::card(place),
        b'a'..=b'z' | b'A'..=b'Z' if place.starts_word() => {
            tokens::token(place).or_else(|| numbers::iban(place))
        }
        _ => None,
    }
}
