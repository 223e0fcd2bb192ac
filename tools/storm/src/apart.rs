//! A namespace of processes and mounts for the whole tool: whatever ends it ends all of it, and
//! what it mounts nobody else sees.

use std::{
    env,
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};

use rustix::process::geteuid;

use crate::Failed;

/// Set where this is the process inside.
pub(crate) const INSIDE: &str = "STORM_INSIDE";

/// A shell is the first process inside: it reaps what others leave behind.
const FIRST: [&str; 3] = ["sh", "-c", "\"$@\"; exit $?"];

const APART: [&str; 6] =
    ["--mount", "--propagation=private", "--pid", "--fork", "--kill-child", "--mount-proc"];

/// Goes on inside, where that is possible: then this does not return.
pub(crate) fn go_apart() -> Result<(), Failed> {
    if env::var_os(INSIDE).is_some() || !geteuid().is_root() || !is_possible() {
        return Ok(());
    }
    let mut again = Command::new("unshare");
    again.args(APART).args(FIRST).arg("storm").arg(env::current_exe()?);
    Err(again.args(env::args_os().skip(1)).env(INSIDE, "1").exec().into())
}

fn is_possible() -> bool {
    let mut tried = Command::new("unshare");
    tried.args(APART).arg("true").stdin(Stdio::null()).stderr(Stdio::null());
    tried.status().is_ok_and(|it| it.success())
}
