//! A request of HTTP/1.1 on a connection of its own, by hand: what breaks in the middle must be
//! seen as it is, and nothing be sent a second time behind the back of who counts.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::Failed;

/// How long a client waits for an answer: shorter than a pause, so that it gives up on some.
const PATIENCE: Duration = Duration::from_secs(5);

/// Too slow, too often, and too late to be told: what became of the request is open.
const COME_BACK: [u16; 3] = [408, 429, 499];

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    verb: &'static str,
    path: String,
    secret: String,
    /// What the request is called, where it changes something.
    key: Option<String>,
    body: String,
}

/// What was said in return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) is_replay: bool,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn get(path: &str, secret: &str) -> Self {
        let (path, secret) = (path.to_owned(), secret.to_owned());
        Self { verb: "GET", path, secret, key: None, body: String::new() }
    }

    pub(crate) fn post(path: &str, secret: &str, key: &str, body: &Value) -> Self {
        let (path, secret, key) = (path.to_owned(), secret.to_owned(), Some(key.to_owned()));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        Self { verb: "POST", path, secret, key, body }
    }

    /// Asks once. An answer that is not whole is none.
    pub(crate) async fn send(&self, to: SocketAddr) -> Result<Answer, Failed> {
        timeout(PATIENCE, self.exchange(to)).await?
    }

    async fn exchange(&self, to: SocketAddr) -> Result<Answer, Failed> {
        let mut stream = TcpStream::connect(to).await?;
        stream.write_all(self.text().as_bytes()).await?;
        let mut said = Vec::new();
        stream.read_to_end(&mut said).await?;
        Answer::read(&String::from_utf8(said)?)
    }

    fn text(&self) -> String {
        let Self { verb, path, secret, body, .. } = self;
        let key = self.key.iter().map(|it| format!("idempotency-key: {it}\r\n"));
        format!(
            "{verb} {path} HTTP/1.1\r\nhost: storm\r\nconnection: close\r\n\
             authorization: Bearer {secret}\r\ncontent-type: application/json\r\n\
             {}content-length: {}\r\n\r\n{body}",
            key.collect::<String>(),
            body.len()
        )
    }
}

impl Answer {
    fn read(said: &str) -> Result<Self, Failed> {
        let short = || Failed::because("the answer is not whole");
        let (head, body) = said.split_once("\r\n\r\n").ok_or_else(short)?;
        let status = head.get(9..12).ok_or_else(short)?.parse()?;
        let field = |name: &str| {
            let mut fields = head.split("\r\n").filter_map(|it| it.split_once(':'));
            fields.find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.trim())
        };
        if field("content-length").and_then(|it| it.parse().ok()) != Some(body.len()) {
            return Err(short());
        }
        let is_replay = field("idempotency-replayed") == Some("true");
        Ok(Self { status, is_replay, body: body.to_owned() })
    }

    /// Whether it says what became of the request. Whoever is told to come back knows nothing.
    pub(crate) fn is_final(&self) -> bool {
        (200..500).contains(&self.status) && !COME_BACK.contains(&self.status)
    }

    pub(crate) fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }

    /// The body; null if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Why it was refused.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_cut_short_is_none() {
        let whole = "HTTP/1.1 409 Conflict\r\nContent-Length: 14\r\nidempotency-replayed: true\r\n\
                     \r\n{\"code\":\"no\"}\n";

        let answer = Answer::read(whole).expect("it is whole");

        assert_eq!((answer.status, answer.is_replay, answer.code()), (409, true, "no".to_owned()));
        for end in 0..whole.len() {
            assert!(Answer::read(&whole[..end]).is_err(), "{end} bytes are no answer");
        }
    }

    #[test]
    fn whoever_is_told_to_come_back_knows_nothing() {
        let finals = |status| Answer { status, is_replay: false, body: String::new() }.is_final();

        assert!([200, 201, 400, 401, 404, 409, 422].into_iter().all(finals));
        assert!(![408, 429, 499, 500, 502, 503, 504].into_iter().any(finals));
    }
}
