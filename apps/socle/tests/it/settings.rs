//! Settings: the flag wins over the variable, the variable over the file, and that over the
//! default.

use serde_json::{Value, json};

use crate::place::Place;

fn setting(place: &Place, arguments: &[&str], name: &str) -> (Value, Value) {
    let all = place.ask(&[&["config"], arguments].concat());
    let all = all["settings"].as_array().unwrap().clone();
    let found = all.into_iter().find(|it| it["name"] == name).unwrap();
    (found["value"].clone(), found["source"].clone())
}

#[test]
fn a_setting_comes_from_the_flag_the_variable_the_file_or_the_default() {
    let mut place = Place::new();
    let file = place.file("here.toml", "tenant = \"of-the-file\"\ncors_origins = [\"a\", \"b\"]\n");
    let config = ["--config", file.as_str()];

    assert_eq!(setting(&place, &[], "tenant"), (json!("demo"), json!("default")));
    assert_eq!(setting(&place, &config, "tenant"), (json!("of-the-file"), json!("file")));
    assert_eq!(setting(&place, &config, "cors_origins"), (json!("a,b"), json!("file")));
    place.variables.push(("SOCLE_TENANT", "of-the-variable".to_owned()));
    let of_variable = (json!("of-the-variable"), json!("environment"));
    assert_eq!(setting(&place, &config, "tenant"), of_variable);
    let typed = [&config[..], &["--tenant", "typed"]].concat();
    assert_eq!(setting(&place, &typed, "tenant"), (json!("typed"), json!("flag")));
}

#[test]
fn the_file_of_the_data_folder_is_read_without_being_named() {
    let place = Place::with_demo();
    std::fs::write(place.data().join("socle.toml"), "log = \"error\"\n").unwrap();

    assert_eq!(setting(&place, &[], "log"), (json!("error"), json!("file")));
}

#[test]
fn secrets_are_hidden() {
    let place = Place::new();
    let url = "database_url = \"postgresql://boss:sesame@db/shop\"";
    let file = place.file("secret.toml", url);

    let shown = place.run(&["config", "--config", &file]);

    assert!(shown.stdout.contains("boss:***@db") && !shown.stdout.contains("sesame"), "{shown:?}");
}

#[test]
fn a_file_that_cannot_be_meant_is_refused_with_what_may_be() {
    let place = Place::new();
    let refused = |content: &str, words: &[&str]| {
        let file = place.file("wrong.toml", content);
        place.run(&["config", "--config", &file]).refused(2, words);
    };

    refused("lisen = \"127.0.0.1:1\"", &["no setting is called `lisen`", "did you mean `listen`?"]);
    refused("zzz = 1", &["no setting is called `zzz`", "settings are tenant, listen"]);
    refused("tenant = \"a\"\nlog = = 2", &["wrong.toml, line 2"]);
    refused("tenant = { a = 1 }", &["`tenant` is text, a number or a list of texts"]);
    place.run(&["config", "--config", "/nowhere.toml"]).refused(2, &["/nowhere.toml"]);
    place.run(&["config", "--config="]).refused(2, &["--config is empty"]);
}

#[test]
fn what_cannot_be_listened_at_or_traced_is_refused_before_anything_starts() {
    let mut place = Place::new();

    place.run(&["serve", "--listen", "here"]).refused(2, &["`here` is no address", "next:"]);
    place.run(&["serve", "--listen", "192.0.2.1:1"]).refused(4, &["could not listen at 192.0.2.1"]);
    place.variables.push(("SOCLE_TRACED", "2".to_owned()));
    place.run(&["status"]).refused(2, &["`2` is no share"]);

    assert!(!place.data().exists(), "nothing was made");
}
