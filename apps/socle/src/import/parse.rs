//! From a line to a purchase, or to the reason why it is none.

use socle_kernel::{Currency, Day, Money};
use socle_ledger_contract::Customer;

use super::lines::{BYTES_MAX, Line};

/// A purchase as a line tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) customer: Customer,
    pub(super) day: Day,
    /// How many things were bought.
    pub(super) count: u32,
    pub(super) dollars: Money,
}

/// What some programs put before the first line.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads customer, date, count and dollars, with or without a second name of the customer after
/// the first. `None`: a blank line.
pub(super) fn parse(line: &Line<'_>, today: Day, usd: Currency) -> Result<Option<Told>, String> {
    let Line::Bytes(bytes) = line else {
        return Err(format!("the line has more than {BYTES_MAX} bytes"));
    };
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = str::from_utf8(bytes).map_err(|_| "the line is not UTF-8".to_owned())?;
    let columns: Vec<&str> = text.split_ascii_whitespace().collect();
    match columns[..] {
        [] => Ok(None),
        [customer, day, count, dollars] | [customer, _, day, count, dollars] => Ok(Some(Told {
            customer: customer.parse().map_err(|why| format!("the customer: {why}"))?,
            day: parse_day(day, today)?,
            count: parse_count(count)?,
            dollars: parse_dollars(dollars, usd)?,
        })),
        _ => Err(format!("5 or 4 columns, this has {}", columns.len())),
    }
}

fn parse_day(text: &str, today: Day) -> Result<Day, String> {
    let shown = text.escape_debug();
    if text.len() != 8 || !text.bytes().all(|it| it.is_ascii_digit()) {
        return Err(format!("the date {shown} does not read YYYYMMDD"));
    }
    let dashed = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
    let day: Day = dashed.parse().map_err(|_| format!("the date {shown} does not exist"))?;
    if today < day { Err(format!("the date {shown} lies in the future")) } else { Ok(day) }
}

fn parse_count(text: &str) -> Result<u32, String> {
    let is_number = text.bytes().all(|it| it.is_ascii_digit());
    let count = if is_number { text.parse().ok() } else { None };
    let shown = text.escape_debug();
    count.ok_or_else(|| format!("the count {shown} is no whole number of things"))
}

fn parse_dollars(text: &str, usd: Currency) -> Result<Money, String> {
    let shown = text.escape_debug();
    match Money::parse(text, usd) {
        Ok(dollars) if dollars.amount.is_negative() => {
            Err(format!("dollars: {shown} is negative; a refund is no purchase"))
        }
        Ok(dollars) => Ok(dollars),
        Err(why) => Err(format!("dollars: {shown}: {why}")),
    }
}
