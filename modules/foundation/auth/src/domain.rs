//! What a tenant is.

use socle_kernel::{Cx, Rule, TenantId, Text, Timestamp};

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

    fn admits(it: char) -> bool {
        it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-'
    }
}

impl Rule for NameOfTenant {
    const NAME: &str = "TenantName";
    const CHARS_MAX: usize = 100;
}

/// An organisation whose data is kept apart.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Tenant {
    pub id: TenantId,
    pub handle: Handle,
    pub name: TenantName,
    pub created_at: Timestamp,
}

impl Tenant {
    pub(crate) fn create(cx: &Cx, handle: Handle, name: TenantName) -> Result<Self, Error> {
        if !handle.as_ref().starts_with(|it: char| it.is_ascii_lowercase()) {
            return Err(Error::HandleShape);
        }
        Ok(Self { id: cx.new_id(), handle, name, created_at: cx.now })
    }
}
