//! Names that are refused: said why, and what to do next.

use std::process::Command;

use crate::place::{Place, Reply};

#[test]
fn a_refused_name_is_followed_by_a_step() {
    let place = Place::served();

    for name in ["Bad Name", "corner_shop", ""] {
        let words = ["lower-case letters, digits and dashes", "tenant create corner-shop-2 --name"];
        place.run(&["tenant", "create", name]).refused(2, &words);
    }
    let shape = ["begins with a letter", "next: choose another handle: a handle has lower-case"];
    place.run(&["tenant", "create", "9shop"]).refused(2, &shape);
    let taken = ["next: choose another handle", "tenant list` has those"];
    place.run(&["tenant", "create", "demo"]).refused(1, &taken);
    let define = ["ledger", "programme", "define", "points"];
    place.run(&define).refused(1, &["another programme has this name", "next: see what stands"]);
}

#[test]
fn without_words_the_program_prints_the_help_that_teaches() {
    let reply = Reply::of(&mut Command::new(env!("CARGO_BIN_EXE_socle")));

    assert_eq!(reply.code, Some(2), "{reply:?}");
    let said = reply.stdout + &reply.stderr;
    assert!(said.contains("First steps:") && said.contains("Exit codes:"), "{said}");
}
