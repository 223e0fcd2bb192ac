//! The load: clients that ask over HTTP, and write down what they asked and what they were told.

mod act;
mod book;
mod call;
mod client;
mod request;

use std::time::Duration;

use tokio::{task::JoinSet, time::Instant};

use crate::{
    Failed,
    dice::Dice,
    world::{Tenant, World},
};

#[cfg(test)]
pub(crate) use act::Customer;
pub(crate) use act::{Act, Counter, points_for};
pub(crate) use book::{Asked, Book};
pub(crate) use call::Caller;
pub(crate) use request::{Answer, Request};

use client::Client;

/// Clients of each merchant.
const CLIENTS: u64 = 3;

/// Every client begins with the customers' first purchases while nothing breaks yet, and then goes
/// on for `time` whatever breaks; the merchants' books of requests come back.
pub(crate) struct Load {
    clients: Vec<Client>,
}

impl Load {
    /// The clients of a round, and what each customer begins with.
    pub(crate) async fn open(world: &World, (seed, round): (u64, u64)) -> Result<Self, Failed> {
        let mut clients = Vec::new();
        for (place, tenant) in (0_u64..).zip(&world.tenants) {
            let caller = Caller::of(tenant, world.doors());
            let (opening, shared) = client::open_hot(caller.clone(), tenant, round).await?;
            for who in 0..CLIENTS {
                let dice = Dice::of(seed, round, 100 + place * CLIENTS + who);
                let named = format!("r{round}-{}-c{who}", tenant.handle);
                let mut client = Client::new((caller.clone(), tenant), named, shared.clone(), dice);
                client.open().await?;
                clients.push(client);
            }
            clients.last_mut().expect("a merchant has clients").keep(opening);
        }
        Ok(Self { clients })
    }

    /// All of them at once.
    pub(crate) async fn run(self, time: Duration, tenants: &[Tenant]) -> Result<Vec<Book>, Failed> {
        let until = Instant::now() + time;
        let mut running = JoinSet::new();
        for client in self.clients {
            running.spawn(client.run(until));
        }
        let mut books: Vec<_> = tenants.iter().cloned().map(Book::new).collect();
        while let Some(book) = running.join_next().await {
            let (tenant, asked) = book?;
            let book = books.iter_mut().find(|it| it.tenant.handle == tenant);
            book.expect("a client is a merchant's").asked.extend(asked);
        }
        Ok(books)
    }
}
