//! Names, cards and keys in every place of every request: the answers may hold them, nothing else.

use std::{fs, path::Path};

use serde_json::{Value, json};
use socle_testkit::Collector;

use super::{
    client::{Answer, Ask},
    rows::{Call, Kind, ROWS, Row, escaped},
    site::Site,
};
use crate::place::Place;

/// What must not be found again. Each holds a mark of its own, so that a part of it is found too.
const CANARIES: [&str; 7] = [
    "Zebedee Quixotesson",
    "zebedee.quixotesson@mail.example",
    "4556737586899855",
    "4556 7375 8689 9855",
    "DE89370400440532013000",
    "sk_ours_AbCdEfGhQuixotessonKlMnOpQrStUvWxYz0123",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJRdWl4b3Rlc3NvbiJ9.c2lnbmF0dXJlUXVpeG90ZXNzb24",
];

/// How many of them come to stand in each place.
const ROUNDS: usize = 2;

const HEADERS: [&str; 14] = [
    "Authorization",
    "Idempotency-Key",
    "Content-Type",
    "Accept",
    "If-None-Match",
    "X-Correlation-Id",
    "X-Request-Id",
    "Traceparent",
    "Tracestate",
    "User-Agent",
    "Referer",
    "X-Forwarded-For",
    "Cookie",
    "Origin",
];

/// What would betray them.
const MARKS: [&str; 6] = [
    "uixotesson",
    "4556737586899855",
    "4556 7375 8689 9855",
    "DE89370400440532013000",
    "AbCdEfGh",
    "eyJzdWIiOiJRdWl4b3Rlc3NvbiJ9",
];

/// Where values stand in a body, and the objects that may get another key.
fn places(body: &Value, at: &str, values: &mut Vec<String>, objects: &mut Vec<String>) {
    match body {
        Value::Object(parts) => {
            objects.push(at.to_owned());
            for (name, part) in parts {
                places(part, &format!("{at}/{name}"), values, objects);
            }
        }
        Value::Array(parts) => {
            for (index, part) in parts.iter().enumerate() {
                places(part, &format!("{at}/{index}"), values, objects);
            }
        }
        _ => values.push(at.to_owned()),
    }
}

/// The requests of a row, each with a canary in another place.
struct Planted<'s> {
    site: &'s Site,
    row: &'s Row,
    call: Call,
    right: Ask,
    round: usize,
    asks: Vec<Ask>,
}

impl<'s> Planted<'s> {
    fn of(site: &'s Site, row: &'s Row, round: usize) -> Vec<Ask> {
        let call = site.call(row, &site.ours);
        let right = Site::ask(row, &site.ours, &call);
        let mut planted = Self { site, row, call, right, round, asks: Vec::new() };
        planted.in_headers();
        planted.in_targets();
        planted.in_bodies();
        planted.asks
    }

