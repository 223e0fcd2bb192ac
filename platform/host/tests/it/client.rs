//! A client that sends what it is told, byte for byte.

use std::net::SocketAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;
use socle_testkit::Answer;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::site::LONG;

pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    /// What came and is not yet read as an answer.
    rest: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        Self { stream, rest: Vec::new() }
    }

    pub(crate) async fn send(&mut self, text: impl AsRef<[u8]>) {
        self.stream.write_all(text.as_ref()).await.expect("the server reads");
    }

    /// `headers` end in `\r\n` each.
    pub(crate) async fn ask(&mut self, method: &str, path: &str, headers: &str) {
        self.send(format!("{method} {path} HTTP/1.1\r\nhost: t\r\n{headers}\r\n")).await;
    }

    pub(crate) async fn get(&mut self, path: &str, headers: &str) -> Answer {
        self.ask("GET", path, headers).await;
        self.answer().await
    }

    /// The next answer.
    pub(crate) async fn answer(&mut self) -> Answer {
        self.answer_to("GET").await.expect("an answer")
    }

    /// The next answer, to a request with this method; nothing if the server hangs up first.
    pub(crate) async fn answer_to(&mut self, method: &str) -> Option<Answer> {
        let (status, headers) = self.head().await?;
        let has_body = method != "HEAD" && status != 304 && status != 204;
        let length = headers.get("content-length").and_then(|it| it.to_str().ok()?.parse().ok());
        let bytes = match length {
            _ if !has_body => Vec::new(),
            Some(length) => self.take(length).await?,
            None if headers.contains_key("transfer-encoding") => self.chunks().await?,
            None => self.until_end().await,
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Some(Answer { status, headers, text, body })
    }

    /// Status and headers of the next answer, whose body is still to come.
    pub(crate) async fn head(&mut self) -> Option<(StatusCode, HeaderMap)> {
        let head = self.line_end(b"\r\n\r\n").await?;
        let head = String::from_utf8(head).expect("heads are text");
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().expect("a status");
        let headers = lines.filter_map(|it| it.split_once(": ")).map(|(name, value)| {
            let name = name.parse::<HeaderName>().expect("a name");
            (name, HeaderValue::from_str(value).expect("a value"))
        });
        Some((status, headers.collect()))
    }

    /// The next part of a body in parts; an empty one is the last.
    pub(crate) async fn chunk(&mut self) -> Option<Vec<u8>> {
        let size = String::from_utf8(self.line_end(b"\r\n").await?).expect("a size is text");
        let size = usize::from_str_radix(size.trim(), 16).expect("a size");
        let mut chunk = self.take(size + 2).await?;
        chunk.truncate(size);
        Some(chunk)
    }

    async fn chunks(&mut self) -> Option<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            let chunk = self.chunk().await?;
            if chunk.is_empty() {
                return Some(all);
            }
            all.extend(chunk);
        }
    }

    /// Until the server hangs up.
    pub(crate) async fn until_end(&mut self) -> Vec<u8> {
        while self.more().await {}
        std::mem::take(&mut self.rest)
    }

    async fn line_end(&mut self, end: &[u8]) -> Option<Vec<u8>> {
        loop {
            if let Some(at) = self.rest.windows(end.len()).position(|it| it == end) {
                return self.take(at + end.len()).await;
            }
            if !self.more().await {
                return None;
            }
        }
    }

    async fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        while self.rest.len() < count {
            if !self.more().await {
                return None;
            }
        }
        let rest = self.rest.split_off(count);
        Some(std::mem::replace(&mut self.rest, rest))
    }

    /// A connection that is reset has ended as well.
    async fn more(&mut self) -> bool {
        let read = timeout(LONG, self.stream.read_buf(&mut self.rest)).await;
        matches!(read.expect("the server says something in time"), Ok(1..))
    }
}
