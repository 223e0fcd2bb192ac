//! The sending half on RabbitMQ: mandatory messages with confirms.

use ground::{Doing, Fact, Fault, Publisher};
use lapin::{
    Channel, Confirmation, Connection,
    options::{BasicPublishOptions, ConfirmSelectOptions},
};

use crate::wire;

/// A channel in confirm mode.
pub struct Sender {
    // Ends with the sender.
    _connection: Connection,
    pub channel: Channel,
    exchange: String,
}

impl Sender {
    pub async fn open(url: &str, exchange: &str) -> Result<Self, Fault> {
        let connection = wire::connect(url).await?;
        let channel = connection.create_channel().await.doing("open a channel")?;
        channel.confirm_select(ConfirmSelectOptions::default()).await.doing("ask for confirms")?;
        wire::declare_exchange(&channel, exchange).await?;
        Ok(Self { _connection: connection, channel, exchange: exchange.to_owned() })
    }

    /// Sends `facts` to the exchange, or straight to the queue that `past` names.
    pub async fn send(
        &self,
        facts: &[Fact],
        past: impl Fn(&Fact) -> Option<String>,
    ) -> Result<(), Fault> {
        let mandatory = BasicPublishOptions { mandatory: true, ..Default::default() };
        let mut confirms = Vec::with_capacity(facts.len());
        for fact in facts {
            let (exchange, key) = match past(fact) {
                Some(queue) => (String::new(), queue),
                None => (self.exchange.clone(), wire::routing_key(fact)),
            };
            let (data, properties) = (fact.data.as_bytes(), wire::properties(fact));
            let sent = self.channel.basic_publish(
                exchange.into(),
                key.into(),
                mandatory,
                data,
                properties,
            );
            confirms.push(sent.await.doing("publish")?);
        }
        for confirm in confirms {
            match confirm.await.doing("wait for a confirm")? {
                Confirmation::Ack(None) => {}
                Confirmation::Ack(Some(_)) => return Err(Fault::new("nobody is bound")),
                other => return Err(Fault::new(format!("not confirmed: {other:?}"))),
            }
        }
        Ok(())
    }
}

impl Publisher for Sender {
    async fn publish(&mut self, facts: &[Fact]) -> Result<(), Fault> {
        self.send(facts, |_| None).await
    }
}
