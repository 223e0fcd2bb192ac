//! Programmes: what a purchase earns, and for how long.

use socle_kernel::{Amount, Common, Money, Timestamp};
use socle_ledger::{EarnRate, Error, NewProgramme, Programme, Rounding};

use crate::world::{World, amount, code, currency, dollars, rules};

#[tokio::test]
async fn a_programme_is_found_again_and_has_its_system_accounts() {
    let world = World::new().await;
    let rules = NewProgramme { life_months: None, rounding: Rounding::Up, ..rules("Another") };

    let made = world.ledger.define_programme(&world.cx, rules.clone()).await.expect("made");

    assert_eq!((&made.rules, made.created_at), (&rules, world.cx.now));
    assert_eq!(world.ledger.programme(&world.cx, made.id).await.expect("found"), made);
    let all = world.ledger.programmes(&world.cx).await.expect("a list");
    assert_eq!(all, [world.programme.clone(), made]);
    let system = world.system();
    for new in [system.issuance, system.liability, system.settlement, system.breakage] {
        let account = world.ledger.account(&world.cx, new.id).await.expect("an account");
        assert_eq!((account.owner, account.purpose), (new.owner, new.purpose));
        assert_eq!((account.asset, account.side), (world.programme.asset(), new.side));
        assert_eq!((account.bounds, account.balance), (new.bounds, Amount::ZERO));
    }
}

#[tokio::test]
async fn a_name_is_taken_once_and_the_second_leaves_no_account() {
    let world = World::new().await;

    let refused = world.ledger.define_programme(&world.cx, rules("Points")).await;

    assert_eq!(code(refused), "ledger.programme-name-taken");
    assert_eq!(world.database.number("select count(*) from socle_ledger.programme").await, 1);
    assert_eq!(world.database.number("select count(*) from socle_ledger.account").await, 4);
}

#[tokio::test]
async fn rules_that_make_no_sense_are_refused() {
    let world = World::new().await;
    let rate = |points, per_units| EarnRate { points, per_units };
    let wrong = [
        NewProgramme { rate: rate(0, 1), ..rules("a") },
        NewProgramme { rate: rate(1, 0), ..rules("b") },
        NewProgramme { minimum: amount(-1), ..rules("c") },
        NewProgramme { worth: amount(-1), ..rules("d") },
        NewProgramme { life_months: Some(0), ..rules("e") },
    ];

    for rules in wrong {
        let refused = world.ledger.define_programme(&world.cx, rules).await;
        assert_eq!(code(refused), "ledger.programme-invalid");
    }

    let found = world.ledger.programmes(&world.cx).await.expect("a list");
    assert_eq!(found, [world.programme]);
}

#[tokio::test]
async fn an_unknown_programme_is_not_found() {
    let world = World::new().await;

    let missing = world.ledger.programme(&world.cx, world.cx.new_id()).await;

    assert!(matches!(missing, Err(Error::Common(Common::NotFound(_)))), "{missing:?}");
}

#[tokio::test]
async fn points_are_rounded_once_and_as_the_programme_says() {
    let world = World::new().await;
    let table = [
        // Code, points per units, sum; points rounded down, half up, up.
        ("USD", (1, 1), "0.00", [0, 0, 0]),
        ("USD", (1, 1), "0.49", [0, 0, 1]),
        ("USD", (1, 1), "0.50", [0, 1, 1]),
        ("USD", (1, 1), "29.33", [29, 29, 30]),
        ("USD", (1, 1), "30.00", [30, 30, 30]),
        ("USD", (3, 10), "3.33", [0, 1, 1]),
        ("USD", (3, 10), "29.33", [8, 9, 9]),
        ("USD", (3, 10), "10.00", [3, 3, 3]),
        ("JPY", (1, 100), "149", [1, 1, 2]),
        ("JPY", (1, 100), "150", [1, 2, 2]),
        ("TND", (1, 1), "1.499", [1, 1, 2]),
        ("TND", (1, 1), "1.500", [1, 2, 2]),
        ("TND", (5, 2), "0.001", [0, 0, 1]),
    ];

    for (code, (points, per_units), sum, expected) in table {
        let earned = [Rounding::Down, Rounding::HalfUp, Rounding::Up].map(|rounding| {
            let (currency, rate) = (currency(code), EarnRate { points, per_units });
            let rules = NewProgramme { currency, rate, rounding, ..rules("any") };
            let programme = Programme { rules, ..world.programme.clone() };
            let sum = Money::parse(sum, currency).expect("a sum");
            programme.points_for(sum).expect("points").minor()
        });
        assert_eq!(earned, expected, "{points} per {per_units} {code} of {sum}");
    }
}

