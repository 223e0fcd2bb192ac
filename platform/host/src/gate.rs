//! The gate: who calls, whether they may, and whether they call too often.
//!
//! What a route asks for is read from its description, so that the two cannot differ.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use socle_kernel::{Common, Cx, Scope, Timestamp};
use socle_telemetry::{AuthFailure, Metrics};
use socle_web::{Problem, Refusal};
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    Authenticator, Identity,
    limiter::{Allowance, Limiter, WINDOW_S},
    request::RequestId,
};

/// Ties what the caller does elsewhere to what happens here; a UUID, or it is not looked at.
const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");

/// What is described of each route.
pub(crate) type Rules = HashMap<(Method, String), Rule>;

/// What a route asks for and tells, by its description.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rule {
    /// The scopes that a caller needs; none where everybody may call.
    pub(crate) scopes: Option<Vec<String>>,
    /// Since when it should not be called any more (RFC 9745), and until when it can be (RFC 8594).
    pub(crate) ending: HeaderMap,
}

/// What the gate knows.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) metrics: Metrics,
    /// How long a request may take, its body included.
    pub(crate) patience: Duration,
}

/// Lets a request through, as somebody, within its time.
pub(crate) async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let rule = gate.rule(&request);
    let mut response = match timeout(gate.patience, gate.admit(rule, request, next)).await {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => problem.into_response(),
        Err(_) => Problem::from(Refusal::TooSlow).into_response(),
    };
    if let Some(rule) = rule {
        response.headers_mut().extend(rule.ending.clone());
    }
    response
}

impl Gate {
    async fn admit(
        &self,
        rule: Option<&Rule>,
        mut request: Request,
        next: Next,
    ) -> Result<Response, Problem> {
        // Behind the gate and not described: a caller is asked for all the same.
        let scopes = rule.map_or(Some(&[][..]), |it| it.scopes.as_deref());
        let Some(scopes) = scopes else { return Ok(next.run(request).await) };
        let (now, tick) = (now(), Instant::now());
        let identity = self.identify(request.headers(), now, tick).await?;
        let allowance = self.limiter.call(identity.credential, identity.calls_per_minute, now);
        if !allowance.is_admitted {
            self.metrics.rate_limited();
            let retry_after_s = allowance.reset_s;
            let problem = Problem::from(Common::TooMany { retry_after_s });
            return Ok(allowance.told(problem.retry_after(retry_after_s).into_response()));
        }
        if let Some(missing) = missing(&identity.scopes, scopes) {
            self.metrics.auth_failed(AuthFailure::Scope);
            let problem = Problem::from(Common::Denied);
            let says = format!("the key needs the scope {missing}");
            return Ok(allowance.told(problem.at("Authorization", says).into_response()));
        }
        let cx = self.caller(&identity, &request, now);
        let correlation = cx.correlation;
        request.extensions_mut().insert(cx);
        let mut response = allowance.told(next.run(request).await);
        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            // What is kept under a key tells what the call belonged to: the first answer names it
            // too, so that a repetition gets the same to the letter.
            response.extensions_mut().insert(problem.of_request(correlation));
        }
        if let Ok(correlation) = HeaderValue::try_from(correlation.to_string()) {
            response.headers_mut().insert(CORRELATION, correlation);
        }
        Ok(response)
    }

    async fn identify(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
        tick: Instant,
    ) -> Result<Identity, Problem> {
        let Some(credential) = bearer(headers) else {
            self.metrics.auth_failed(AuthFailure::Missing);
            return Err(Common::Unauthenticated.into());
        };
        let identified = self.authenticator.authenticate(credential, now, tick).await;
        identified.map_err(|it| {
            it.why.into_iter().for_each(|why| self.metrics.auth_failed(why));
            it.problem
        })
    }

    fn rule(&self, request: &Request) -> Option<&Rule> {
        let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        // HEAD is GET without its body.
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        self.rules.get(&(method.clone(), path.to_owned()))
    }

    fn caller(&self, identity: &Identity, request: &Request, now: Timestamp) -> Cx {
        let mut cx = Cx::new(identity.tenant, identity.actor, now);
        let id = request.extensions().get::<RequestId>().map(|it| it.0);
        let named = request.headers().get(CORRELATION).and_then(|it| it.to_str().ok());
        let named = named.and_then(|it| Uuid::try_parse(it).ok());
        cx.correlation = named.or(id).unwrap_or(cx.correlation);
        cx.causation = id;
        cx.scopes = identity.scopes.to_vec();
        cx.deadline = Some(now.after(self.patience));
        cx
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, credential) =
        headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(credential.trim())
}

fn missing<'s>(has: &[Scope], asked: &'s [String]) -> Option<&'s String> {
    asked.iter().find(|asked| !has.iter().any(|it| it.0 == asked.as_str()))
}

#[expect(clippy::disallowed_methods, reason = "the edge is where a call gets its time")]
fn now() -> Timestamp {
    Timestamp::now()
}

impl Allowance {
    /// Tells what is left, in the headers of the IETF draft `httpapi-ratelimit-headers` (-06, the
    /// last with one header a figure, which is what clients read).
    fn told(self, mut response: Response) -> Response {
        let policy = HeaderValue::try_from(format!("{};w={WINDOW_S}", self.limit));
        let headers = response.headers_mut();
        for (name, figure) in
            [("limit", self.limit), ("remaining", self.left), ("reset", self.reset_s)]
        {
            let name = HeaderName::try_from(format!("ratelimit-{name}"));
            headers.insert(name.expect("a name of our own"), figure.into());
        }
        if let Ok(policy) = policy {
            headers.insert(HeaderName::from_static("ratelimit-policy"), policy);
        }
        response
    }
}
