//! The last gate before spans leave the process: every text in them is scrubbed here.

use std::{borrow::Cow, time::Duration};

use opentelemetry::{Array, KeyValue, StringValue, Value, trace::Status};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SpanData, SpanExporter},
};

use crate::scrub::{SECRET, is_private, scrub_bounded};

#[derive(Debug)]
pub(super) struct Scrubbed<E>(pub(super) E);

impl<E: SpanExporter> SpanExporter for Scrubbed<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        batch.iter_mut().for_each(clean);
        self.0.export(batch).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

fn clean(span: &mut SpanData) {
    clean_text(&mut span.name);
    span.attributes.iter_mut().for_each(clean_attribute);
    for event in &mut span.events.events {
        clean_text(&mut event.name);
        event.attributes.iter_mut().for_each(clean_attribute);
    }
    for link in &mut span.links.links {
        link.attributes.iter_mut().for_each(clean_attribute);
    }
    if let Status::Error { description } = &mut span.status {
        clean_text(description);
    }
}

fn clean_text(text: &mut Cow<'static, str>) {
    if let Cow::Owned(clean) = scrub_bounded(text) {
        *text = Cow::Owned(clean);
    }
}

fn clean_attribute(attribute: &mut KeyValue) {
    if is_private(attribute.key.as_str()) {
        attribute.value = SECRET.into();
        return;
    }
    match &mut attribute.value {
        Value::String(text) => clean_string(text),
        Value::Array(Array::String(texts)) => texts.iter_mut().for_each(clean_string),
        Value::I64(number) if scrub_bounded(&number.to_string()) != number.to_string() => {
            attribute.value = SECRET.into();
        }
        _ => {}
    }
}

fn clean_string(text: &mut StringValue) {
    if let Cow::Owned(clean) = scrub_bounded(text.as_str()) {
        *text = clean.into();
    }
}
