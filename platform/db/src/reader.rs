//! Reads that need no transaction: one statement, one round trip, the tenant's rows only.

use socle_kernel::TenantId;
use sqlx::{AssertSqlSafe, PgPool};

use crate::{Schema, Statement, statement::Target, trips::Trips};

/// Reads for one tenant; each statement is one round trip and sees its own moment.
///
/// The session has taken the module's role for good. The tenant is named by the statement itself:
/// it runs lateral to the call that sets `socle.tenant`, so no row is looked at before that, and
/// were it ever otherwise, the policy would fail on the empty setting and not show a row.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'d> {
    readers: &'d PgPool,
    schema: &'d Schema,
    trips: &'d Trips,
    tenant: TenantId,
}

impl<'d> Reader<'d> {
    pub(crate) fn new(
        (readers, trips): (&'d PgPool, &'d Trips),
        schema: &'d Schema,
        tenant: TenantId,
    ) -> Self {
        Self { readers, schema, trips, tenant }
    }

    /// A `select` of a module (a named constant), or of a platform crate on its tables in the
    /// module's schema; `$1` is the tenant.
    pub fn sql(&self, select: &'static str) -> Statement<'d> {
        let sql = self.schema.lateral(select);
        Statement::new(AssertSqlSafe(sql), Target::Pool(self.readers, self.trips)).bind(self.tenant)
    }
}