    /// The next one, so that each kind comes to stand in each kind of place.
    fn canary(&self) -> &'static str {
        CANARIES[(self.asks.len() + self.round) % CANARIES.len()]
    }

    fn in_headers(&mut self) {
        for name in HEADERS {
            self.asks.push(self.right.clone().header(name, self.canary()));
        }
        self.asks.push(self.right.clone().key(self.canary()));
    }

    fn aimed(&mut self, target: String) {
        self.asks.push(Ask { target, ..self.right.clone() });
    }

    fn in_targets(&mut self) {
        let path = self.right.target.split('?').next().unwrap().to_owned();
        self.aimed(format!("{path}/{}", escaped(self.canary())));
        self.aimed(format!("{path}?{}=1", escaped(self.canary())));
        self.aimed(format!("/{}", escaped(self.canary())));
        if self.call.id.is_some() {
            self.aimed(self.row.path.replace("{id}", &escaped(self.canary())));
        }
        let operation = self.site.document.find(self.row.verb(), self.row.path);
        for parameter in operation.parameters("query") {
            let name = parameter["name"].as_str().unwrap();
            self.aimed(format!("{path}?{name}={}", escaped(self.canary())));
        }
        for index in 0..self.call.query.len() {
            let mut call = self.call.clone();
            self.canary().clone_into(&mut call.query[index].1);
            self.aimed(call.target(self.row.path));
        }
    }

    fn sent(&mut self, body: &Value) {
        let asked = self.right.clone().json(body);
        self.asks.push(match self.row.kind {
            Kind::DoOnce => asked.header("Idempotency-Key", &self.site.ours.word("canary")),
            _ => asked,
        });
    }

    fn in_bodies(&mut self) {
        let Some(right) = self.call.body.clone() else { return };
        let (mut values, mut objects) = (Vec::new(), Vec::new());
        places(&right, "", &mut values, &mut objects);
        for place in values {
            let mut body = right.clone();
            *body.pointer_mut(&place).unwrap() = json!(self.canary());
            self.sent(&body);
        }
        for place in objects {
            let mut body = right.clone();
            body.pointer_mut(&place).unwrap()[self.canary()] = json!(self.canary());
            self.sent(&body);
        }
        self.sent(&json!(self.canary()));
        let broken = format!("{{\"name\": \"{}\", \"x\": ", self.canary());
        self.asks.push(self.right.clone().bytes(broken));
    }
}

fn files_below(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

/// Every line that the process and its database have written, and what it measured.
fn written(site: &Site) -> Vec<(String, String)> {
    let data = site.place.data();
    let mut files = vec![data.join("serve.log"), data.join("start.log")];
    files_below(&data.join("log"), &mut files);
    let read = files.into_iter().map(|it| {
        (it.display().to_string(), String::from_utf8_lossy(&fs::read(it).unwrap()).into_owned())
    });
    let metrics = site.client.send(&Ask::get("/metrics")).text;
    read.chain([("/metrics".to_owned(), metrics)]).collect()
}

/// Every span that was sent, when the last has been: the process sends what is left as it ends.
fn traced(site: &Site, collector: &Collector) -> (String, String) {
    site.place.ask(&["stop"]);
    let spans = collector.spans();
    assert!(500 < spans.len(), "{} spans", spans.len());
    let lines: Vec<_> = spans.iter().map(|it| format!("{it:?}")).collect();
    ("spans".to_owned(), lines.join("\n"))
}

fn betrayed(text: &str) -> Option<&str> {
    text.lines().find(|line| MARKS.iter().any(|it| line.contains(it)))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_callers_send_stays_out_of_problems_logs_metrics_and_spans() {
    let collector = Collector::start().await;
    let mut place = Place::new();
    place.variables.push(("SOCLE_OTLP_ENDPOINT", format!("http://{}", collector.address)));
    place.variables.push(("SOCLE_LOG", "debug".to_owned()));
    let site = Site::of(place);
    let (mut refused, mut taken) = (0, 0);
    let mut wrong = Vec::new();

    for (row, round) in ROWS.iter().flat_map(|row| (0..ROUNDS).map(move |it| (row, it))) {
        for ask in Planted::of(&site, row, round) {
            let Ok(Answer { status, text, .. }) = site.client.try_send(&ask) else { continue };
            assert!(status < 500, "{} {}: {text}", row.verb(), row.path);
            if status < 400 {
                taken += 1;
                continue;
            }
            refused += 1;
            let line = betrayed(&text);
            wrong.extend(line.map(|it| format!("{} {}: {it}", row.verb(), row.path)));
        }
    }

    for (name, text) in written(&site).into_iter().chain([traced(&site, &collector)]) {
        assert!(name.ends_with("start.log") || !text.is_empty(), "{name} is empty");
        wrong.extend(betrayed(&text).map(|line| format!("{name}: {line}")));
    }
    assert!(500 < refused && 300 < taken, "{refused} refused, {taken} taken");
    assert!(wrong.is_empty(), "{} betrayed: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}
