//! What a caller has seen is not sent again.

use serde_json::json;

use super::Site;

#[tokio::test]
async fn what_stands_is_tagged_and_not_sent_to_who_has_it() {
    let site = Site::new().await;
    let earned = site.earned("demo-alice", "order-1", 2_933).await;
    let (a, b) = (site.opened("a", "USD").await, site.opened("b", "USD").await);
    let hold = json!({
        "kind": "deposit", "account": a, "counter": b, "amount": 100,
        "expires_at": "2100-01-01T00:00:00Z",
    });
    let hold = site.post("/holds", &hold).await;
    let purchase = format!("/purchases/{}", earned.text_of("purchase"));
    let (hold, account) = (format!("/holds/{}", hold.text_of("id")), format!("/accounts/{a}"));

    for path in [&purchase, &hold, &account] {
        let first = site.get(path).await;
        let tag = first.assert_status(200).header("etag").expect("a tag");
        let again = site.get_with(path, ("if-none-match", tag)).await;

        again.assert_status(304);
        assert_eq!((again.text.as_str(), again.header("etag")), ("", Some(tag)), "{path}");
    }
    let tag = site.get(&purchase).await.header("etag").expect("a tag").to_owned();
    let refund = json!({ "purchase": "order-1", "amount": 1, "currency": "USD" });
    site.post("/refund", &refund).await.assert_status(200);
    site.get_with(&purchase, ("if-none-match", &tag)).await.assert_status(200);
}
