//! A real Prometheus on a free port, ended with the test.

use std::{
    env, fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// A loaded machine needs long for little.
const PATIENCE: Duration = Duration::from_mins(1);

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join("../..").canonicalize().expect("the crate lies two folders below the root")
}

/// Where `prometheus` and `promtool` are: a test that cannot find them fails, it does not pass.
fn program(name: &str) -> PathBuf {
    let configured = env::var_os("SOCLE_PROMETHEUS_BIN").map(PathBuf::from);
    let folder = configured.unwrap_or_else(|| root().join("target/parts/prometheus/usr/bin"));
    let program = folder.join(name);
    assert!(
        program.is_file(),
        "no {}: `cargo xtask test` brings it; or name the folder of another `{name}` in \
         SOCLE_PROMETHEUS_BIN",
        program.display()
    );
    program
}

/// Runs a tool to its end, which must be a good one.
pub fn tool(name: &str, arguments: &[&str], folder: &Path) {
    let output = Command::new(program(name)).args(arguments).current_dir(folder).output();
    let output = output.expect("the program was found");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {arguments:?}: {said}");
}

/// A server that scrapes one program.
#[derive(Debug)]
pub struct Prometheus {
    server: Child,
    address: SocketAddr,
    folder: PathBuf,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // Both only fail when it has ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Prometheus {
    /// With the configuration of the repository, looking at `target` and in a hurry.
    #[must_use]
    pub fn start(observability: &Path, target: SocketAddr) -> Self {
        let folder = format!("socle-prometheus-{}-{}", process::id(), target.port());
        let folder = env::temp_dir().join(folder);
        fs::create_dir_all(&folder).expect("a folder of our own");
        let rules = format!("- {}/", observability.join("rules").display());
        let settings = fs::read_to_string(observability.join("prometheus.yml"))
            .expect("the configuration is there")
            .replace("127.0.0.1:8080", &target.to_string())
            .replace("15s", "1s")
            .replace("- rules/", &rules);
        fs::write(folder.join("prometheus.yml"), settings).expect("the folder can be written");
        let address = free_address();
        let server = Command::new(program("prometheus"))
            .current_dir(&folder)
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=tsdb"])
            .args(["--enable-feature=exemplar-storage", "--log.level=error"])
            .arg(format!("--web.listen-address={address}"))
            .stdin(Stdio::null())
            .spawn()
            .expect("the program was found");
        Self { server, address, folder }
    }

    /// Until a query has an answer.
    pub fn wait_for(&self, what: &str, query: &str) {
        let began = Instant::now();
        while self.try_ask(query).is_none_or(|it| it.is_empty()) {
            assert!(began.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
            // The server has its own clock, which nobody moves by hand.
            thread::park_timeout(Duration::from_millis(50));
        }
    }

    /// The samples that a query finds; a query that is refused ends the test.
    #[must_use]
    pub fn ask(&self, query: &str) -> Vec<Value> {
        self.try_ask(query).unwrap_or_else(|| panic!("refused: {query}"))
    }

    /// Its rules, as it judges them.
    #[must_use]
    pub fn rules(&self) -> Vec<Value> {
        let answer = self.get("/api/v1/rules").expect("the server runs");
        let groups = answer["data"]["groups"].as_array().expect("groups").clone();
        groups.iter().flat_map(|it| it["rules"].as_array().expect("rules").clone()).collect()
    }

    /// The exemplars that a query finds.
    #[must_use]
    pub fn exemplars(&self, query: &str) -> Value {
        let path = format!("/api/v1/query_exemplars?query={query}&start=0&end=9999999999");
        self.get(&path).expect("the server runs")
    }

    fn try_ask(&self, query: &str) -> Option<Vec<Value>> {
        let escaped = query.bytes().fold(String::new(), |done, it| done + &format!("%{it:02X}"));
        let answer = self.get(&format!("/api/v1/query?query={escaped}"))?;
        let is_found = answer["status"] == "success";
        is_found.then(|| answer["data"]["result"].as_array().expect("results").clone())
    }

    /// HTTP/1.0, so that the body is what comes until the end.
    fn get(&self, path: &str) -> Option<Value> {
        let mut server = TcpStream::connect(self.address).ok()?;
        server.set_read_timeout(Some(PATIENCE)).ok()?;
        write!(server, "GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n").ok()?;
        let mut answer = String::new();
        server.read_to_string(&mut answer).ok()?;
        serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
    }
}

/// Of a port that was free a moment ago; Prometheus does not tell which one it chose.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound")
}
