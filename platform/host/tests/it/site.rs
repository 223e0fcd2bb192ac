//! A host that serves on a port of its own.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use socle_host::{Authenticator, Catalogue, Host, Limits, Module, Ports, Settings};
use socle_testkit::{Answer, Believing, TestDatabase, Visitor};
use tokio::{net::TcpListener, sync::oneshot, task::JoinSet, time::timeout};

use crate::{
    client::Client,
    probe::{Probe, TABLES},
};

/// Longer than anything that ends takes on a loaded machine.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// One code with a text that would be markup.
const CODES: &str = r#"[
    {"code":"not-found","kind":"NotFound","says":"there is <b>no</b> {0}"},
    {"code":"other.code","kind":"NotFound","says":"of another module"},
    {"code":"probe.short","kind":"Conflict","says":"too short"}
]"#;

pub(crate) struct Site {
    pub(crate) database: TestDatabase,
    pub(crate) address: SocketAddr,
    pub(crate) probe: Arc<Probe>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinSet<()>,
}

pub(crate) fn settings() -> Settings {
    Settings::of_version("1.2.3")
}

pub(crate) fn with_limits(limits: Limits) -> Settings {
    Settings { limits, ..settings() }
}

pub(crate) fn catalogue() -> Catalogue {
    Catalogue::read(CODES).expect("codes")
}

impl Site {
    pub(crate) async fn open() -> Self {
        Self::with(settings()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::of(settings, Arc::new(Believing), |probe| vec![probe.module()]).await
    }

    pub(crate) async fn of(
        settings: Settings,
        authenticator: Arc<dyn Authenticator>,
        modules: impl FnOnce(&Arc<Probe>) -> Vec<Module>,
    ) -> Self {
        let database = TestDatabase::of(&[TABLES]).await;
        let probe = Probe::new();
        let pool = database.database.clone();
        let ports = Ports { authenticator, ..Believing::ports() };
        let host = Host::new(pool, modules(&probe), ports, catalogue(), &settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (stop, stopped) = oneshot::channel();
        let mut serving = JoinSet::new();
        serving.spawn(host.serve(listener, async {
            let _ = stopped.await;
        }));
        Self { database, address, probe, stop: Some(stop), serving }
    }

    pub(crate) async fn connect(&self) -> Client {
        Client::connect(self.address).await
    }

    /// `GET` by nobody, on a connection of its own.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.connect().await.get(path, "").await
    }

    /// `GET` by somebody who may everything.
    pub(crate) async fn get_as(&self, visitor: &Visitor, path: &str) -> Answer {
        self.connect().await.get(path, &bearer(visitor)).await
    }

    /// The number of a line of `/metrics`, 0 where it is not there.
    pub(crate) async fn counted(&self, series: &str) -> u64 {
        let metrics = self.get("/metrics").await.text;
        let line = metrics.lines().find_map(|it| it.strip_prefix(series));
        line.map_or(0, |it| it.trim().parse().expect("a whole number"))
    }

    pub(crate) fn stop(&mut self) {
        let stop = self.stop.take().expect("it is stopped once");
        stop.send(()).expect("it serves");
    }

    /// Until `serve` has returned.
    pub(crate) async fn ended(&mut self) {
        let ended = timeout(LONG, self.serving.join_next()).await.expect("it ends in time");
        ended.expect("it was served").expect("it has not panicked");
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.serving.try_join_next().is_some()
    }
}

/// The header by which a visitor comes in.
pub(crate) fn bearer(visitor: &Visitor) -> String {
    format!("authorization: Bearer {}\r\n", visitor.credential())
}
