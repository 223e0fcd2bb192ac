//! Damage that the checks must find: a tool that can find nothing proves nothing.
//!
//! Some is done to the database of a world in which nothing broke, some to what the clients
//! remember, which is how a lost or a doubled effect looks from outside.

use std::{collections::BTreeSet, path::Path};

use crate::{
    Failed,
    checks::{self, Finding},
    load::{Act, Answer, Asked, Book},
    report::say,
    round::Round,
    schedule::Schedule,
    world::{Template, World},
};

/// Damage, and the checks that must notice.
struct Plant {
    what: &'static str,
    done: Done,
    shows: &'static [&'static str],
}

enum Done {
    /// To what the clients remember.
    ToMemory(fn(&mut [Book])),
    /// To the database; it stays.
    ToDatabase(&'static str),
}

const PLANTS: &[Plant] = &[
    Plant {
        what: "a spending took effect and no client asked for it",
        done: Done::ToMemory(|books| forget(books, |it| matches!(it, Act::Burn { .. }))),
        shows: &["accounts", "journal"],
    },
    Plant {
        what: "an adjustment was acknowledged and is not there",
        done: Done::ToMemory(|books| {
            repeat(books, |it| matches!(it, Act::Adjust { .. }), |id| format!("{id}0"));
        }),
        shows: &["accounts", "journal"],
    },
    Plant {
        what: "two requests were answered with one effect",
        done: Done::ToMemory(|books| {
            repeat(books, |it| matches!(it, Act::Burn { .. }), str::to_owned);
        }),
        shows: &["accounts", "journal"],
    },
    Plant {
        what: "a transaction is not as it was told",
        done: Done::ToMemory(|books| {
            let asked = first(books, |it| matches!(it, Act::Burn { .. }));
            let answer = asked.answer.as_mut().expect("it was answered");
            answer.body = answer.body.replacen("\"seq\":", "\"seq\":1", 1);
        }),
        shows: &["journal"],
    },
    Plant {
        what: "a hold that was acknowledged as void is open",
        done: Done::ToMemory(|books| {
            let (book, mut asked, hold) = open_hold(books).expect("one is open");
            asked.act = Act::Void { hold };
            book.asked.push(asked);
        }),
        shows: &["accounts", "holds"],
    },
    Plant {
        what: "a programme is there twice",
        done: Done::ToMemory(|books| forget(books, |it| matches!(it, Act::Define { .. }))),
        shows: &["programmes"],
    },
    Plant {
        what: "what is in order was refused",
        done: Done::ToMemory(|books| {
            let asked = first(books, |it| matches!(it, Act::Define { .. }));
            asked.answer.as_mut().expect("it was answered").status = 409;
        }),
        shows: &["programmes", "refusals"],
    },
    Plant {
        what: "the keys of requests are forgotten",
        done: Done::ToDatabase(
            "delete from socle_ledger.idempotency
             where expires_at is not null and transfers <> '{}'",
        ),
        shows: &["replays"],
    },
    Plant {
        what: "an event was heard twice",
        done: Done::ToDatabase(
            "insert into socle_storm.heard (tenant_id, event_id, partitionkey, sequence)
             select tenant_id, event_id, partitionkey, sequence from socle_storm.heard limit 1",
        ),
        shows: &["witness"],
    },
    Plant {
        what: "a job was done twice",
        done: Done::ToDatabase(
            "insert into socle_storm.echo select * from socle_storm.echo limit 1",
        ),
        shows: &["witness"],
    },
    Plant {
        what: "an event is gone",
        done: Done::ToDatabase("delete from socle_ledger.outbox where sequence = 2"),
        shows: &["verify"],
    },
    Plant {
        what: "a balance is another",
        done: Done::ToDatabase(
            "update socle_ledger.account set balance = balance + 1 where purpose = 'points'",
        ),
        shows: &["accounts", "verify"],
    },
    Plant {
        what: "a purchase was given back and nobody asked for it",
        done: Done::ToDatabase(
            "update socle_ledger.purchase set refunded = refunded + 1 where refunded < amount",
        ),
        shows: &["purchases"],
    },
];

/// Whether every check finds what is planted for it, and nothing before.
pub(crate) async fn find_all(template: &Template, folder: &Path) -> Result<bool, Failed> {
    let world = World::open(template, folder.join("r")).await?;
    let found = find_each(&world).await;
    world.close(None).await?;
    found
}

async fn find_each(world: &World) -> Result<bool, Failed> {
    let round = Round { seed: 0, number: 0 };
    let (mut books, _) = round.load(world, &Schedule::calm()).await?;
    checks::settle(world, &mut books).await?;
    let found = checks::run(world, &books).await?;
    if let Some(first) = found.first() {
        return Err(Failed(format!("nothing is planted yet, and there is {first}")));
    }
    let (mut before, mut is_well) = (BTreeSet::new(), true);
    for plant in PLANTS {
        let mut remembered = books.clone();
        let kept = before.clone();
        match plant.done {
            Done::ToMemory(lie) => lie(&mut remembered),
            Done::ToDatabase(sql) => world.postgres.execute(sql).await?,
        }
        let findings: BTreeSet<Finding> =
            checks::run(world, &remembered).await?.into_iter().collect();
        let new: BTreeSet<_> = findings.difference(&kept).map(|it| it.check).collect();
        let is_found = plant.shows.iter().all(|it| new.contains(it));
        is_well &= is_found;
        let verdict = if is_found { "found" } else { "NOT FOUND" };
        say(&format!("{verdict}: {}; by {new:?}, expected {:?}", plant.what, plant.shows))?;
        if matches!(plant.done, Done::ToDatabase(_)) {
            before = findings;
        }
    }
    Ok(is_well)
}

/// The first request of a kind that took effect.
fn first(books: &mut [Book], is_it: fn(&Act) -> bool) -> &mut Asked {
    let (book, place) = place(books, is_it);
    &mut book.asked[place]
}

fn place(books: &mut [Book], is_it: fn(&Act) -> bool) -> (&mut Book, usize) {
    let took_effect = |it: &Asked| it.answer.as_ref().is_some_and(Answer::is_success);
    let place = |it: &Book| it.asked.iter().position(|it| is_it(&it.act) && took_effect(it));
    let found = books.iter_mut().find_map(|it| Some((place(it)?, it)));
    let (place, book) = found.expect("the load has some of every kind");
    (book, place)
}

/// A hold about which nothing was asked since.
fn open_hold(books: &mut [Book]) -> Option<(&mut Book, Asked, String)> {
    for book in books {
        let holds = book.done().filter(|(asked, _)| matches!(asked.act, Act::Hold { .. }));
        let id = |answer: &Answer| answer.json()["id"].as_str().map(str::to_owned);
        let holds = holds.filter_map(|(asked, answer)| Some((asked.clone(), id(answer)?)));
        let is_open = |id: &str| {
            let about = |it: &Asked| match &it.act {
                Act::Capture { hold, .. } | Act::Void { hold } => hold == id,
                _ => false,
            };
            !book.asked.iter().any(about)
        };
        let found = holds.into_iter().find(|(_, id)| is_open(id));
        if let Some((asked, id)) = found {
            return Some((book, asked, id));
        }
    }
    None
}

fn forget(books: &mut [Book], is_it: fn(&Act) -> bool) {
    let (book, place) = place(books, is_it);
    book.asked.remove(place);
}

/// The same once more, as another transaction.
fn repeat(books: &mut [Book], is_it: fn(&Act) -> bool, id: fn(&str) -> String) {
    let (book, place) = place(books, is_it);
    let mut asked = book.asked[place].clone();
    let answer = asked.answer.as_mut().expect("it was answered");
    let told = answer.json()["id"].as_str().unwrap_or_default().to_owned();
    answer.body = answer.body.replace(&told, &id(&told));
    book.asked.push(asked);
}
