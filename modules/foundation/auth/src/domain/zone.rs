//! By whose clock a tenant lives.

use jiff::tz::TimeZone;
use socle_kernel::{Rule, Text};

use crate::Error;

/// The rule of a time zone's name.
pub enum ZoneName {}
/// A time zone as the IANA calls it: `Europe/Paris`, `UTC`.
pub type Zone = Text<ZoneName>;

impl Rule for ZoneName {
    const NAME: &str = "TimeZone";
    const CHARS_MAX: usize = 64;
    const PATTERN: &str = "^[A-Za-z0-9+_/-]+$";

    fn admits(it: char) -> bool {
        it.is_ascii_alphanumeric() || "+_/-".contains(it)
    }
}

/// The zone, spelt as the IANA spells it, if there is one of this name.
pub(crate) fn known(zone: &Zone) -> Result<Zone, Error> {
    let found = TimeZone::get(zone.as_ref()).ok().filter(|it| !it.is_unknown());
    let name = found.as_ref().and_then(TimeZone::iana_name).ok_or(Error::ZoneUnknown)?;
    name.parse().map_err(|_| Error::ZoneUnknown)
}
