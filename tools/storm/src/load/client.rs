//! One client: asks for one thing after the other, whatever becomes of it, and goes on from what it
//! was told.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{
    Act, Answer, Asked, Caller,
    act::{Counter, Customer, points_for},
};
use crate::{Failed, dice::Dice, world::Tenant};

/// Customers whom all clients of a merchant serve, and those whom one alone does.
const HOT: usize = 2;
const COLD: usize = 2;

/// What a customer buys first, in cents.
const FIRST: i64 = 40_000;

/// What the clients of a merchant share: who is served, and where what is spent goes.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    hot: Vec<Customer>,
    settlement: String,
}

/// A client, and what it knows to exist.
pub(crate) struct Client {
    caller: Caller,
    tenant: Tenant,
    named: String,
    settlement: String,
    dice: Dice,
    customers: Vec<Customer>,
    purchases: Vec<Purchase>,
    /// Transactions that can be undone: of which customer, and what they gave.
    undoable: Vec<Undoable>,
    holds: Vec<(String, String)>,
    asked: Vec<Asked>,
}

struct Purchase {
    name: String,
    customer: String,
    left: i64,
}

struct Undoable {
    customer: String,
    transaction: String,
    gave: i64,
    from: Counter,
    /// What it was for: one that is given back in part is not undone.
    purchase: Option<String>,
}

/// The customers of all clients of a merchant, and a first spending: whose requests they were.
pub(crate) async fn open_hot(
    caller: Caller,
    tenant: &Tenant,
    round: u64,
) -> Result<(Vec<Asked>, Shared), Failed> {
    let named = format!("r{round}-{}", tenant.handle);
    let nobody = Shared { hot: Vec::new(), settlement: String::new() };
    let mut first = Client::new((caller, tenant), named, nobody, Dice::of(0, round, 0));
    for _ in 0..HOT {
        first.first_purchase("hot").await?;
    }
    let customer = first.customers[0].name.clone();
    let spent = first.ask_calmly(Act::Burn { customer, points: 1 }).await?;
    let settlement = leg(&spent.json(), |amount| 0 < amount)?;
    Ok((first.asked, Shared { hot: first.customers, settlement }))
}

