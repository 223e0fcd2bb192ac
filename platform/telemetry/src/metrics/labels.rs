//! Every label there is. A new one is a decision: each of its values multiplies what is stored.

use prometheus_client::encoding::EncodeLabelSet;

use super::OTHER;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
#[expect(clippy::struct_field_names, reason = "the names are OpenTelemetry's")]
pub(super) struct RequestLabels {
    pub(super) http_request_method: &'static str,
    pub(super) http_route: String,
    pub(super) http_response_status_code: u16,
}

/// Of an exemplar, not of a series.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Trace {
    pub(super) trace_id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Reason {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Where {
    r#where: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Task {
    pub(super) task: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Books {
    pub(super) books: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Build {
    pub(super) version: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct PoolLabels {
    pub(super) pool: &'static str,
    pub(super) state: &'static str,
}

/// Why a key or token did not let its caller in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthFailure {
    Missing,
    Malformed,
    Unknown,
    Expired,
    Revoked,
    /// The tenant is suspended or deleted.
    Suspended,
    /// The key is right and does not allow this.
    Scope,
}

impl AuthFailure {
    pub(super) const ALL: [Self; 7] = [
        Self::Missing,
        Self::Malformed,
        Self::Unknown,
        Self::Expired,
        Self::Revoked,
        Self::Suspended,
        Self::Scope,
    ];
}

impl From<AuthFailure> for Reason {
    fn from(why: AuthFailure) -> Self {
        let reason = match why {
            AuthFailure::Missing => "missing",
            AuthFailure::Malformed => "malformed",
            AuthFailure::Unknown => "unknown",
            AuthFailure::Expired => "expired",
            AuthFailure::Revoked => "revoked",
            AuthFailure::Suspended => "suspended",
            AuthFailure::Scope => "scope",
        };
        Self { reason }
    }
}

/// Where a panic was caught.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanicPlace {
    Request,
    Batch,
    Background,
    Subscription,
}

impl PanicPlace {
    pub(super) const ALL: [Self; 4] =
        [Self::Request, Self::Batch, Self::Background, Self::Subscription];
}

impl From<PanicPlace> for Where {
    fn from(place: PanicPlace) -> Self {
        let place = match place {
            PanicPlace::Request => "request",
            PanicPlace::Batch => "batch",
            PanicPlace::Background => "background",
            PanicPlace::Subscription => "subscription",
        };
        Self { r#where: place }
    }
}

/// The methods that HTTP defines; a caller can send any other word as well.
pub(super) fn method_of(method: &http::Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];
    KNOWN.into_iter().find(|it| *it == method.as_str()).unwrap_or(OTHER)
}
