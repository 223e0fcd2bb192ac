//! What the benchmarks of the jobs are measured beside, from the registries in the versions that
//! `tools/bench/peers` pins; below the target folder. Nothing but `bench` fetches them.

use std::{fs, path::Path, process::Command};

use super::debian;
use crate::{
    Failure,
    step::{run, step},
    tree::root,
};

/// The rows that have peers begin so.
pub const ROWS: &str = "jobs-";

/// The programs and what npm needs to know, as they lie in the tree.
const NODE: [&str; 6] = [
    "package.json",
    "package-lock.json",
    "peer.mjs",
    "graphile-worker.mjs",
    "pg-boss.mjs",
    "bullmq.mjs",
];

/// The server with what it is linked to, beside what every Debian has.
const REDIS: [&str; 8] = [
    "redis-server",
    "redis-tools",
    "libatomic1",
    "libjemalloc2",
    "liblua5.1-0",
    "liblzf1",
    "lua-bitop",
    "lua-cjson",
];

/// Fetches the peers. One that is not to be had is named: the rows are then measured without it.
pub fn fetch() {
    let (tree, target) = (root().join("tools/bench/peers"), root().join("target/parts/peers"));
    let fetched = [
        ("graphile-worker, pg-boss and BullMQ", node(&tree.join("node"), &target.join("node"))),
        ("River", river(&tree.join("river"), &target.join("river"))),
        ("BullMQ", redis(&target.join("redis"))),
    ];
    for (peers, outcome) in fetched {
        if let Err(failure) = outcome {
            eprintln!("==> parts: measured without {peers}: {failure}");
        }
    }
}

fn node(tree: &Path, folder: &Path) -> Result<(), Failure> {
    let next = "are the sources complete?";
    let lock = |folder: &Path| fs::read(folder.join("package-lock.json")).unwrap_or_default();
    // npm writes this file last.
    let is_complete = folder.join("node_modules/.package-lock.json").exists();
    let is_installed = is_complete && lock(tree) == lock(folder);
    let copied = fs::create_dir_all(folder)
        .and_then(|()| NODE.iter().try_for_each(|it| copy(&tree.join(it), &folder.join(it))));
    copied.map_err(|error| Failure::new(format!("could not copy the peers: {error}"), next))?;
    if is_installed {
        return Ok(());
    }
    step("parts: install the peers of npm, and the Node that they want", || {
        let mut install = Command::new("npm");
        install.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        run(&mut install, "`apt-get install npm`; is the registry reachable?")
    })
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::copy(from, to).map(drop)
}

/// Go itself finds out whether anything has changed.
fn river(tree: &Path, folder: &Path) -> Result<(), Failure> {
    step("parts: build River's program", || {
        let mut build = Command::new("go");
        build.current_dir(tree).args(["build", "-o"]).arg(folder.join("river")).arg(".");
        run(&mut build, "Go 1.26 or newer; is the module proxy reachable?")
    })
}

fn redis(folder: &Path) -> Result<(), Failure> {
    if folder.join("usr/bin/redis-server").exists() {
        return Ok(());
    }
    step("parts: unpack Redis", || {
        debian::unpack(&REDIS, folder, "`apt-get update`, then try again")
    })
}
