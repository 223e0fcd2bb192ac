//! `ETag` and `If-None-Match`.

use axum::http::Request;
use socle_testkit::Answer;

use crate::router::ask;

async fn having(lines: &[&str]) -> Answer {
    let request = Request::get("/tagged");
    ask(lines.iter().fold(request, |it, line| it.header("if-none-match", *line)), "").await
}

#[tokio::test]
async fn a_caller_who_has_the_version_gets_its_tag_and_nothing_else() {
    let first = having(&[]).await;
    first.assert_status(200);
    let tag = first.header("etag").expect("a tag").to_owned();
    let (weak, listed) = (format!("W/{tag}"), format!("\"other\",W/\"x\" , {tag}"));
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));

    for lines in [&[tag.as_str()][..], &[&weak], &[&listed], &["*"], &["\"other\"", &tag]] {
        let again = having(lines).await;

        again.assert_status(304);
        assert_eq!((again.text.as_str(), again.header("etag")), ("", Some(tag.as_str())));
        assert_eq!(again.header("content-type"), None);
    }
    for lines in [&["\"other\""][..], &["W/W/\"x\""], &[""], &[tag.trim_matches('"')]] {
        assert_eq!(having(lines).await.text, "[1,2]");
    }
}
