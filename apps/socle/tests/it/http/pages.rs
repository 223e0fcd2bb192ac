//! Pages: every paged route shows each row once, in one order, and refuses hostile cursors.

use serde_json::Value;

use super::{
    client::Ask,
    rows::{Kind, ROWS, Row},
    site::Site,
};

/// More pages than any of these tests makes rows.
const PAGES_MAX: usize = 5_000;

fn paged() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|it| it.kind == Kind::Pages)
}

fn ask(site: &Site, row: &Row, more: &str) -> Ask {
    let mut ask = site.right(row);
    ask.target += if ask.target.contains('?') { "&" } else { "?" };
    ask.target += more;
    ask
}

/// All rows, so many a page.
fn walk(site: &Site, row: &Row, limit: u32) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), String::new());
    for _ in 0..PAGES_MAX {
        let answer = site.send(row, &ask(site, row, &format!("limit={limit}{after}")));
        let page = answer.assert_status(200).json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit as usize, "{}: {answer:?}", row.path);
        rows.extend(items.iter().cloned());
        let Some(next) = page["next"].as_str() else { return rows };
        after = format!("&after={next}");
    }
    panic!("{} has no end", row.path);
}

fn name_of(row: &Value) -> String {
    row["id"].as_str().map_or_else(|| row["seq"].to_string(), str::to_owned)
}

#[test]
fn pages_of_one_show_the_rows_of_large_pages_each_once() {
    // One of its own: nobody records anything meanwhile.
    let site = Site::of(crate::place::Place::new());
    (0..3).for_each(|_| drop((site.ours.opened(), site.ours.issued(), site.ours.till())));
    for row in paged() {
        let whole = walk(&site, row, 200);
        assert!(3 <= whole.len(), "{}: {whole:?}", row.path);
        let names = |rows: &[Value]| rows.iter().map(name_of).collect::<Vec<_>>();

        for limit in [1, 2] {
            assert_eq!(names(&walk(&site, row, limit)), names(&whole), "{}", row.path);
        }

        let mut each = names(&whole);
        each.sort();
        each.dedup();
        assert_eq!(each.len(), whole.len(), "{}", row.path);
    }
}

#[test]
fn limits_and_cursors_that_are_none_are_refused() {
    let site = Site::shared();
    let limits = ["0", "201", "-1", "abc", "1.5", "", "99999999999999999999", "1%00"];
    let cursors = [
        "abc",
        "-1",
        "%00",
        "%27",
        "1;select%201",
        "99999999999999999999",
        "%F0%9F%92%A3",
        "acc_xyz",
        "apk_0",
        "..%2F..",
        "%FF",
        "null",
    ];
    for row in paged() {
        let limits = limits.map(|it| ("limit", format!("limit={it}")));
        let cursors = cursors.map(|it| ("after", format!("after={it}")));
        for (name, more) in limits.into_iter().chain(cursors) {
            let refused = site.send(row, &ask(&site, row, &more));
            assert_eq!((refused.status, refused.code()), (422, "web.query-invalid".to_owned()));
            let pointer = refused.json()["errors"][0]["pointer"].clone();
            assert!(pointer == name || pointer == "", "{} {more}: {refused:?}", row.path);
        }
    }
}
