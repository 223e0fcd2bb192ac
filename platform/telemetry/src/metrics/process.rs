//! The process itself, as Linux counts it, under the names that every Prometheus client uses.

use std::{fmt, fs};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry::Unit,
};

#[derive(Debug)]
pub(super) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Some(now) = Now::read() else { return Ok(()) };
        let cpu = ConstCounter::new(now.cpu_seconds);
        let help = "Time on a processor, in the program and in the kernel";
        let unit = Some(&Unit::Seconds);
        let into = encoder.encode_descriptor("process_cpu", help, unit, cpu.metric_type())?;
        cpu.encode(into)?;
        for (name, help, unit, value) in [
            ("process_resident_memory", "Memory in use", Some(&Unit::Bytes), now.resident_bytes),
            ("process_start_time", "Start, since 1970", Some(&Unit::Seconds), now.started_seconds),
            ("process_open_fds", "Open files and sockets", None, now.open_fds),
            ("process_max_fds", "The most that may be open", None, now.fds_max),
            ("process_threads", "Threads", None, now.threads),
        ] {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, unit, gauge.metric_type())?)?;
        }
        Ok(())
    }
}

/// All as Prometheus wants numbers.
struct Now {
    cpu_seconds: f64,
    resident_bytes: f64,
    started_seconds: f64,
    open_fds: f64,
    fds_max: f64,
    threads: f64,
}

impl Now {
    /// Nothing where `/proc` is not as Linux has it.
    fn read() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // The name of the program stands in brackets and may have blanks.
        let after_name: Vec<_> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        // Fields are counted as in proc(5), from 1; the first one after the name is the third.
        let field = |number: usize| after_name.get(number - 3)?.parse::<f64>().ok();
        let ticks = number(rustix::param::clock_ticks_per_second());
        Some(Self {
            cpu_seconds: (field(14)? + field(15)?) / ticks,
            resident_bytes: field(24)? * number(rustix::param::page_size() as u64),
            started_seconds: booted_seconds()? + field(22)? / ticks,
            open_fds: number(fs::read_dir("/proc/self/fd").ok()?.count() as u64),
            fds_max: fds_max()?,
            threads: field(20)?,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a machine are far below 2^53")]
fn number(count: u64) -> f64 {
    count as f64
}

fn booted_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|it| it.strip_prefix("btime "))?.parse().ok()
}

fn fds_max() -> Option<f64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|it| it.strip_prefix("Max open files"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}
