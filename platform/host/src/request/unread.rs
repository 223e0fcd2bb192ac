//! Whether a request was read to its end: a connection that has a rest of one in it carries no
//! other, and its client is told so, or the next request on it would be lost.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, Version, header},
    response::Response,
};
use http_body::{Frame, SizeHint};

/// What may be left of a request.
pub(crate) struct Unread {
    version: Version,
    is_read: Arc<AtomicBool>,
}

/// A body that notes its end.
struct Noted {
    body: Body,
    is_read: Arc<AtomicBool>,
}

impl Unread {
    pub(crate) fn watch(request: Request) -> (Request, Self) {
        let is_read = Arc::new(AtomicBool::new(request.body().is_end_stream()));
        let unread = Self { version: request.version(), is_read: Arc::clone(&is_read) };
        (request.map(|body| Body::new(Noted { body, is_read })), unread)
    }

    /// Tells the client, where a connection carries one request at a time.
    pub(crate) fn tell(&self, response: &mut Response) {
        if self.version < Version::HTTP_2 && !self.is_read.load(Ordering::Relaxed) {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
    }
}

impl HttpBody for Noted {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.is_read.store(true, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
