//! The rules and the dashboard, asked of a real Prometheus that scrapes what this crate renders.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;
use socle_testkit::{Prometheus, root, tool};

mod scraped;

fn observability() -> std::path::PathBuf {
    root().join("deploy/observability")
}

/// The files of rules, each of which has another with its cases.
fn groups() -> Vec<String> {
    let files = fs::read_dir(observability().join("rules")).expect("the rules are there");
    let names = files.map(|it| it.expect("a file").file_name().into_string().expect("a name"));
    let names = names.filter_map(|it| Some(it.strip_suffix(".yml")?.to_owned()));
    names.filter(|it| !it.ends_with("_test")).collect()
}

#[test]
fn the_rules_are_right_and_every_alert_fires_and_is_silent_when_it_should() {
    let rules = observability().join("rules");

    for name in groups() {
        tool("promtool", &["check", "rules", &format!("{name}.yml")], &rules);
        tool("promtool", &["test", "rules", &format!("{name}_test.yml")], &rules);
    }
    tool("promtool", &["check", "config", "prometheus.yml"], &observability());
}

#[test]
fn every_alert_has_a_severity_a_case_and_a_place_in_the_documentation() {
    let all = |suffix: &str| {
        let files = groups().into_iter().map(|it| format!("rules/{it}{suffix}.yml"));
        files.map(|it| read(&observability().join(it))).collect::<String>()
    };
    let (rules, cases) = (all(""), all("_test"));
    let pages = read(&root().join("docs/observability.md")).to_lowercase();

    let alerts: Vec<_> = rules.split("- alert: ").skip(1).collect();

    assert!(10 <= alerts.len());
    for alert in alerts {
        let name = alert.lines().next().expect("the name follows");
        let severity = alert.split_once("severity: ").expect("it has one").1;
        assert!(["P1", "P2", "P3", "P4"].contains(&&severity[..2]), "{name}");
        let place = alert.split_once("observability.md#").expect("it says what to do").1;
        let place = place.split('"').next().expect("it is quoted");
        assert!(pages.lines().any(|it| it.strip_prefix("### ") == Some(place)), "{place}");
        let (fires, silent) =
            (format!("alertname: {name}\n"), format!("alertname: {name}, exp_alerts: []"));
        assert!(cases.contains(&fires) && cases.contains(&silent), "{name}");
    }
}

#[test]
fn every_metric_is_documented() {
    let pages = read(&root().join("docs/observability.md"));

    let text = scraped::metrics().render();

    let names = text.lines().filter_map(|it| it.strip_prefix("# TYPE ")?.split(' ').next());
    let missing: Vec<_> = names.filter(|it| !pages.contains(&format!("`{it}"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// One test, because a server takes seconds to have something to say.
#[test]
fn a_real_prometheus_scrapes_records_and_answers_every_query_of_the_dashboard() {
    let served = scraped::serve();
    let prometheus = Prometheus::start(&observability(), served);
    prometheus.wait_for("the second scrape", "count_over_time(up{job=\"socle\"}[5m]) >= 4");
    let recorded = "job:http_server_request_duration_seconds:p99_5m";
    prometheus.wait_for("a recorded percentile", &format!("{recorded} > 0"));

    let dashboard = read(&observability().join("dashboards/socle.json"));
    let dashboard: Value = serde_json::from_str(&dashboard).expect("it is JSON");
    let queries = expressions(&dashboard);
    assert!(20 <= queries.len(), "{queries:?}");
    for query in queries {
        let query = query.replace("$__rate_interval", "5m").replace("$job", "socle");
        let answer = prometheus.ask(&query);
        let is_annotation = query.starts_with("changes(");
        assert!(is_annotation || !answer.is_empty(), "no answer to {query}");
    }
    for rule in prometheus.rules() {
        let answer = prometheus.ask(rule["query"].as_str().expect("a rule has a query"));
        assert_eq!(rule["health"], "ok", "{rule}");
        assert!(rule["type"] == "alerting" || !answer.is_empty(), "nothing recorded: {rule}");
    }
    the_exemplar_came_too(&prometheus);
}

fn the_exemplar_came_too(prometheus: &Prometheus) {
    let exemplars = prometheus.exemplars("http_server_request_duration_seconds_bucket");

    let text = exemplars.to_string();
    assert!(text.contains(scraped::TRACE), "{text}");
}

/// Every `expr` anywhere in the dashboard.
fn expressions(part: &Value) -> BTreeSet<String> {
    match part {
        Value::Object(fields) => {
            let own = fields.get("expr").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(expressions)).collect()
        }
        Value::Array(parts) => parts.iter().flat_map(expressions).collect(),
        _ => BTreeSet::new(),
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
