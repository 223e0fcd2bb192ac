//! Numbers that belong to a person: payment cards and bank accounts.

use super::{CARD, Found, IBAN, Place};

/// A group of digits in a card that is written with hyphens has at most this many.
const GROUP_DIGITS_MAX: usize = 6;
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// The countries with an IBAN, each with its length (the registry of ISO 13616).
const COUNTRIES: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 \
     CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 \
     GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 \
     LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 \
     RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 \
     VG24 XK20 YE30";

/// 13 to 19 digits that pass the Luhn check and begin as cards do, together or in groups with
/// one kind of separator between them.
pub(super) fn card(place: Place<'_>) -> Option<Found> {
    let is_fraction = place.done + 2 <= place.at
        && place.text[place.at - 1] == b'.'
        && place.text[place.at - 2].is_ascii_digit();
    if is_fraction || !begins_as_cards_do(place.rest()) {
        return None;
    }
    let (mut digits, mut groups) = ([0; 19], [0; 19]);
    let (mut count, mut group, mut at) = (0, 0, place.at);
    let mut separator = None;
    let mut end = None;
    while count < digits.len() && place.byte(at).is_ascii_digit() {
        digits[count] = place.byte(at) - b'0';
        groups[group] += 1;
        (count, at) = (count + 1, at + 1);
        let next = place.byte(at);
        if next.is_ascii_alphanumeric() {
            continue;
        }
        let is_grouped = are_groups_of_a_card(&groups[..=group], separator);
        if is_grouped && CARD_DIGITS.contains(&count) && passes_luhn(&digits[..count]) {
            end = Some(at);
        }
        if !matches!(next, b' ' | b'-') || separator.is_some_and(|it| it != next) {
            break;
        }
        separator = Some(next);
        (group, at) = (group + 1, at + 1);
    }
    Some(Found { range: place.at..end?, mark: CARD })
}

/// With blanks only as cards are printed, 4-4-4-4 or 4-6-5: rows of numbers have blanks too.
fn are_groups_of_a_card(groups: &[usize], separator: Option<u8>) -> bool {
    match (separator, groups) {
        (None, _) | (Some(b' '), [4, 6, 4 | 5]) => true,
        (Some(b' '), [first @ .., last]) => *last <= 4 && first.iter().all(|it| *it == 4),
        _ => groups.iter().all(|it| *it <= GROUP_DIGITS_MAX),
    }
}

/// Issuers' first digits: 22 to 27 (Mastercard, Mir), 3, 4, 5 and 6. It spares most dates and times
/// that are written as one long number.
fn begins_as_cards_do(digits: &[u8]) -> bool {
    matches!(digits, [b'3'..=b'6', ..] | [b'2', b'2'..=b'7', ..])
}

fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) if digit < 5 => digit * 2,
            (_, digit) => digit * 2 - 9,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// An IBAN of a country's length with the right check digits, in one piece or in groups.
pub(super) fn iban(place: Place<'_>) -> Option<Found> {
    let [one, other, b'0'..=b'9', b'0'..=b'9', ..] = place.rest() else {
        return None;
    };
    let length = length_in([one.to_ascii_uppercase(), other.to_ascii_uppercase()])?;
    let mut characters = [0; 34];
    let mut at = place.at;
    for (index, character) in characters.iter_mut().enumerate().take(length) {
        if 4 <= index && matches!(place.byte(at), b' ' | b'-') {
            at += 1;
        }
        *character = place.byte(at).to_ascii_uppercase();
        if !character.is_ascii_alphanumeric() {
            return None;
        }
        at += 1;
    }
    let is_whole = !place.byte(at).is_ascii_alphanumeric();
    let is_right = is_whole && has_right_check_digits(&characters[..length]);
    is_right.then_some(Found { range: place.at..at, mark: IBAN })
}

fn length_in(country: [u8; 2]) -> Option<usize> {
    let entry = COUNTRIES.as_bytes().chunks(5).find(|it| it[..2] == country)?;
    Some(usize::from((entry[2] - b'0') * 10 + entry[3] - b'0'))
}

/// ISO 7064 MOD 97-10 over the account with the country moved to its end.
fn has_right_check_digits(iban: &[u8]) -> bool {
    let (head, tail) = iban.split_at(4);
    let remainder = tail.iter().chain(head).fold(0_u32, |sum, &it| match it {
        b'0'..=b'9' => (sum * 10 + u32::from(it - b'0')) % 97,
        _ => (sum * 100 + u32::from(it - b'A') + 10) % 97,
    });
    remainder == 1
}
