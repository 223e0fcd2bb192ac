//! What a tenant is, and how it comes and goes.

use std::time::Duration;

use socle_kernel::{Cx, Rule, TenantId, Text, Timestamp};

use super::{KeyId, Refused, Zone, zone};
use crate::Error;

/// The rule of a handle.
pub enum TenantHandle {}
/// What a tenant is called on the command line and in addresses: `demo`.
pub type Handle = Text<TenantHandle>;

/// The rule of a tenant's name.
pub enum NameOfTenant {}
/// What a tenant calls itself.
pub type TenantName = Text<NameOfTenant>;

impl Rule for TenantHandle {
    const NAME: &str = "TenantHandle";
    const CHARS_MAX: usize = 40;
    const PATTERN: &str = "^[a-z][a-z0-9-]*$";

    fn admits(it: char) -> bool {
        it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-'
    }
}

impl Rule for NameOfTenant {
    const NAME: &str = "TenantName";
    const CHARS_MAX: usize = 100;
}

/// The longest time of grace: what is kept longer is kept on purpose.
const GRACE_MAX: Duration = Duration::from_hours(365 * 24);

/// How far clocks of two processes may differ: nobody takes back a tenant whose data another
/// process, ahead by this much, has begun to erase.
const CLOCKS_DIFFER_MAX: Duration = Duration::from_mins(1);

/// An organisation whose data is kept apart.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Tenant {
    pub id: TenantId,
    pub handle: Handle,
    pub name: TenantName,
    pub created_at: Timestamp,
    /// By whose clock its days begin, and what is done for it at night.
    pub zone: Zone,
    /// Its keys open nothing until it is resumed. A tenant may be suspended and leaving at once.
    pub is_suspended: bool,
    /// From when on its data may be erased, if it is leaving.
    pub leaves_at: Option<Timestamp>,
}

/// How a tenant stands, for those who look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Active,
    Suspended,
    Leaving { leaves_at: Timestamp },
}

impl Tenant {
    /// How long a tenant that leaves may change its mind, unless something else was agreed.
    pub const GRACE: Duration = Duration::from_hours(30 * 24);

    pub(crate) fn create(
        cx: &Cx,
        handle: Handle,
        name: TenantName,
        zone: &Zone,
    ) -> Result<Self, Error> {
        if !handle.as_ref().starts_with(|it: char| it.is_ascii_lowercase()) {
            return Err(Error::HandleShape);
        }
        let (id, created_at, zone) = (cx.new_id(), cx.now, zone::known(zone)?);
        Ok(Self { id, handle, name, created_at, zone, is_suspended: false, leaves_at: None })
    }

    #[must_use]
    pub fn standing(&self) -> Standing {
        match self.leaves_at {
            Some(leaves_at) => Standing::Leaving { leaves_at },
            None if self.is_suspended => Standing::Suspended,
            None => Standing::Active,
        }
    }

    /// Refused unless its keys open something.
    pub(crate) fn let_in(&self) -> Result<(), Refused> {
        match self.standing() {
            Standing::Active => Ok(()),
            Standing::Suspended => Err(Refused::TenantSuspended),
            Standing::Leaving { .. } => Err(Refused::TenantLeaving),
        }
    }

    pub(crate) fn moved(self, zone: &Zone) -> Result<Self, Error> {
        Ok(Self { zone: zone::known(zone)?, ..self })
    }

    pub(crate) fn suspended(self) -> Self {
        Self { is_suspended: true, ..self }
    }

    pub(crate) fn resumed(self) -> Self {
        Self { is_suspended: false, ..self }
    }

    /// One that is leaving already keeps its day.
    pub(crate) fn leaving(self, cx: &Cx, grace: Duration) -> Result<Self, Error> {
        if GRACE_MAX < grace {
            return Err(Error::GraceTooLong);
        }
        let leaves_at = self.leaves_at.or_else(|| Some(cx.now.after(grace)));
        Ok(Self { leaves_at, ..self })
    }

    /// Taken back as it was: one that had been suspended still is.
    pub(crate) fn staying(self, cx: &Cx) -> Result<Self, Error> {
        let too_late = cx.now.after(CLOCKS_DIFFER_MAX);
        match self.leaves_at {
            Some(leaves_at) if leaves_at <= too_late => Err(Error::TenantLeft),
            _ => Ok(Self { leaves_at: None, ..self }),
        }
    }

    /// Refused unless its grace is over and nothing of it is left.
    pub(crate) fn let_go(&self, cx: &Cx, left: Option<KeyId>) -> Result<(), Error> {
        if self.leaves_at.is_none_or(|it| cx.now < it) {
            return Err(Error::TenantNotDue);
        }
        if left.is_some() {
            return Err(Error::TenantNotErased);
        }
        Ok(())
    }
}
