//! Callers that wait for their answers, and callers that come at a pace whatever is answered.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::{Connection, Errand};
use crate::{Failed, http::Caller, round::Tally};

/// Connections that are kept from round to round.
pub(crate) struct Load {
    connections: Vec<Connection>,
    errand: Arc<Errand>,
    /// The next request, counted over all rounds.
    next: Arc<AtomicU64>,
}

/// What a pace came to.
pub(crate) struct Paced {
    /// With what each answer took since its request was due: a request that could not be sent, for
    /// want of an answer to the one before, waits on the clock.
    pub(crate) tally: Tally,
    /// How much of it went by before the request was sent.
    pub(crate) late: Tally,
}

impl Load {
    pub(crate) async fn open(
        caller: &Caller,
        connections: usize,
        errand: Errand,
    ) -> Result<Self, Failed> {
        let mut load =
            Self { connections: Vec::new(), errand: Arc::new(errand), next: Arc::default() };
        for _ in 0..connections {
            load.connections.push(Connection::open(caller.address).await?);
        }
        Ok(load)
    }

    /// How many requests have been made.
    pub(crate) fn made(&self) -> u64 {
        self.next.load(Relaxed)
    }

    /// Each connection asks as soon as it is answered, until the time is over.
    pub(crate) async fn closed(&mut self, time: Duration) -> Result<Tally, Failed> {
        let mut callers = JoinSet::new();
        let start = Instant::now();
        for connection in self.connections.drain(..) {
            let (errand, next) = (Arc::clone(&self.errand), Arc::clone(&self.next));
            callers.spawn(call(connection, errand, next, start + time));
        }
        let mut tally = Tally::default();
        while let Some(done) = callers.join_next().await {
            let (connection, of_one) = done??;
            self.connections.push(connection);
            tally.add(of_one);
        }
        tally.seconds = start.elapsed().as_secs_f64();
        Ok(tally)
    }

    /// So many requests a second, spread evenly over the connections, until the time is over.
    pub(crate) async fn paced(&mut self, rate: u32, time: Duration) -> Result<Paced, Failed> {
        let count = u32::try_from(self.connections.len())?;
        let mut callers = JoinSet::new();
        // A moment ahead, so that the first are not late already.
        let start = Instant::now() + Duration::from_millis(50);
        let every = Duration::from_secs(1) / rate;
        for (place, connection) in (0..count).zip(self.connections.drain(..)) {
            let (errand, next) = (Arc::clone(&self.errand), Arc::clone(&self.next));
            let dues = (0..).map(move |it: u32| start + every * (place + it * count));
            let dues = dues.take_while(move |it| *it < start + time);
            callers.spawn(call_when_due(connection, errand, next, dues));
        }
        let mut all = Paced { tally: Tally::default(), late: Tally::default() };
        while let Some(done) = callers.join_next().await {
            let (connection, of_one) = done??;
            self.connections.push(connection);
            all.tally.add(of_one.tally);
            all.late.add(of_one.late);
        }
        all.tally.seconds = start.elapsed().as_secs_f64();
        Ok(all)
    }
}

async fn call(
    mut connection: Connection,
    errand: Arc<Errand>,
    next: Arc<AtomicU64>,
    end: Instant,
) -> Result<(Connection, Tally), Failed> {
    let mut tally = Tally::default();
    while Instant::now() < end {
        let request = errand.request(next.fetch_add(1, Relaxed));
        let start = Instant::now();
        connection.ask(&request).await?.body()?;
        tally.answered(start.elapsed());
    }
    Ok((connection, tally))
}

async fn call_when_due(
    mut connection: Connection,
    errand: Arc<Errand>,
    next: Arc<AtomicU64>,
    dues: impl Iterator<Item = Instant>,
) -> Result<(Connection, Paced), Failed> {
    let mut all = Paced { tally: Tally::default(), late: Tally::default() };
    for due in dues {
        let request = errand.request(next.fetch_add(1, Relaxed));
        sleep_until(due).await;
        all.late.answered(due.elapsed());
        connection.ask(&request).await?.body()?;
        all.tally.answered(due.elapsed());
    }
    Ok((connection, all))
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::*;

    const STALL: Duration = Duration::from_millis(300);

    #[tokio::test]
    async fn what_a_stall_keeps_from_being_sent_counts_from_when_it_was_due() {
        let (address, server) = stalling_server().await;
        let server = server.run();
        let measured = async {
            let caller = Arc::new(Caller::to(address));
            let errand = Errand::Get { caller: Arc::clone(&caller), paths: vec!["/".to_owned()] };
            let mut load = Load::open(&caller, 1, errand).await?;
            load.paced(100, Duration::from_millis(500)).await
        };

        let paced = tokio::select! {
            paced = measured => paced.unwrap_or_else(|it| panic!("{it}")),
            () = server => unreachable!("it serves for ever"),
        };

        assert_eq!(paced.tally.posted, 50);
        let slow = paced.tally.latencies_us.iter().filter(|it| 100_000 < **it).count();
        assert!(20 <= slow, "20 were due in the first 200 ms of the stall, and {slow} tell of it");
    }

    struct Stalling(TcpListener);

    async fn stalling_server() -> (SocketAddr, Stalling) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        (listener.local_addr().expect("its address"), Stalling(listener))
    }

    impl Stalling {
        /// Answers its one caller, the first time late.
        async fn run(self) {
            let (mut stream, _) = self.0.accept().await.expect("a caller");
            read_request(&mut stream).await;
            tokio::time::sleep(STALL).await;
            loop {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                    .await
                    .expect("it listens");
                read_request(&mut stream).await;
            }
        }
    }

    async fn read_request(stream: &mut TcpStream) {
        let mut buffer = [0; 1_024];
        let read = stream.read(&mut buffer).await.expect("a request");
        if read == 0 {
            std::future::pending::<()>().await;
        }
    }
}