impl Client {
    pub(crate) fn new(
        (caller, tenant): (Caller, &Tenant),
        named: String,
        shared: Shared,
        dice: Dice,
    ) -> Self {
        Self {
            caller,
            tenant: tenant.clone(),
            named,
            settlement: shared.settlement,
            dice,
            customers: shared.hot,
            purchases: Vec::new(),
            undoable: Vec::new(),
            holds: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Its own customers buy something.
    pub(crate) async fn open(&mut self) -> Result<(), Failed> {
        for _ in 0..COLD {
            self.first_purchase("cold").await?;
        }
        Ok(())
    }

    /// Takes what was asked for all clients into its own account of things.
    pub(crate) fn keep(&mut self, asked: Vec<Asked>) {
        self.asked.extend(asked);
    }

    /// Asks until the time is over; tells for whom, and what.
    pub(crate) async fn run(mut self, until: Instant) -> (&'static str, Vec<Asked>) {
        while Instant::now() < until {
            let act = self.choose();
            let place = self.write_down(act);
            let door = self.dice.place(2);
            self.send(place, door).await;
            // Some try again at once, at the other door, where the first try may still be at work.
            if self.asked[place].answer.is_none() && self.dice.is(50) {
                self.send(place, door + 1).await;
            }
            self.learn(place);
            sleep(Duration::from_millis(self.dice.between(20, 120))).await;
        }
        (self.tenant.handle, self.asked)
    }

    async fn first_purchase(&mut self, kind: &str) -> Result<(), Failed> {
        let name = format!("{}-{kind}{}", self.named, self.customers.len());
        let purchase = format!("{name}-first");
        let act = Act::Earn { customer: name.clone(), purchase, cents: FIRST };
        let earned = self.ask_calmly(act).await?;
        let account = leg(&earned.json()["transaction"], |amount| 0 < amount)?;
        self.customers.push(Customer { name, account });
        Ok(())
    }

    /// Asks while nothing breaks.
    async fn ask_calmly(&mut self, act: Act) -> Result<Answer, Failed> {
        let place = self.write_down(act);
        let asked = &mut self.asked[place];
        let answer = self.caller.insist(&asked.request).await?;
        (asked.answer, asked.sent) = (Some(answer.clone()), 1);
        self.learn(place);
        if answer.is_success() {
            return Ok(answer);
        }
        Err(Failed(format!("refused before anything broke: {}", answer.body)))
    }

    fn write_down(&mut self, act: Act) -> usize {
        let key = format!("{}-{}", self.named, self.asked.len());
        let (path, body) = act.said(&self.tenant.programme);
        let request = self.caller.post(&path, &key, &body);
        self.asked.push(Asked { key, act, request, answer: None, sent: 0 });
        self.asked.len() - 1
    }

    async fn send(&mut self, place: usize, door: usize) {
        let answer = self.caller.send(&self.asked[place].request, door).await;
        self.asked[place].sent += 1;
        self.asked[place].answer = answer;
    }

    /// Remembers what it was told that there is.
    fn learn(&mut self, place: usize) {
        let Asked { act, answer, .. } = &self.asked[place];
        let Some(answer) = answer.as_ref().filter(|it| it.is_success()) else { return };
        let said = answer.json();
        let id = |it: &Value| it["id"].as_str().unwrap_or_default().to_owned();
        match act.clone() {
            Act::Earn { customer, purchase, cents } => {
                let name = purchase.clone();
                self.purchases.push(Purchase { name, customer: customer.clone(), left: cents });
                if !said["transaction"].is_null() {
                    let (transaction, gave) = (id(&said["transaction"]), points_for(cents));
                    let (from, purchase) = (Counter::Issuance, Some(purchase));
                    self.undoable.push(Undoable { customer, transaction, gave, from, purchase });
                }
            }
            Act::Burn { customer, points } => {
                let (transaction, gave, from) = (id(&said), -points, Counter::Settlement);
                self.undoable.push(Undoable { customer, transaction, gave, from, purchase: None });
            }
            Act::Adjust { customer, points } => {
                let (transaction, gave, from) = (id(&said), points, Counter::Issuance);
                self.undoable.push(Undoable { customer, transaction, gave, from, purchase: None });
            }
            Act::Hold { customer, .. } => self.holds.push((id(&said), customer.name)),
            _ => {}
        }
    }

    fn choose(&mut self) -> Act {
        let chosen = match self.dice.between(0, 100) {
            0..18 => Some(self.burn()),
            18..28 => self.refund(),
            28..38 => self.reverse(),
            38..48 => Some(self.hold()),
            48..58 => self.capture(),
            58..62 => self.void(),
            62..70 => Some(self.adjust()),
            70..73 => Some(Act::Define { name: format!("{}-p{}", self.named, self.asked.len()) }),
            _ => None,
        };
        chosen.unwrap_or_else(|| self.earn())
    }

    fn customer(&mut self) -> Customer {
        let place = self.dice.place(self.customers.len());
        self.customers[place].clone()
    }

    /// At least `from`, and less than `to`.
    fn some(&mut self, from: u64, to: u64) -> i64 {
        i64::try_from(self.dice.between(from, to)).expect("a small number")
    }

    fn earn(&mut self) -> Act {
        let purchase = format!("{}-b{}", self.named, self.asked.len());
        // Some earn nothing.
        Act::Earn { customer: self.customer().name, purchase, cents: self.some(0, 9_000) }
    }

    fn burn(&mut self) -> Act {
        Act::Burn { customer: self.customer().name, points: self.some(1, 200) }
    }

    fn adjust(&mut self) -> Act {
        let points = match self.some(1, 60) {
            it if self.dice.is(30) => -it,
            it => it,
        };
        Act::Adjust { customer: self.customer().name, points }
    }

    fn hold(&mut self) -> Act {
        let (customer, counter) = (self.customer(), self.settlement.clone());
        Act::Hold { customer, counter, points: self.some(1, 120) }
    }

    fn capture(&mut self) -> Option<Act> {
        let place = self.hold_place()?;
        let (hold, customer) = self.holds[place].clone();
        let points = if self.dice.is(60) { Some(self.some(1, 40)) } else { None };
        Some(Act::Capture { customer, hold, points })
    }

    fn void(&mut self) -> Option<Act> {
        let place = self.hold_place()?;
        Some(Act::Void { hold: self.holds[place].0.clone() })
    }

    fn hold_place(&mut self) -> Option<usize> {
        (!self.holds.is_empty()).then(|| self.dice.place(self.holds.len()))
    }

    /// Never more than is left, so that none is refused, whichever take effect.
    fn refund(&mut self) -> Option<Act> {
        let open: Vec<_> =
            (0..self.purchases.len()).filter(|it| 0 < self.purchases[*it].left).collect();
        let place = *open.get(self.dice.place(open.len().max(1)))?;
        let most = u64::try_from(self.purchases[place].left).expect("something is left");
        let cents = self.some(1, most + 1);
        let it = &mut self.purchases[place];
        it.left -= cents;
        let (customer, purchase) = (it.customer.clone(), it.name.clone());
        self.undoable.retain(|it| it.purchase.as_ref() != Some(&purchase));
        Some(Act::Refund { customer, purchase, cents })
    }

    /// Each transaction once; what it was for is not given back later.
    fn reverse(&mut self) -> Option<Act> {
        let places = self.undoable.len();
        let place = (places != 0).then(|| self.dice.place(places))?;
        let Undoable { customer, transaction, gave, from, purchase } =
            self.undoable.swap_remove(place);
        self.purchases.retain(|it| Some(&it.name) != purchase.as_ref());
        Some(Act::Reverse { customer, transaction, gave, from })
    }
}

/// The account of the leg whose amount is like that.
fn leg(transaction: &Value, is_it: impl Fn(i64) -> bool) -> Result<String, Failed> {
    let legs = transaction["legs"].as_array();
    let amount = |it: &Value| it["amount"].as_i64().unwrap_or_default();
    let found = legs.and_then(|it| it.iter().find(|it| is_it(amount(it))));
    let account = found.and_then(|it| it["account"].as_str());
    let nothing = || Failed(format!("there is no such leg in {transaction}"));
    account.map(str::to_owned).ok_or_else(nothing)
}
