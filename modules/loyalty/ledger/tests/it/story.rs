//! The story that `docs/ledger.md` tells.

use crate::world::{ALICE, World, amount, balance, day, noon, rules};

#[tokio::test]
async fn the_story_that_the_document_tells_is_true() {
    let mut world = World::new().await;
    let begin = world.cx.at(day("1997-01-01").start());
    let programme = world.ledger.define_programme(&begin, rules("Story")).await;
    world.programme = programme.expect("a programme");
    let (points, debt) = (world.customers(ALICE).points.id, world.customers(ALICE).debt.id);
    let system = world.system();
    let accounts = [system.issuance.id, points, debt, system.settlement.id, system.breakage.id];
    let on = |date: &str| world.cx.at(day(date).start());
    let first = world.purchase(ALICE, "1997-01-18", "29.33");
    let second = world.purchase(ALICE, "1997-03-20", "5.00");
    let spending = world.spending(ALICE, 20);
    let refund = world.refund_of(first.id, "10.00");

    let (ledger, programme) = (&world.ledger, &world.programme);
    ledger.earn(&on("1997-01-18"), programme, first).await.expect("points are given");
    ledger.burn(&on("1997-03-01"), programme, spending).await.expect("spent");
    ledger.refund(&on("1997-03-10"), refund).await.expect("refunded");
    ledger.earn(&on("1997-03-20"), programme, second).await.expect("points are given");
    ledger.expire_due(&on("1998-03-20")).await.expect("recorded");

    let journal = ledger.journal(&world.cx, 0, 10).await.expect("the journal");
    let told = journal.iter().map(|posted| {
        let of = |id| posted.legs.iter().find(|it| it.account == id).map(|it| it.amount.minor());
        (posted.effective_at.day().to_string(), accounts.map(|it| of(it).unwrap_or(0)))
    });
    let row = |date: &str, amounts| (date.to_owned(), amounts);
    let expected = [
        row("1997-01-18", [-29, 29, 0, 0, 0]),
        row("1997-03-01", [0, -20, 0, 20, 0]),
        row("1997-03-10", [10, -9, -1, 0, 0]),
        row("1997-03-20", [-5, 4, 1, 0, 0]),
        row("1998-03-20", [0, -4, 0, 0, 4]),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    let mut balances = Vec::new();
    for account in accounts {
        balances.push(world.held_by(account).await);
    }
    assert_eq!(balances, [-24, 0, 0, 20, 4]);
    let last = world.balance_at(ALICE, noon("1998-03-19")).await;
    assert_eq!(last.available, amount(4));
    assert_eq!(world.balance_at(ALICE, noon("1998-03-20")).await.available, amount(0));
    assert_eq!(balance([0; 5]), world.balance_at(ALICE, noon("1997-01-17")).await);
}
