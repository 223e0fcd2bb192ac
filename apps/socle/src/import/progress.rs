//! How far an import is, on standard error: a bar for people, a line now and then for logs.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a log hears of it.
const EVERY: Duration = Duration::from_secs(5);

/// Progress through the bytes of a file.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    bytes_total: u64,
    told: Instant,
}

impl Progress {
    /// The bar hides itself where standard error is no terminal. A pipe has 0 bytes in all.
    pub(super) fn of(bytes_total: u64) -> Self {
        let style = "{bar:40} {percent:>3} %  {msg}  {elapsed} of about {duration}";
        let style = ProgressStyle::with_template(style).expect("a template of our own");
        let bar = ProgressBar::new(bytes_total).with_style(style);
        Self { bar, bytes_total, told: Instant::now() }
    }

    /// So many bytes are read, so many purchases are in.
    pub(super) fn tell(&mut self, bytes: u64, purchases: u64) {
        if !self.bar.is_hidden() {
            self.bar.set_position(bytes);
            self.bar.set_message(format!("{purchases} purchases"));
        } else if EVERY <= self.told.elapsed() {
            self.told = Instant::now();
            let percent = (bytes * 100).checked_div(self.bytes_total);
            let read = percent.map_or_else(String::new, |it| format!("{it} % read, "));
            tracing::info!("{read}{purchases} purchases are in");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
