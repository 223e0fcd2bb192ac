//! What a person sees, and what watches the process.

use std::time::Instant;

use socle_testkit::{Answer, server};
use sqlx::{Connection, PgConnection};

use crate::site::{LONG, Site};

/// What a page would load from, or send to, another host.
fn loads(page: &str) -> Vec<&str> {
    let marks = ["src=\"", "href=\"", "action=\"", "url("];
    let places = marks.iter().flat_map(|mark| page.split(mark).skip(1));
    places.filter(|it| it.starts_with("http") || it.starts_with("//")).collect()
}

fn policy(answer: &Answer) -> &str {
    answer.header("content-security-policy").expect("a policy")
}

#[tokio::test]
async fn the_welcome_page_says_what_runs_and_loads_nothing() {
    let site = Site::open().await;

    let page = site.get("/").await;

    page.assert_status(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text.contains("probe") && page.text.contains("/docs/"), "{}", page.text);
    assert_eq!(page.text.matches("<pre").count(), 3, "three commands");
    assert!(loads(&page.text).is_empty() && !page.text.contains("<script"), "{}", page.text);
    assert!(policy(&page).starts_with("default-src 'none'"));
}

#[tokio::test]
async fn codes_are_listed_and_explained_and_nothing_in_them_is_markup() {
    let site = Site::open().await;

    let (all, one) = (site.get("/problems").await, site.get("/problems/not-found").await);

    for page in [all.assert_status(200), one.assert_status(200)] {
        assert!(page.text.contains("there is &lt;b&gt;no&lt;/b&gt; {0}"), "{}", page.text);
        assert!(policy(page).starts_with("default-src 'none'"));
    }
    assert!(all.text.contains("href=\"/problems/probe.short\""), "{}", all.text);
    for hostile in ["<script>alert(1)</script>", "%3Cscript%3E", "%ff", "..%2f..%2fetc", "%00"] {
        let answer = site.get(&format!("/problems/{hostile}")).await;

        assert!(answer.status.is_client_error(), "{hostile}");
        assert!(!answer.text.contains("script") && !answer.text.contains("etc"), "{}", answer.text);
    }
}

#[tokio::test]
async fn the_documentation_is_whole_and_asks_no_other_host() {
    let site = Site::open().await;

    let moved = site.get("/docs").await;
    let page = site.get("/docs/").await;
    let start = site.get("/docs/swagger-initializer.js").await;

    assert_eq!(moved.assert_status(303).header("location"), Some("/docs/"));
    assert!(loads(&page.assert_status(200).text).is_empty(), "{}", page.text);
    let own = page.text.split("src=\"./").skip(1).chain(page.text.split("href=\"./").skip(1));
    let own: Vec<_> =
        own.filter_map(|it| it.split('"').next()).filter(|it| !it.is_empty()).collect();
    assert!(4 <= own.len(), "{own:?}");
    for part in own.iter().filter(|it| !it.starts_with("favicon")) {
        site.get(&format!("/docs/{part}")).await.assert_status(200);
    }
    assert!(start.text.contains("/openapi.json") && !start.text.contains("http"), "{}", start.text);
    assert!(start.text.contains("\"validatorUrl\": \"none\""), "{}", start.text);
    // Whatever the scripts say, the browser lets them speak to this server alone.
    for page in [&page, &start] {
        assert!(policy(page).contains("connect-src 'self'"), "{}", policy(page));
        assert!(!policy(page).contains("http") && !policy(page).contains('*'));
    }
}

#[tokio::test]
async fn health_version_and_readiness_are_told_to_everybody() {
    let site = Site::open().await;

    assert_eq!(site.get("/health").await.assert_status(200).text_of("status"), "pass");
    assert_eq!(site.get("/ready").await.assert_status(200).text_of("status"), "pass");
    let version = site.get("/version").await;
    assert_eq!((version.text_of("name"), version.text_of("version")), ("socle", "1.2.3"));
    let metrics = site.get("/metrics").await;
    assert!(metrics.text.ends_with("# EOF\n"), "{}", metrics.text);
    assert!(
        metrics.header("content-type").is_some_and(|it| it.starts_with("application/openmetrics"))
    );
}

#[tokio::test]
async fn a_process_without_its_database_lives_and_is_not_ready_until_it_is_back() {
    let site = Site::open().await;
    let name = &site.database.name;
    let elsewhere = server().await.admin("postgres");
    let mut server = PgConnection::connect_with(&elsewhere).await.expect("it answers");
    let admin = async |server: &mut _, sql: String| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(server).await.expect("it obeys");
    };
    site.get("/ready").await.assert_status(200);

    admin(&mut server, format!("alter database {name} allow_connections false")).await;
    let others = format!("datname = '{name}' and pid <> pg_backend_pid()");
    let end = format!("select pg_terminate_backend(pid) from pg_stat_activity where {others}");
    admin(&mut server, end).await;
    // A session ends a moment after it is told to.
    let away = ready_as(&site, 503).await;

    away.assert_problem(503, "unavailable");
    assert!(away.header("retry-after").is_some());
    site.get("/health").await.assert_status(200);
    admin(&mut server, format!("alter database {name} allow_connections true")).await;
    ready_as(&site, 200).await;
}

/// The answer of `/ready` once it has this status.
async fn ready_as(site: &Site, status: u16) -> Answer {
    let start = Instant::now();
    loop {
        let answer = site.get("/ready").await;
        if answer.status == status {
            return answer;
        }
        assert!(start.elapsed() < LONG, "{}", answer.text);
    }
}
