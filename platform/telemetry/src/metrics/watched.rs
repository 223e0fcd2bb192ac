//! Numbers that somebody else holds, asked for whenever the metrics are read.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric},
    metrics::gauge::ConstGauge,
};

use super::labels::{Books, PoolLabels};

/// How full a pool of connections is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    pub in_use: u32,
    pub idle: u32,
}

/// A gauge whose values are asked of everybody who offered some.
pub(super) struct Watched<L> {
    name: &'static str,
    help: &'static str,
    reads: Mutex<Vec<Read<L>>>,
}

type Read<L> = Box<dyn Fn() -> Vec<(L, i64)> + Send + Sync>;

impl<L> Watched<L> {
    pub(super) fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, reads: Mutex::default() }
    }

    pub(super) fn add(&self, read: Read<L>) {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner).push(read);
    }
}

impl Watched<PoolLabels> {
    pub(super) fn pool(&self, pool: &'static str, read: impl Fn() -> Pool + Send + Sync + 'static) {
        self.add(Box::new(move || {
            let now = read();
            let of = |state, count: u32| (PoolLabels { pool, state }, count.into());
            vec![of("used", now.in_use), of("idle", now.idle)]
        }));
    }
}

impl Watched<Books> {
    pub(super) fn queue(
        &self,
        books: &'static str,
        read: impl Fn() -> u64 + Send + Sync + 'static,
    ) {
        let depth = move || i64::try_from(read()).unwrap_or(i64::MAX);
        self.add(Box::new(move || vec![(Books { books }, depth())]));
    }
}

impl<L> fmt::Debug for Watched<L> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}

impl<L: EncodeLabelSet + 'static> Collector for Watched<L> {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        if reads.is_empty() {
            return Ok(());
        }
        let gauge = ConstGauge::new(0_i64).metric_type();
        let mut family = encoder.encode_descriptor(self.name, self.help, None, gauge)?;
        for (labels, value) in reads.iter().flat_map(|read| read()) {
            ConstGauge::new(value).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
