//! Who calls: one merchant's key, and the two doors at which it is honoured.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{Answer, Request};
use crate::{
    Failed,
    world::{Door, LOOK, PATIENCE, Tenant},
};

/// A merchant's key and where to show it.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    secret: String,
    doors: [Door; 2],
}

impl Caller {
    pub(crate) fn of(tenant: &Tenant, doors: [Door; 2]) -> Self {
        Self { secret: tenant.secret.clone(), doors }
    }

    pub(crate) fn post(&self, path: &str, key: &str, body: &Value) -> Request {
        Request::post(path, &self.secret, key, body)
    }

    /// Asks once at a door. `None`: nobody knows what became of it.
    pub(crate) async fn send(&self, request: &Request, door: usize) -> Option<Answer> {
        let address = *self.doors[door % 2].lock().expect("nobody panics with it");
        let answer = request.send(address?).await.ok();
        answer.filter(Answer::is_final)
    }

    /// Asks at both doors in turns until somebody says what became of it.
    pub(crate) async fn insist(&self, request: &Request) -> Result<Answer, Failed> {
        let give_up = Instant::now() + PATIENCE;
        for door in 0.. {
            if let Some(answer) = self.send(request, door).await {
                return Ok(answer);
            }
            if give_up < Instant::now() {
                break;
            }
            sleep(LOOK).await;
        }
        Err(Failed(format!("nobody answered for {} s: {request:?}", Duration::as_secs(&PATIENCE))))
    }

    /// What stands at a path.
    pub(crate) async fn look(&self, path: &str) -> Result<Value, Failed> {
        let answer = self.insist(&Request::get(path, &self.secret)).await?;
        if answer.is_success() {
            return Ok(answer.json());
        }
        Err(Failed(format!("{path} was answered {}: {}", answer.status, answer.body)))
    }

    /// All pages of a list.
    pub(crate) async fn look_at_all(&self, path: &str) -> Result<Vec<Value>, Failed> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let mut page = self.look(&format!("{path}?limit=200{after}")).await?;
            let Value::Array(items) = page["items"].take() else {
                return Err(Failed(format!("{path} is no list: {page}")));
            };
            all.extend(items);
            match &page["next"] {
                Value::String(next) => after = format!("&after={next}"),
                Value::Number(next) => after = format!("&after={next}"),
                _ => return Ok(all),
            }
        }
    }
}
