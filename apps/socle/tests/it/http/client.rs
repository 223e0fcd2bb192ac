//! A caller of HTTP, as plain as `curl`.

use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, Body, http};

/// Longer than the program takes at its slowest: what is still silent then has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request, before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) verb: String,
    /// With its query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: http::HeaderMap,
    pub(crate) text: String,
}

/// Sends requests to one server.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    agent: Agent,
    pub(crate) url: String,
}

impl Ask {
    pub(crate) fn new(verb: &str, target: &str) -> Self {
        let (verb, target) = (verb.to_owned(), target.to_owned());
        Self { verb, target, headers: Vec::new(), body: None }
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// In place of the header of that name, if there is one.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|it| !it.0.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|it| !it.0.eq_ignore_ascii_case(name));
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("Authorization", &format!("Bearer {key}"))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        let asked = self.header("Content-Type", "application/json");
        Self { body: Some(body.to_string().into_bytes()), ..asked }
    }

    pub(crate) fn bytes(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(body.into()), ..self }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|it| it.to_str().ok())
    }

    pub(crate) fn media_type(&self) -> &str {
        let kind = self.header("content-type").unwrap_or_default();
        kind.split(';').next().unwrap_or_default()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|it| panic!("{it}: {self:?}"))
    }

    /// The code of a problem; nothing of anything else.
    pub(crate) fn code(&self) -> String {
        let body = serde_json::from_str::<Value>(&self.text).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub(crate) fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // A server may end a connection whose request it did not read to its end, and this
            // client does not send a POST twice.
            .max_idle_connections(0)
            .timeout_global(Some(PATIENCE))
            .build();
        Self { agent: config.into(), url: url.to_owned() }
    }

    pub(crate) fn try_send(&self, ask: &Ask) -> Result<Answer, ureq::Error> {
        let uri = format!("{}{}", self.url, ask.target);
        let mut request = http::Request::builder().method(ask.verb.as_str()).uri(uri);
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        let response = match &ask.body {
            Some(body) => self.agent.run(request.body(&body[..])?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let (parts, body): (_, Body) = response.into_parts();
        let text = body.into_with_config().limit(64 << 20).read_to_string()?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, text })
    }

    #[track_caller]
    pub(crate) fn send(&self, ask: &Ask) -> Answer {
        self.try_send(ask).unwrap_or_else(|it| panic!("{it}: {} {}", ask.verb, ask.target))
    }
}
