//! Value moves between accounts, the same by both entrances.

use socle_books::{Bounds, Command, Refusal, Unit};
use socle_testkit::cx;

use crate::world::{ENTRANCES, World, account, amount, only, open, refusal, transfer};

#[tokio::test]
async fn a_transfer_moves_value_and_numbers_itself() {
    for by in ENTRANCES {
        let (world, cx) = (World::new().await, cx());
        let unit = Unit::new(&cx)
            .with(open(1, Bounds::NONE))
            .with(open(2, Bounds::NOT_NEGATIVE))
            .with(Command::Post(transfer(cx.new_id(), 1, 2, 70)));

        let first = world.submit(by, &cx, unit).await.expect("it is posted");
        let unit = Unit::new(&cx).with(Command::Post(transfer(cx.new_id(), 2, 1, 30)));
        let second = world.submit(by, &cx, unit).await.expect("it is posted");

        assert_eq!((only(&first).number, only(&second).number), (1, 2));
        let legs: Vec<_> =
            only(&second).legs.iter().map(|it| (it.account, it.seq, it.balance)).collect();
        assert_eq!(legs, [(account(2), 2, amount(40)), (account(1), 2, amount(-40))]);
    }
}

#[tokio::test]
async fn a_transfer_beyond_the_balance_changes_nothing() {
    for by in ENTRANCES {
        let (world, cx) = (World::new().await, cx());
        let unit = Unit::new(&cx)
            .with(open(1, Bounds::NONE))
            .with(open(2, Bounds::NOT_NEGATIVE))
            .with(Command::Post(transfer(cx.new_id(), 1, 2, 70)));
        world.submit(by, &cx, unit).await.expect("it is posted");

        let unit = Unit::new(&cx).with(Command::Post(transfer(cx.new_id(), 2, 1, 71)));
        let refused = refusal(world.submit(by, &cx, unit).await);

        let (available, asked) = (amount(70), amount(71));
        let expected = Refusal::Insufficient { account: account(2), available, asked };
        assert_eq!(refused, expected);
        assert_eq!(world.database.number("select count(*) from socle_shop.transfer").await, 1);
    }
}
