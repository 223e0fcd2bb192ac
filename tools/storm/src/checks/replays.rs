//! A request that is asked again is answered as the first time, to the letter.

use futures_util::future::try_join_all;

use super::Finding;
use crate::{
    Failed,
    load::{Answer, Asked, Book, Caller},
    world::World,
};

pub(super) async fn check(world: &World, books: &[Book]) -> Result<Vec<Finding>, Failed> {
    let all = try_join_all(books.iter().map(|it| check_one(world, it))).await?;
    Ok(all.into_iter().flatten().collect())
}

async fn check_one(world: &World, book: &Book) -> Result<Vec<Finding>, Failed> {
    let caller = Caller::of(&book.tenant, world.doors());
    let mut findings = Vec::new();
    for it in &book.asked {
        let Some(first) = &it.answer else { continue };
        if first.is_success() || it.act.keeps_refusals() {
            let again = caller.insist(&it.request).await?;
            findings.extend(compare(it, first, &again));
        }
    }
    Ok(findings)
}

/// A refusal names its request, which is another each time; its code is what is promised.
fn compare(asked: &Asked, first: &Answer, again: &Answer) -> Option<Finding> {
    let is_alike =
        if first.is_success() { first.body == again.body } else { first.code() == again.code() };
    if is_alike && again.is_replay && first.status == again.status {
        return None;
    }
    let says = format!("{} ({:?}): first {first:?}, then {again:?}", asked.key, asked.act);
    Some(Finding::new("replays", says))
}
