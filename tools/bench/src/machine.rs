//! What it was measured on; a figure without it says nothing.

use std::{
    fs::{self, File},
    io::{Seek, Write},
    path::Path,
    thread,
    time::Instant,
};

use serde::Serialize;
use sqlx::PgConnection;

use crate::{Failed, round::median};

/// The machine and the server.
#[derive(Serialize)]
pub(crate) struct Machine {
    cpu: String,
    cores: usize,
    memory_gib: u64,
    postgresql: String,
    settings: Vec<(String, String)>,
    /// Median of writing 8 KiB and waiting until it is on the disk.
    fdatasync_us: f64,
    /// Running and waiting processes of the last minute when it began: others' work shows here.
    load: String,
}

/// Settings that figures depend on.
const SETTINGS: &str = "
    select name, current_setting(name) from unnest(array[
        'fsync', 'synchronous_commit', 'full_page_writes', 'wal_level', 'wal_compression',
        'shared_buffers', 'max_wal_size', 'checkpoint_timeout', 'data_checksums', 'jit'
    ]) as name";

const SYNCS: usize = 200;

impl Machine {
    /// Looks around; `folder` is where the data lie.
    pub(crate) async fn look(admin: &mut PgConnection, folder: &Path) -> Result<Self, Failed> {
        let postgresql = "select current_setting('server_version')";
        Ok(Self {
            cpu: after("/proc/cpuinfo", "model name").unwrap_or_default(),
            cores: thread::available_parallelism()?.get(),
            memory_gib: kib("/proc/meminfo", "MemTotal") >> 20,
            postgresql: sqlx::query_scalar(postgresql).fetch_one(&mut *admin).await?,
            settings: sqlx::query_as(SETTINGS).fetch_all(admin).await?,
            fdatasync_us: fdatasync_us(folder)?,
            load: load(),
        })
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        let settings: Vec<_> =
            self.settings.iter().map(|it| format!("{} = {}", it.0, it.1)).collect();
        vec![
            format!("{} cores ({}), {} GiB", self.cores, self.cpu, self.memory_gib),
            format!("PostgreSQL {}: {}", self.postgresql, settings.join(", ")),
            format!(
                "fdatasync of 8 KiB {:.0} µs, load {} at the start",
                self.fdatasync_us, self.load
            ),
        ]
    }
}

/// Running and waiting processes of the last minute.
pub(crate) fn load() -> String {
    fs::read_to_string("/proc/loadavg").unwrap_or_default().chars().take(4).collect()
}

fn after(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|it| it.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// An amount of memory that the kernel tells; 0 where it tells none.
pub(crate) fn kib(path: &str, name: &str) -> u64 {
    let kib = after(path, name).unwrap_or_default();
    kib.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or_default()
}

fn fdatasync_us(folder: &Path) -> Result<f64, Failed> {
    let path = folder.join("sync");
    let mut file = File::create_new(&path)?;
    let mut times = Vec::new();
    for _ in 0..SYNCS {
        let start = Instant::now();
        file.rewind()?;
        file.write_all(&[1; 8192])?;
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    fs::remove_file(path)?;
    Ok(median(times))
}
