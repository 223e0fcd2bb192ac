//! Looking at events as they come.

use socle_events::{
    Start,
    tail::{Filter, Tail},
};

use crate::world::{World, soup, tenant};

#[tokio::test]
async fn a_tail_shows_what_comes_from_where_it_was_opened() {
    let world = World::new().await;
    world.serves(&world.cx(), &[soup("a", 1)]).await;
    let open = async |start| {
        Tail::open(world.kitchen.clone(), Filter::default(), start).await.expect("opened")
    };
    let (mut all, mut new) = (open(Start::Earliest).await, open(Start::Now).await);

    let before = (all.next().await.expect("read").len(), new.next().await.expect("read").len());
    world.serves(&world.cx(), &[soup("a", 2), soup("a", 3)]).await;
    new.changed().await;
    let after = (all.next().await.expect("read").len(), new.next().await.expect("read").len());

    assert_eq!((before, after), ((1, 0), (2, 2)));
    assert!(all.next().await.expect("read").is_empty());
}

#[tokio::test]
async fn a_tail_shows_what_was_asked_for() {
    let world = World::new().await;
    for n in 1..=3 {
        let cx = world.cx().in_tenant(tenant(n));
        world.serves(&cx, &[soup("a", i64::try_from(n).expect("small"))]).await;
    }
    let seen = async |filter| {
        let mut tail = Tail::open(world.kitchen.clone(), filter, Start::Earliest).await;
        tail.as_mut().expect("opened").next().await.expect("read").len()
    };

    let of_one = Filter { tenant: Some(tenant(2)), types: None };
    let of_type = |it: &str| Filter { tenant: None, types: Some(vec![it.to_owned()]) };

    assert_eq!(seen(of_one).await, 1);
    assert_eq!(seen(of_type("kitchen.dish.served")).await, 3);
    assert_eq!(seen(of_type("kitchen.dish.spilt")).await, 0);
}
