//! Which spans are sent for certain; all are recorded, so that [`super::tail`] can choose more.

use opentelemetry::{
    Context, KeyValue,
    trace::{Link, SpanKind, TraceContextExt, TraceId},
};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};

/// Follows the caller's decision; where there is none, draws by the trace's own number.
#[derive(Debug, Clone)]
pub(super) struct RecordAll {
    by_caller: Sampler,
}

impl RecordAll {
    pub(super) fn new(sampled: f64) -> Self {
        let drawn = Sampler::TraceIdRatioBased(sampled);
        Self { by_caller: Sampler::ParentBased(Box::new(drawn)) }
    }
}

impl ShouldSample for RecordAll {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let parent = parent.filter(|it| it.span().span_context().is_valid());
        let decided = self.by_caller.should_sample(parent, trace, name, kind, attributes, links);
        let decision = match decided.decision {
            SamplingDecision::Drop => SamplingDecision::RecordOnly,
            decision => decision,
        };
        SamplingResult { decision, ..decided }
    }
}