#[tokio::test]
async fn a_purchase_below_the_minimum_earns_nothing() {
    let rules = NewProgramme { minimum: amount(1_000), ..rules("From ten dollars") };
    let programme = World::with(rules).await.programme;

    let earned = ["9.99", "10.00", "10.01"].map(|it| programme.points_for(dollars(it)));

    let earned = earned.map(|it| it.expect("points").minor());
    assert_eq!(earned, [0, 10, 10]);
}

#[tokio::test]
async fn another_currency_and_a_sum_too_large_are_refused() {
    let programme = World::new().await.programme;
    let rate = EarnRate { points: u32::MAX, per_units: 1 };
    let rules = NewProgramme { rate, ..programme.rules.clone() };
    let generous = Programme { rules, ..programme.clone() };
    let most = Money { amount: Amount::MAX, currency: currency("USD") };
    let euros = Money { currency: currency("EUR"), ..dollars("1") };

    assert_eq!(code(programme.points_for(euros)), "ledger.currency-differs");
    assert_eq!(code(generous.points_for(most)), "ledger.amount-too-large");
    assert_eq!(programme.points_for(most).expect("points").minor(), i64::MAX / 100);
}

#[tokio::test]
async fn points_expire_at_the_start_of_a_day_some_months_later() {
    let world = World::new().await;
    let table = [
        ("1997-01-18T00:00:00Z", 12, "1998-01-18T00:00:00Z"),
        ("1997-01-18T23:59:59.999999Z", 12, "1998-01-18T00:00:00Z"),
        ("2029-01-31T08:00:00Z", 1, "2029-02-28T00:00:00Z"),
        ("2028-01-31T08:00:00Z", 1, "2028-02-29T00:00:00Z"),
        ("2028-02-29T08:00:00Z", 12, "2029-02-28T00:00:00Z"),
        ("2029-08-31T08:00:00Z", 1, "2029-09-30T00:00:00Z"),
        ("2029-12-31T08:00:00Z", 2, "2030-02-28T00:00:00Z"),
    ];

    for (earned, months, expected) in table {
        let rules = NewProgramme { life_months: Some(months), ..rules("any") };
        let programme = Programme { rules, ..world.programme.clone() };
        let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
        assert_eq!(programme.expiry(moment(earned)), Some(moment(expected)), "{earned}");
    }
    let rules = NewProgramme { life_months: None, ..rules("for ever") };
    let lasting = Programme { rules, ..world.programme.clone() };
    assert_eq!(lasting.expiry(world.cx.now), None);
}

#[tokio::test]
async fn what_points_are_worth_is_rounded_down() {
    let programme = World::new().await.programme;

    let values = [0, 1, 99, 100, 1_000].map(|it| programme.value_of(amount(it)));

    let values = values.map(|it| it.expect("a value").minor());
    assert_eq!(values, [0, 1, 99, 100, 1_000]);
    let rules = NewProgramme { worth: amount(5), ..programme.rules.clone() };
    let cheap = Programme { rules, ..programme };
    assert_eq!(cheap.value_of(amount(399)).expect("a value").minor(), 1);
}
