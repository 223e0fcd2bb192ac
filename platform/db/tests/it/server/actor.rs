//! Another process that starts or joins a server: this test binary again.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use socle_db::server::{Folder, Server, Settings};

use super::{is_alive, scratch::Scratch, until};

const ROLE: &str = "server::actor::a_process_owns_a_server_until_its_standard_input_ends";
const FOLDER: &str = "SOCLE_TEST_FOLDER";

/// A process that holds a server until it is told to let go, or killed.
pub(crate) struct Actor {
    child: Child,
    pipe: Option<ChildStdin>,
    /// The server's process id, or what it was refused with.
    pub(crate) answer: Result<u32, String>,
}

impl Actor {
    pub(crate) fn start(folder: &Folder) -> Self {
        Self::spawn(&mut Self::command(folder, &env::current_exe().unwrap()))
    }

    /// How to run one; `program` is this test binary or a copy of it.
    pub(crate) fn command(folder: &Folder, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.args(["--exact", ROLE, "--nocapture"]).env(FOLDER, folder.path());
        command
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let pipe = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map(Result::unwrap);
        let answer = lines.find_map(|line| read(&line)).expect("it answers");
        Self { child, pipe, answer }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The server's process id, where the start succeeded.
    pub(crate) fn server(&self) -> u32 {
        self.answer.clone().unwrap()
    }

    /// Lets it end by itself.
    pub(crate) fn end(&mut self) {
        drop(self.pipe.take());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn wait(&mut self) {
        self.child.wait().unwrap();
    }

    /// Kills it and every guard, so that nobody is left to stop the server.
    pub(crate) fn orphan_its_server(&mut self) {
        let server = self.server();
        let guards: Vec<_> =
            children(self.pid()).into_iter().filter(|&pid| pid != server).collect();
        assert!(!guards.is_empty(), "a guard watches");
        // The watcher is a guard's child, and must not see the owner die.
        for &guard in &guards {
            children(guard).into_iter().filter(|&pid| pid != server).for_each(kill);
        }
        guards.into_iter().for_each(kill);
        self.kill();
        assert!(is_alive(server));
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn kill(pid: u32) {
    signal(pid, Signal::KILL);
    until("the end of a killed process", || !is_alive(pid));
}

pub(crate) fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

pub(crate) fn children(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap().map(Result::unwrap);
    let lists = threads.map(|thread| fs::read_to_string(thread.path().join("children")).unwrap());
    let lists: String = lists.collect();
    lists.split_ascii_whitespace().map(|pid| pid.parse().unwrap()).collect()
}

fn read(line: &str) -> Option<Result<u32, String>> {
    // The first line of the test harness's own has no end.
    let (_, answer) = line.split_once("answer: ")?;
    Some(answer.parse().map_err(|_| answer.to_owned()))
}

#[tokio::test]
async fn a_process_owns_a_server_until_its_standard_input_ends() {
    if let Some(folder) = env::var_os(FOLDER) {
        return act(&Folder::try_new(folder).unwrap()).await;
    }
    let scratch = Scratch::new();
    let mut actor = Actor::start(&scratch.folder());
    assert!(is_alive(actor.server()));

    actor.end();

    assert!(!is_alive(actor.server()));
}

async fn act(folder: &Folder) {
    let started = Server::join_or_start(folder, &Settings::default()).await;
    let answer = started.as_ref().map_or_else(one_line, |it| it.pid().to_string());
    io::stdout().write_all(format!("answer: {answer}\n").as_bytes()).unwrap();
    let Ok(server) = started else { return };
    io::stdin().read_to_end(&mut Vec::new()).unwrap();
    server.stop().await.unwrap();
}

fn one_line(error: &socle_db::server::Error) -> String {
    error.to_string().replace('\n', " ")
}
