//! What came back from a request.

use axum::http::{HeaderMap, StatusCode, header};
use serde_json::Value;

/// A response, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// As it came.
    pub text: String,
    /// The same as JSON, where it is.
    pub body: Value,
}

impl Answer {
    /// The text of a field of the body, such as an identifier to come back with.
    #[must_use]
    #[track_caller]
    pub fn text_of(&self, field: &str) -> &str {
        self.body[field].as_str().expect("the field is text")
    }

    /// A header, where it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Asserts the status, and shows the body where it is another.
    #[expect(clippy::must_use_candidate, reason = "an assertion may stand by itself")]
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Asserts that this is a problem document with this status and code.
    #[expect(clippy::must_use_candidate, reason = "an assertion may stand by itself")]
    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str) -> &Self {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(self.body["code"], code, "{}", self.text);
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body["type"], format!("/problems/{code}"));
        assert!(self.body["request_id"].is_string(), "{}", self.text);
        self
    }

    /// The pointers of a problem, in their order.
    #[must_use]
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array();
        errors.into_iter().flatten().filter_map(|it| it["pointer"].as_str()).collect()
    }
}
