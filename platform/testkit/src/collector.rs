//! A collector as others run one: it takes spans over OTLP and keeps what it was sent.

use std::{net::SocketAddr, sync::mpsc};

use opentelemetry_proto::tonic::{
    collector::trace::v1::{
        ExportTraceServiceRequest, ExportTraceServiceResponse,
        trace_service_server::{TraceService, TraceServiceServer},
    },
    common::v1::{KeyValue, any_value::Value},
    trace::v1::Span,
};
use tokio::net::TcpListener;
use tonic::{Request, Response, Status, transport::server::TcpIncoming};

struct Sink(mpsc::Sender<ExportTraceServiceRequest>);

#[tonic::async_trait]
impl TraceService for Sink {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.0.send(request.into_inner()).map_err(|_| Status::unavailable("the test ended"))?;
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// Takes what it is sent for as long as its test runs.
#[derive(Debug)]
pub struct Collector {
    pub address: SocketAddr,
    received: mpsc::Receiver<ExportTraceServiceRequest>,
}

impl Collector {
    /// Starts it on a free port of this machine.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (send, received) = mpsc::channel();
        let server = tonic::transport::Server::builder()
            .add_service(TraceServiceServer::new(Sink(send)))
            .serve_with_incoming(TcpIncoming::from(listener));
        #[expect(
            clippy::disallowed_methods,
            reason = "a server beside the test, not work of ours"
        )]
        drop(tokio::spawn(server));
        Self { address, received }
    }

    /// All that was sent so far, as requests.
    #[must_use]
    pub fn requests(&self) -> Vec<ExportTraceServiceRequest> {
        self.received.try_iter().collect()
    }

    /// All spans that were sent since somebody last asked.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        spans_of(&self.requests())
    }
}

/// The spans of requests.
#[must_use]
pub fn spans_of(requests: &[ExportTraceServiceRequest]) -> Vec<Span> {
    let resources = requests.iter().flat_map(|it| &it.resource_spans);
    resources.flat_map(|it| &it.scope_spans).flat_map(|it| it.spans.clone()).collect()
}

/// The text of an attribute.
#[must_use]
pub fn text_of<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|it| it.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}
