//! Child processes of a test: the same binary, run again to play one scenario and die in it.

use std::{
    env,
    process::{Command, ExitStatus},
};

const SCENARIO: &str = "SOCLE_TEST_SCENARIO";

/// What this process was started to play, if it is a child of a test.
#[must_use]
pub fn child_scenario() -> Option<String> {
    env::var(SCENARIO).ok()
}

/// A child to be run.
#[derive(Debug)]
pub struct Child(Command);

impl Child {
    /// This binary again, to run only the test `player`, which looks at [`child_scenario`].
    #[must_use]
    pub fn playing(player: &str, scenario: &str) -> Self {
        let mut command = Command::new(env::current_exe().expect("a test has a path"));
        command.args([player, "--exact", "--nocapture", "--test-threads=1"]);
        command.env(SCENARIO, scenario);
        Self(command)
    }

    /// The child dies when it passes this failpoint (`name`, or `name:3` for the third time).
    #[must_use]
    pub fn dying_at(mut self, failpoint: &str) -> Self {
        self.0.env("SOCLE_FAILPOINT", failpoint);
        self
    }

    /// Runs it to its end.
    #[must_use]
    pub fn run(mut self) -> ExitStatus {
        self.0.status().expect("the child starts")
    }
}
