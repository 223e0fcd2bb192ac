//! Retries by the broker's own means, to be compared with parking in the consumer's database.

use std::time::Duration;

use ground::{Fault, Inbox, Part, Publisher, Reader};
use tokio::time::sleep;

use crate::{publish::Sender, read::Subscriber};

/// How long the reader of the retry topic waits before each.
const DELAY: Duration = Duration::from_millis(300);

/// The topic to which what fails is sent.
pub fn retry_topic(part: &Part) -> String {
    format!("{}.retry", part.topic)
}

/// Handles one by one. What fails goes to the retry topic, or is tried again on the spot.
pub async fn play(part: &Part, inbox: &mut Inbox) -> Result<(), Fault> {
    let mut subscriber = Subscriber::open(part)?;
    let mut sender = Sender::open(&part.broker, &retry_topic(part))?;
    loop {
        let page = subscriber.next(part.batch).await?;
        for fact in &page.facts {
            while !inbox.attempt(fact).await? {
                if part.manner.contains("topic") {
                    sender.publish(std::slice::from_ref(fact)).await?;
                    break;
                }
                sleep(DELAY).await;
            }
        }
        subscriber.done(page.position).await?;
    }
}

/// Handles what failed, each after a while; what fails again goes to the end.
pub async fn play_again(part: &Part, inbox: &mut Inbox) -> Result<(), Fault> {
    let mut again = part.clone();
    again.topic = retry_topic(part);
    again.group = format!("{}.again", part.group);
    let mut subscriber = Subscriber::open(&again)?;
    let mut sender = Sender::open(&part.broker, &again.topic)?;
    loop {
        let page = subscriber.next(1).await?;
        for fact in &page.facts {
            sleep(DELAY).await;
            if !inbox.attempt(fact).await? {
                sender.publish(std::slice::from_ref(fact)).await?;
            }
        }
        subscriber.done(page.position).await?;
    }
}
