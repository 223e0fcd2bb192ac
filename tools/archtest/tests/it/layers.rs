//! Inside a module nothing points back.

use crate::world::{Draft, catches, spares};

const ROOT: &str = "mod domain; mod app; mod store; mod http; mod error;
    pub use app::Shops;
    pub use domain::{Shop, Name};
    pub use error::Error;";

fn shop(inside: &str, text: &str) -> [Draft; 1] {
    let draft = Draft::at("modules/loyalty/shop").source("src/lib.rs", ROOT);
    [draft.source(inside, text)]
}

#[test]
fn a_layer_that_reaches_back_is_caught() {
    for (inside, text) in [
        ("src/domain.rs", "use crate::store;"),
        ("src/domain/name.rs", "use super::super::app::Shops;"),
        ("src/domain.rs", "fn f() { super::http::routes() }"),
        ("src/store.rs", "use crate::{Error, app::Shops};"),
        ("src/store/find.rs", "fn f(shops: &crate::Shops) {}"),
        ("src/store.rs", "use crate::{Error, Shops};"),
        ("src/app.rs", "fn f() { log!(crate::jobs::NAME) }"),
        ("src/app.rs", "mod inner { use super::super::rpc; }"),
        ("src/app.rs", "use crate::{\ndomain::Shop, console};"),
    ] {
        let line = 1 + text.matches('\n').count();

        let place = format!("modules/loyalty/shop/{inside}:{line}");
        catches("layers", shop(inside, text), &[&place]);
    }
}

#[test]
fn the_way_forward_is_free() {
    for (inside, text) in [
        ("src/http.rs", "use crate::{Shop, Shops, app, store};"),
        ("src/app.rs", "use crate::{Error, Shop, store}; // not crate::http"),
        ("src/store.rs", "use crate::{Error, Shop, domain::Name};"),
        ("src/store/find.rs", "use super::app; use crate::domain::store;"),
        ("src/domain.rs", "/// See [`crate::app`].\nuse super::Error; use http::StatusCode;"),
        ("src/module.rs", "use crate::{app::Shops, http};"),
    ] {
        spares("layers", shop(inside, text));
    }
}
