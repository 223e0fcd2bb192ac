//! A PostgreSQL of somebody else's: reached by URL, with an administrator who is no superuser.

use std::fs;

use serde_json::json;
use socle_db::server::{Folder, Server, Settings};
use sqlx::{Connection, PgConnection};

use crate::place::{Place, sample};

/// Everybody but the superuser needs a password.
const DOOR: &str = "local all socle_admin trust\nlocal all all scram-sha-256\n";

/// A server whose administrator `boss` may create roles and owns one database.
async fn server(host: &Place) -> Server {
    let folder = Folder::try_new(host.data()).unwrap();
    let server = Server::start(&folder, &Settings::default()).await.unwrap();
    let mut superuser = PgConnection::connect_with(&server.admin("postgres")).await.unwrap();
    fs::write(host.data().join("pg/pg_hba.conf"), DOOR).unwrap();
    for sql in [
        "create role boss login createrole password 'secret'",
        "create database shop owner boss",
        "select pg_reload_conf()",
    ] {
        sqlx::raw_sql(sql).execute(&mut superuser).await.unwrap();
    }
    server
}

#[tokio::test]
async fn an_administrator_without_superuser_is_enough() {
    let (host, mut place) = (Place::new(), Place::new());
    let server = server(&host).await;
    let url = server.url("shop").replace("socle_admin@", "boss:secret@");
    place.variables.push(("DATABASE_URL", url.clone()));

    place.ask(&["demo"]);
    let report = place.ask(&["import", "purchases", sample().to_str().unwrap()]);

    assert_eq!((&report["imported"], &report["points"]), (&json!(6_919), &json!(239_444)));
    assert_eq!(place.ask(&["demo"])["changed"], false);
    let verdict = place.ask(&["ledger", "verify"]);
    assert_eq!((&verdict["conserved"], &verdict["differences"]), (&json!(true), &json!([])));
    let doctor = place.run(&["doctor"]);
    assert_eq!(doctor.code, Some(0), "{doctor:?}");
    assert!(!doctor.stdout.contains("secret"), "{doctor:?}");
    let status = place.ask(&["status"]);
    assert_eq!((&status["running"], &status["database_url"]), (&json!(true), &json!(url)));
    assert_eq!(place.psql("select current_user"), "boss");
    assert!(place.run(&["status"]).stdout.contains("boss:***@"));
    let serving = place.ask(&["serve", "--detach"]);
    assert_eq!(place.ask(&["status"])["url"], serving["url"]);
    assert_eq!(place.ask(&["stop"])["pid"], serving["pid"]);
    assert_eq!(place.ask(&["status"])["url"], json!(null));

    another_folder_needs_the_login(&mut place, &server);
    server.stop().await.unwrap();
}

/// A second machine: told how to log in it comes in, and leaves the first one's password alone.
fn another_folder_needs_the_login(place: &mut Place, server: &Server) {
    let password = fs::read_to_string(place.data().join("app-password")).unwrap();
    let login = format!("socle_app:{}@", password.trim_end());
    let mut second = Place::new();
    second.variables.clone_from(&place.variables);
    let app = server.url("shop").replace("socle_admin@", &login);
    second.variables.push(("SOCLE_APP_URL", app.clone()));

    assert_eq!(second.ask(&["demo"])["changed"], false);

    assert_eq!(place.ask(&["demo"])["changed"], false);
    second.variables.pop();
    second.variables.push(("SOCLE_APP_URL", app.replace(password.trim_end(), "wrong")));
    second.run(&["demo"]).refused(5, &["password authentication failed", "SOCLE_APP_URL"]);
}
