//! The contestants, and a caller of each.

use socle_books::{Error, Sequencer};

use crate::{
    Failed,
    baseline::{ByCall, ByLocks},
    deal::Deal,
    place::{Ground, MODULE},
};

/// Who does the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Contestant {
    Books,
    Locks,
    Call,
}

/// What became of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Posted,
    Refused,
}

/// One caller of a contestant.
pub(crate) enum Hand {
    Books(Sequencer),
    Locks(Box<ByLocks>),
    Call(ByCall),
}

impl Contestant {
    pub(crate) const ALL: [Self; 3] = [Self::Books, Self::Locks, Self::Call];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Books => "books",
            Self::Locks => "rows locked",
            Self::Call => "function",
        }
    }

    /// As many callers as asked for; by hand each has its own connection.
    pub(crate) async fn hands(self, ground: &Ground, count: usize) -> Result<Vec<Hand>, Failed> {
        let mut hands = Vec::new();
        let sequencer = Sequencer::start(ground.open().module(MODULE.name));
        for _ in 0..count {
            hands.push(match self {
                Self::Books => Hand::Books(sequencer.clone()),
                Self::Locks => Hand::Locks(Box::new(ByLocks::connect(&ground.url).await?)),
                Self::Call => Hand::Call(ByCall::connect(&ground.url).await?),
            });
        }
        Ok(hands)
    }
}

impl Hand {
    pub(crate) async fn make(&self, deal: Deal) -> Result<Answer, Failed> {
        match self {
            Self::Books(it) => answer(it.submit(deal.unit()).await.map(drop)),
            Self::Locks(it) => it.make(deal).await,
            Self::Call(it) => it.make(deal).await,
        }
    }

    /// Many at once; by hand it is one after the other.
    pub(crate) async fn make_all(&self, deals: Vec<Deal>) -> Result<Vec<Answer>, Failed> {
        if let Self::Books(it) = self {
            let outcomes = it.submit_all(deals.iter().map(Deal::unit).collect()).await;
            return outcomes.into_iter().map(|it| answer(it.map(drop))).collect();
        }
        let mut answers = Vec::new();
        for deal in deals {
            answers.push(self.make(deal).await?);
        }
        Ok(answers)
    }
}

fn answer(outcome: Result<(), Error>) -> Result<Answer, Failed> {
    match outcome {
        Ok(()) => Ok(Answer::Posted),
        Err(Error::Refused(_)) => Ok(Answer::Refused),
        Err(Error::Fault(fault)) => Err(fault.into()),
    }
}
