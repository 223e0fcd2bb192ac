//! Amounts and money never overflow, wrap or round in silence.

use proptest::prelude::*;
use socle_kernel::{Amount, Currency, Money, MoneyError, TooLarge};

proptest! {
    #[test]
    fn sums_are_exact_or_refused(one: i64, other: i64) {
        let (Ok(a), Ok(b)) = (Amount::try_new(one), Amount::try_new(other)) else {
            prop_assert!(one == i64::MIN || other == i64::MIN);
            return Ok(());
        };
        let exact = i128::from(one) + i128::from(other);
        let fits = exact.unsigned_abs() <= u128::from(i64::MAX.unsigned_abs());

        let expected = if fits { Ok(exact) } else { Err(TooLarge) };
        prop_assert_eq!(a.plus(b).map(|it| i128::from(it.minor())), expected);
        prop_assert_eq!(a.minus(-b), a.plus(b));
        prop_assert_eq!((-(-a)).minor(), one);
    }

    #[test]
    fn money_is_read_as_it_is_printed(minor in -1_000_000_000_i64..1_000_000_000) {
        for code in ["USD", "JPY", "TND"] {
            let currency = Currency::try_new(code).expect("a currency");
            let money = Money { amount: Amount::try_new(minor).expect("an amount"), currency };
            let printed = money.to_string();
            let number = printed.strip_suffix(&format!(" {code}")).expect("it ends in its code");

            prop_assert_eq!(Money::parse(number, currency), Ok(money));
        }
    }
}

#[test]
fn money_has_no_more_decimals_than_its_currency() {
    let usd = Currency::try_new("USD").expect("a currency");
    let minor = |text| Money::parse(text, usd).map(|it| it.amount.minor());

    assert_eq!(minor("29.33"), Ok(2_933));
    assert_eq!(minor("29.3300"), Ok(2_933));
    assert_eq!(minor("29"), Ok(2_900));
    assert_eq!(minor("-0.05"), Ok(-5));
    for bad in ["29.333", "", ".5", "5.", "1e3", "1,000", "+5", "--5", "٣", "0x1F", "5 "] {
        assert_eq!(minor(bad), Err(MoneyError::Sum { decimals: 2 }), "{bad:?}");
    }
    assert_eq!(minor("92233720368547758.08"), Err(MoneyError::TooLarge));
    assert_eq!(Currency::try_new("XYZ").map(drop), Err(MoneyError::Currency));
}

#[test]
fn an_amount_is_a_whole_number_within_its_range() {
    assert_eq!("9223372036854775807".parse(), Ok(Amount::MAX));
    for bad in ["9223372036854775808", "-9223372036854775808", "1.5", "", "1e3"] {
        assert!(bad.parse::<Amount>().is_err(), "{bad}");
    }
    assert!(serde_json::from_str::<Amount>("-9223372036854775808").is_err());
    assert_eq!(serde_json::from_str::<Amount>("-7").expect("JSON").minor(), -7);
    assert_eq!(Amount::sum([Amount::MAX, Amount::from(1)]), Err(TooLarge));
}
