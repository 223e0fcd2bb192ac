//! What the daily verification of the ledger's books found.

use prometheus_client::{
    metrics::gauge::Gauge,
    registry::{Registry, Unit},
};

use super::Metrics;

/// The gauges, of which [`Metrics`] has one each.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    findings: Gauge,
    verified: Gauge,
}

impl Ledger {
    pub(super) fn register(&self, all: &mut Registry) {
        let help = "What the last verification of all books found to differ";
        all.register("socle_ledger_findings", help, self.findings.clone());
        let help = "When all books were last verified, since 1970; 0 if never";
        let name = "socle_ledger_verified_timestamp";
        all.register_with_unit(name, help, Unit::Seconds, self.verified.clone());
    }
}

impl Metrics {
    /// What the last verification of the ledger's books found, which began `at_s` after 1970.
    pub fn ledger_verified(&self, findings: i64, at_s: i64) {
        self.0.ledger.findings.set(findings);
        self.0.ledger.verified.set(at_s);
    }
}
