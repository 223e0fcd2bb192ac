//! What a developer does with a served Socle: the clients of the documentation, and calls of every
//! kind that the description allows and forbids.

use std::{path::Path, process::Command};

use super::visit::Visit;
use crate::{
    Failure,
    step::{run, step},
    tree::root,
};

/// Enough for every kind of each field's values, in a minute.
const EXAMPLES: &str = "10";

/// More calls a minute than are made.
const CALLS: &str = "1000000";

/// Runs each client of the documentation.
pub(super) fn run_clients(visit: &Visit, url: &str) -> Result<(), Failure> {
    let key = visit.ask(&["key", "issue", "clients"])?.text("secret")?;
    for (program, client) in [("sh", "earn.sh"), ("python3", "earn.py")] {
        let mut command = Command::new(program);
        command.current_dir(root().join("docs/clients")).arg(client);
        command.env("SOCLE_URL", url).env("SOCLE_KEY", &key);
        run(&mut command, "the client is part of the documentation: correct it or the code")?;
    }
    Ok(())
}

/// Calls every route many times over. The seed is printed, and repeats what was found.
pub(super) fn call_everything(
    visit: &Visit,
    url: &str,
    schemathesis: &Path,
) -> Result<(), Failure> {
    let key = visit.ask(&["key", "issue", "schemathesis", "--limit", CALLS])?.text("secret")?;
    let folder = root().join("tools/xtask/schemathesis");
    step("newcomer: schemathesis calls every route", || {
        let mut command = Command::new(schemathesis);
        command.current_dir(root().join("target/parts/schemathesis"));
        command.env("SCHEMATHESIS_HOOKS", folder.join("hooks.py"));
        command.arg("--no-color").arg("--config-file").arg(folder.join("schemathesis.toml"));
        command.arg("run").arg(format!("{url}/openapi.json"));
        command.arg("--header").arg(format!("Authorization: Bearer {key}"));
        command.args(["--max-examples", EXAMPLES]);
        run(&mut command, "`--seed` with the seed that is printed above finds it again")
    })
}
