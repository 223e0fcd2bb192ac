//! What holds after any sequence of use cases, whatever became of each.

mod play;

use std::{cell::Cell, time::Duration};

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use socle_kernel::Id;
use uuid::Uuid;

use crate::world::{World, day};
use play::{CUSTOMERS, Play, Step, steps};

/// A sequence is some 40 use cases on a real database.
const CASES: u32 = 24;

#[test]
fn any_sequence_keeps_every_point_in_one_place_and_recording_expiry_changes_no_balance() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let world = runtime.block_on(World::new());
    let tenants = Cell::new(0xF00_u128);
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };

    let outcome = TestRunner::new(config).run(&steps(), |steps| {
        tenants.set(tenants.get() + 1);
        let cx = world.cx.in_tenant(Id::from_uuid(Uuid::from_u128(tenants.get())));
        runtime.block_on(async {
            let mut play = Play::begin(&world, cx).await;
            for step in steps {
                play.step(step).await?;
            }
            check(&mut play).await
        })
    });

    outcome.unwrap_or_else(|it| panic!("{it}"));
    // The server outlives the test, its connections do not.
    runtime.block_on(async { drop(world) });
}

async fn check(play: &mut Play<'_>) -> Result<(), TestCaseError> {
    let books = play.purposes().await;
    let of = |purpose: &str| books.get(purpose).copied().unwrap_or_default();
    let kept = of("points") + of("liability") + of("settlement") + of("breakage");
    prop_assert_eq!(-of("issuance"), kept - -of("debt"));
    prop_assert_eq!(-of("issuance"), play.given().await, "issuance is what was given");
    prop_assert!(0 <= of("points") && of("debt") <= 0 && 0 <= of("liability"));
    for whose in CUSTOMERS {
        let lots = play.open_points(whose).await;
        prop_assert_eq!(play.balance(whose, play.cx.now).await.available.minor(), lots);
    }

    // Asked before and after at one moment: what the clock has ended does not count either way.
    for days in [0, 40, 400] {
        play.step(Step::Wait { days }).await?;
        let before = seen(play).await;
        for _ in 0..2 {
            play.step(Step::Expire).await?;
            let after = seen(play).await;
            let changed = before.iter().zip(&after).find(|(before, after)| before != after);
            prop_assert!(changed.is_none(), "recording expiry changed {:?}", changed);
        }
    }
    let differences = play.verified().await;
    prop_assert!(differences.is_empty(), "{:?}", differences);
    Ok(())
}

/// Everything that is told of the past and the future, line by line.
async fn seen(play: &Play<'_>) -> Vec<String> {
    let (first, last) = (day("2028-11-15"), day("2031-12-31"));
    let mut lines = Vec::new();
    let mut on = first;
    while on < last {
        let noon = on.start().after(Duration::from_hours(12));
        for whose in CUSTOMERS {
            lines.push(format!("{whose} {noon} {:?}", play.balance(whose, noon).await));
        }
        lines.push(format!("totals {on} {:?}", play.totals(on).await));
        on = on.plus_days(71);
    }
    lines.extend(play.owed(first, last).await.iter().map(|it| format!("{it:?}")));
    lines
}
