//! Every route has a row, and does what it says.

use std::collections::BTreeSet;

use super::{
    rows::{Kind, ROWS},
    site::Site,
};

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let site = Site::shared();
    let told = site.document.operations().map(|it| (it.verb.clone(), it.path.to_owned()));
    let rows = ROWS.iter().map(|it| (it.verb().to_owned(), it.path.to_owned()));
    assert_eq!(told.collect::<BTreeSet<_>>(), rows.collect());

    for row in &ROWS {
        let operation = site.document.find(row.verb(), row.path);
        let place = format!("{} {}", row.verb(), row.path);
        assert_eq!(operation.scope(), row.scope, "{place}");
        let is_keyed = operation.takes("header", "Idempotency-Key");
        assert_eq!(is_keyed, row.kind == Kind::DoOnce, "{place}");
        assert_eq!(operation.takes("query", "limit"), row.kind == Kind::Pages, "{place}");
        assert_eq!(operation.takes("path", "id"), row.path.contains("{id}"), "{place}");
    }
}

#[test]
fn every_route_answers_a_right_request_as_it_is_described() {
    let site = Site::shared();
    for row in &ROWS {
        let answer = site.send(row, &site.right(row));
        assert!((200..300).contains(&answer.status), "{} {}: {answer:?}", row.verb(), row.path);
        assert_eq!(answer.media_type(), "application/json", "{}", row.path);
    }
}
