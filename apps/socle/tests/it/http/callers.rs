//! Who may call: every route is for those who have a key, and the scope.

use super::{rows::ROWS, site::Site};

const SCOPES: [&str; 4] = ["auth:keys", "ledger:admin", "ledger:read", "ledger:write"];

#[test]
fn every_route_refuses_whoever_has_no_key_that_is_in_force() {
    let site = Site::shared();
    let ended = site.ours.ended();
    let altered = format!("{}x", site.ours.key);
    let ours = &site.ours.key;
    let credentials = [
        "Bearer".to_owned(),
        format!("Basic {ours}"),
        format!("Bearer {ended}"),
        format!("Bearer {altered}"),
        format!("Bearer {}", ours.replace("ours", "theirs")),
        format!("Bearer {ours} {ours}"),
        "Bearer sk_ours_".to_owned(),
    ];

    for row in &ROWS {
        let right = site.right(row);
        let nobody = site.send(row, &right.clone().without("Authorization"));
        assert_eq!((nobody.status, nobody.code()), (401, "unauthenticated".to_owned()));
        assert!(nobody.header("www-authenticate").is_some(), "{nobody:?}");
        for credential in &credentials {
            let refused = site.send(row, &right.clone().header("Authorization", credential));
            assert_eq!(refused.status, 401, "{} with {credential}", row.path);
        }
    }
}

#[test]
fn every_route_refuses_a_key_that_has_all_scopes_but_its_own() {
    let site = Site::shared();
    let keys = SCOPES.map(|scope| {
        let others: Vec<_> = SCOPES.into_iter().filter(|it| *it != scope).collect();
        let name = format!("not-{}", scope.replace(':', "-"));
        (scope, site.place.key("ours", &[&name, "--scope", &others.join(",")]))
    });

    for row in ROWS.iter().filter(|it| it.scope.is_some()) {
        let (scope, key) = keys.iter().find(|it| Some(it.0) == row.scope).unwrap();
        let refused = site.send(row, &site.right(row).key(key));
        assert_eq!((refused.status, refused.code()), (403, "denied".to_owned()), "{}", row.path);
        assert!(refused.text.contains(scope), "{refused:?}");
    }
}
