//! A connection that waits only so long: for the rest of a head, and for the next request.
//!
//! While a request is open it waits without end, because the request has a limit of its own.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

use super::requests::{Counted, Requests};
use crate::Limits;

/// How HTTP/2 begins (RFC 9113, 3.4). No method that is served begins alike.
const HTTP2: &[u8; 3] = b"PRI";
const HTTP2_PREFACE_BYTES: usize = 24;

/// A stream whose reads fail when the other side lets us wait too long.
pub(super) struct Patient {
    stream: TcpStream,
    waiting: Waiting,
}

struct Waiting {
    requests: Requests,
    counted: Counted,
    first: [u8; 3],
    bytes_read: usize,
    is_in_head: bool,
    limits: Limits,
    until: Pin<Box<Sleep>>,
}

impl Patient {
    pub(super) fn new(stream: TcpStream, requests: Requests, limits: Limits) -> Self {
        let waiting = Waiting {
            requests,
            counted: Counted::default(),
            first: [0; 3],
            bytes_read: 0,
            // The first request is owed as soon as somebody connects.
            is_in_head: true,
            limits,
            until: Box::pin(sleep(limits.head)),
        };
        Self { stream, waiting }
    }
}

impl Waiting {
    fn has_read(&mut self, bytes: &[u8]) {
        for (first, byte) in self.first.iter_mut().skip(self.bytes_read).zip(bytes) {
            *first = *byte;
        }
        let had = self.bytes_read;
        self.bytes_read += bytes.len();
        if self.first == *HTTP2 {
            // Frames come at any time, and most of them are no head.
            if had < HTTP2_PREFACE_BYTES && HTTP2_PREFACE_BYTES <= self.bytes_read {
                self.idle();
            }
        } else if !self.is_in_head && !bytes.is_empty() && !self.requests.count().has_open() {
            self.is_in_head = true;
            self.wait_for(self.limits.head);
        }
    }

    /// An error once the other side has let us wait too long.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let counted = self.requests.count();
        if counted != self.counted {
            self.counted = counted;
            self.idle();
        }
        loop {
            ready!(self.until.as_mut().poll(cx));
            if !self.requests.count().has_open() {
                return Poll::Ready(io::ErrorKind::TimedOut.into());
            }
            self.idle();
        }
    }

    fn idle(&mut self) {
        self.is_in_head = false;
        self.wait_for(self.limits.idle);
    }

    fn wait_for(&mut self, time: Duration) {
        self.until.as_mut().reset(Instant::now() + time);
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, waiting } = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(stream).poll_read(cx, buffer);
        if read.is_ready() {
            waiting.has_read(&buffer.filled()[before..]);
            return read;
        }
        waiting.poll_end(cx).map(Err)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
