//! What a real Prometheus sees of the program.

use serde_json::json;
use socle_testkit::{Prometheus, root};

use super::client::{Ask, Client};
use crate::place::Place;

const ANSWERED: &str = "http_server_request_duration_seconds_count{job=\"socle\", \
     http_route=\"/v1/ledger/earn\", http_response_status_code=\"200\"} == 2";

#[test]
fn a_real_prometheus_scrapes_the_program_and_finds_what_it_did() {
    let place = Place::new();
    let url = place.serve();
    let client = Client::new(&url);
    place.ask(&["demo"]);
    let key = place.key("demo", &["first"]);
    let body = json!({ "customer": "x", "purchase": "1", "amount": 100, "currency": "USD" });
    for name in ["one", "two"] {
        let earn = Ask::new("POST", "/v1/ledger/earn").key(&key).header("Idempotency-Key", name);
        client.send(&earn.json(&body)).assert_status(200);
    }
    client.send(&Ask::get("/v1/auth/tenant").key("sk_demo_wrong")).assert_status(401);

    let address = url.trim_start_matches("http://").parse().unwrap();
    let prometheus = Prometheus::start(&root().join("deploy/observability"), address);

    prometheus.wait_for("the program", "up{job=\"socle\"} == 1");
    prometheus.wait_for("what was answered", ANSWERED);
    for query in [
        "socle_auth_failures_total{reason=\"malformed\"} == 1",
        "socle_books_batch_units_count{books=\"ledger\"} >= 2",
        "socle_books_queue_depth{books=\"ledger\"} == 0",
        "db_client_connections{pool=\"transactions\", state=\"idle\"}",
        "process_resident_memory_bytes > 0",
        "socle_build_info",
    ] {
        assert!(!prometheus.ask(query).is_empty(), "nothing found by {query}");
    }
}
