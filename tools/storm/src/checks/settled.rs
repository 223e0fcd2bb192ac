//! Whatever nobody knew the end of is asked again, under its own key, until somebody says it.

use futures_util::future::try_join_all;

use super::{Finding, Seen};
use crate::{
    Failed,
    load::{Book, Caller},
    world::World,
};

pub(super) async fn settle(world: &World, books: &mut [Book]) -> Result<(), Failed> {
    try_join_all(books.iter_mut().map(|it| settle_one(world, it))).await?;
    Ok(())
}

async fn settle_one(world: &World, book: &mut Book) -> Result<(), Failed> {
    let caller = Caller::of(&book.tenant, world.doors());
    for it in book.asked.iter_mut().filter(|it| it.answer.is_none()) {
        it.answer = Some(caller.insist(&it.request).await?);
        it.sent += 1;
    }
    Ok(())
}

/// No storm is a reason to refuse what is in order.
pub(super) fn refusals(book: &Book, _: &Seen) -> Vec<Finding> {
    let answered = book.asked.iter().filter_map(|it| Some((it, it.answer.as_ref()?)));
    let refused = answered.filter(|(_, answer)| !answer.is_success());
    let wrong = refused.filter(|(it, answer)| !it.act.may_be_refused(&answer.code()));
    let finding = wrong.map(|(it, answer)| {
        let says = format!("{:?} was answered {}: {}", it.act, answer.status, answer.body);
        Finding::new("refusals", says)
    });
    finding.collect()
}
