//! Parameters of the path and of the query, and the pages that they ask for.

use axum::http::Request;
use socle_kernel::AppId;
use socle_testkit::Answer;
use socle_web::{Limit, PAGE_MAX, Page};
use uuid::Uuid;

use crate::router::{ask, refused};

async fn get(place: &str) -> Answer {
    ask(Request::get(place), "").await
}

fn id() -> AppId {
    AppId::from_uuid(Uuid::from_u128(7))
}

#[tokio::test]
async fn what_is_no_identifier_names_nothing() {
    let upper = format!("app_{}", id().uuid().simple()).replace("app_0", "app_A");
    for name in ["1", "app_", "ten_00000000000000000000000000000007", &upper, "%00", "%ff", "a%2fb"]
    {
        let answer = get(&format!("/things/{name}")).await;

        refused(&answer, 404, "not-found", &[]);
    }
    assert_eq!(get(&format!("/things/{}", id())).await.text, id().to_string());
}

#[tokio::test]
async fn a_parameter_that_is_not_taken_is_named_with_what_is() {
    for (query, pointer) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.5", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=", "limit"),
        ("limit", "limit"),
        ("limit=1&limit=1", ""),
        ("after=app_1", "after"),
        ("after=%ff", ""),
        ("%ff=1", ""),
        ("other=1", ""),
        ("limit=%zz", "limit"),
    ] {
        let answer = get(&format!("/ids?{query}")).await;

        refused(&answer, 422, "web.query-invalid", &[pointer]);
    }
    for query in ["after=-1", "after=9223372036854775808", "after=x"] {
        refused(&get(&format!("/counted?{query}")).await, 422, "web.query-invalid", &["after"]);
    }
}

#[tokio::test]
async fn a_page_is_50_rows_unless_asked_for_others_and_begins_at_the_start() {
    assert_eq!(get("/ids").await.text, "50");
    assert_eq!(get(&format!("/ids?limit=200&after={}", id())).await.text, "200");
    assert_eq!(get("/counted").await.text, "0");
    assert_eq!(get("/counted?after=9223372036854775807").await.text, i64::MAX.to_string());
}

#[tokio::test]
async fn a_query_of_60_000_characters_is_refused_like_a_short_one() {
    let answer = get(&format!("/ids?{}", "a".repeat(60_000))).await;

    refused(&answer, 422, "web.query-invalid", &[""]);
    assert!(answer.text.len() < 500, "{}", answer.text.len());
}

#[test]
fn a_page_names_its_last_row_when_another_follows_and_only_then() {
    let limit = Limit::try_from(2).expect("two rows");
    let page = |rows: Vec<i32>| Page::of(rows, limit, i32::to_string, |it| it * 10);

    let (more, last, none) = (page(vec![1, 2, 3]), page(vec![1, 2]), page(vec![]));

    assert_eq!((more.items, more.next), (vec![10, 20], Some("2".to_owned())));
    assert_eq!((last.items, last.next), (vec![10, 20], None));
    assert_eq!((none.items, none.next), (vec![], None));
    assert_eq!((limit.and_one(), Limit::try_from(PAGE_MAX + 1).is_err()), (3, true));
}
