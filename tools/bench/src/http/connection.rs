//! One connection of HTTP/1.1: a request, its answer, and the next. By hand, because the load
//! shares two cores with what it measures: an answer is read as little as it takes.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::Failed;

/// Room for an answer of the routes that are measured.
const ANSWER_BYTES: usize = 4_096;

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer<'c> {
    status: u16,
    body: &'c [u8],
}

/// Where the body begins, and how long it is.
struct Head {
    status: u16,
    bytes: usize,
    body_bytes: usize,
}

impl Connection {
    pub(crate) async fn open(to: SocketAddr) -> Result<Self, Failed> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::new() })
    }

    /// Asks, and waits for the whole answer, which tells its length.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>, Failed> {
        self.stream.write_all(request).await?;
        self.received.clear();
        self.received.reserve(ANSWER_BYTES);
        let head = loop {
            self.read().await?;
            if let Some(head) = Head::of(&self.received)? {
                break head;
            }
        };
        let end = head.bytes + head.body_bytes;
        while self.received.len() < end {
            self.read().await?;
        }
        Ok(Answer { status: head.status, body: &self.received[head.bytes..end] })
    }

    /// Asks for the last time: the answer, which need not tell its length, ends the connection.
    pub(crate) async fn ask_last(mut self, request: &[u8]) -> Result<(), Failed> {
        let line = request.iter().position(|it| *it == b'\n').map_or(0, |it| it + 1);
        let (line, rest) = request.split_at(line);
        self.stream.write_all(&[line, b"connection: close\r\n", rest].concat()).await?;
        self.stream.read_to_end(&mut self.received).await?;
        let status = status(&self.received)?;
        let head = head_bytes(&self.received).unwrap_or_default();
        Answer { status, body: &self.received[head..] }.body().map(drop)
    }

    /// Gives the room for answers back: what is idle keeps nothing.
    pub(crate) fn rest(&mut self) {
        self.received = Vec::new();
    }

    async fn read(&mut self) -> Result<(), Failed> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(Failed::because("a connection was closed before its answer was whole")),
            _ => Ok(()),
        }
    }
}

impl<'c> Answer<'c> {
    /// The body of a success; anything else ends the run.
    pub(crate) fn body(self) -> Result<&'c [u8], Failed> {
        match self.status {
            200..300 => Ok(self.body),
            other => {
                let says = String::from_utf8_lossy(self.body);
                Err(Failed(format!("a request was answered {other}: {says}")))
            }
        }
    }
}

impl Head {
    /// `None` while it is not whole.
    fn of(received: &[u8]) -> Result<Option<Self>, Failed> {
        let Some(bytes) = head_bytes(received) else { return Ok(None) };
        let told = || Failed::because("an answer does not tell its length");
        let head = str::from_utf8(&received[..bytes])?;
        let mut fields = head.split("\r\n").filter_map(|it| it.split_once(':'));
        let length = fields.find(|it| it.0.eq_ignore_ascii_case("content-length"));
        let body_bytes = length.ok_or_else(told)?.1.trim().parse()?;
        Ok(Some(Self { status: status(received)?, bytes, body_bytes }))
    }
}

/// How long the head is, once it is whole.
fn head_bytes(received: &[u8]) -> Option<usize> {
    Some(received.windows(4).position(|it| it == b"\r\n\r\n")? + 4)
}

/// Of `HTTP/1.1 200 OK`.
fn status(received: &[u8]) -> Result<u16, Failed> {
    let digits = received.get(9..12).ok_or_else(|| Failed::because("an answer has no status"))?;
    Ok(str::from_utf8(digits)?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let answer = b"HTTP/1.1 409 Conflict\r\ndate: x\r\nContent-Length: 2\r\n\r\n{}";

        let head = Head::of(answer).ok().flatten().expect("a whole head");

        assert_eq!((head.status, head.bytes, head.body_bytes), (409, 53, 2));
        assert!(Head::of(&answer[..52]).is_ok_and(|it| it.is_none()), "the last byte is missing");
        assert!(Head::of(b"HTTP/1.1 200 OK\r\ndate: x\r\n\r\n").is_err(), "no length");
    }

    #[test]
    fn what_is_no_success_ends_the_run_and_is_told() {
        let refused = Answer { status: 422, body: b"too much" };

        let failed = refused.body().expect_err("a refusal");

        assert_eq!(failed.to_string(), "a request was answered 422: too much");
        assert_eq!(Answer { status: 201, body: b"it" }.body().ok(), Some(&b"it"[..]));
    }
}
