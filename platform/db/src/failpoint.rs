//! Points at which a process can be made to die, to prove that nothing is lost or half done.
//!
//! `SOCLE_FAILPOINT=name` ends the process with `SIGKILL` the first time it comes by, `name:3` the
//! third time. Only builds with debug assertions look; in a release the call is empty.

/// Ends the process here if it was started to die here.
#[inline]
pub fn failpoint(name: &'static str) {
    #[cfg(debug_assertions)]
    armed::pass(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

#[cfg(debug_assertions)]
mod armed {
    use std::{
        env,
        process::{self, Command},
        sync::{
            LazyLock,
            atomic::{AtomicU32, Ordering},
        },
        thread,
    };

    /// The point to die at, and how many passes remain.
    static FATE: LazyLock<Option<(String, AtomicU32)>> = LazyLock::new(|| {
        let fate = env::var("SOCLE_FAILPOINT").ok()?;
        let (name, pass) = fate.split_once(':').unwrap_or((&fate, "1"));
        let pass = pass.parse().expect("SOCLE_FAILPOINT reads name or name:pass");
        Some((name.to_owned(), AtomicU32::new(pass)))
    });

    pub(super) fn pass(name: &str) {
        let Some((fatal, passes)) = &*FATE else { return };
        if fatal == name && passes.fetch_sub(1, Ordering::SeqCst) == 1 {
            let me = process::id().to_string();
            let killed = Command::new("kill").args(["-KILL", &me]).status();
            killed.expect("kill runs");
            thread::park();
        }
    }
}
