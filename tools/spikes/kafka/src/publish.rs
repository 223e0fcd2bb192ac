//! The sending half on Kafka: keyed and idempotent.

use ground::{Doing, Fact, Fault, Publisher};
use rdkafka::{
    ClientConfig,
    producer::{FutureProducer, FutureRecord},
};

use crate::wire;

/// An idempotent producer. It never gives a record up by itself: one that is dropped in the middle
/// and sent again later would come after its successors.
pub struct Sender {
    producer: FutureProducer,
    topic: String,
}

impl Sender {
    pub fn open(broker: &str, topic: &str) -> Result<Self, Fault> {
        let producer = ClientConfig::new()
            .set("bootstrap.servers", broker)
            .set("enable.idempotence", "true")
            .set("message.timeout.ms", "0")
            .set("linger.ms", "2")
            // What the Java client does, so that anybody finds a key's partition.
            .set("partitioner", "murmur2_random")
            .create();
        Ok(Self { producer: producer.doing("make a producer")?, topic: topic.to_owned() })
    }
}

impl Publisher for Sender {
    async fn publish(&mut self, facts: &[Fact]) -> Result<(), Fault> {
        let mut deliveries = Vec::with_capacity(facts.len());
        for fact in facts {
            let (key, headers) = (fact.key(), wire::headers(fact));
            let record =
                FutureRecord::to(&self.topic).key(&key).payload(&fact.data).headers(headers);
            let sent = self.producer.send_result(record);
            deliveries.push(sent.map_err(|(cause, _)| cause).doing("send a record")?);
        }
        for delivery in deliveries {
            let delivered = delivery.await.doing("wait for a confirmation")?;
            delivered.map_err(|(cause, _)| cause).doing("send a record")?;
        }
        Ok(())
    }
}
