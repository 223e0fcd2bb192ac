//! The wire between a program and PostgreSQL: cut, silent, slow.

use std::{
    fs::{self, DirBuilder, Permissions},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    select,
    sync::watch::{self, Receiver, Sender},
    task::JoinSet,
    time::sleep,
};

use super::postgres;
use crate::Failed;

/// As much as is passed on at once.
const PIECE: usize = 16_384;

/// How a wire is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    /// Every connection ends, and none is let through.
    Cut,
    /// Nothing is passed on. What was on its way comes later, or never, if the wire is cut.
    Silent,
    /// Every piece takes so long.
    Slow(Duration),
}

/// A wire, for as long as this is there.
pub(crate) struct Wire {
    folder: PathBuf,
    state: Sender<State>,
    to: Arc<Mutex<PathBuf>>,
    _passing: JoinSet<()>,
}

impl Wire {
    /// Lays it: whoever connects in this folder is led to PostgreSQL.
    pub(crate) fn lay(folder: &Path) -> Result<Self, Failed> {
        DirBuilder::new().mode(0o700).create(folder)?;
        let socket = folder.join(".s.PGSQL.5432");
        let listener = UnixListener::bind(&socket)?;
        fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
        let (state, seen) = watch::channel(State::Open);
        let to = Arc::<Mutex<PathBuf>>::default();
        let mut passing = JoinSet::new();
        passing.spawn(pass_all(listener, Arc::clone(&to), seen));
        Ok(Self { folder: folder.to_owned(), state, to, _passing: passing })
    }

    pub(crate) fn lead_to(&self, socket: PathBuf) {
        *self.to.lock().expect("nobody panics with it") = socket;
    }

    pub(crate) fn set(&self, state: State) {
        self.state.send_replace(state);
    }

    /// What `DATABASE_URL` says of it.
    pub(crate) fn url(&self) -> String {
        postgres::url(&self.folder)
    }
}

async fn pass_all(listener: UnixListener, to: Arc<Mutex<PathBuf>>, state: Receiver<State>) {
    let mut passing = JoinSet::new();
    loop {
        select! {
            Ok((near, _)) = listener.accept() => {
                let socket = to.lock().expect("nobody panics with it").clone();
                passing.spawn(pass(near, socket, state.clone()));
            }
            Some(_) = passing.join_next() => {}
        }
    }
}

/// One connection, until either side ends it.
async fn pass(near: UnixStream, socket: PathBuf, state: Receiver<State>) {
    if *state.borrow() == State::Cut {
        return;
    }
    let Ok(far) = UnixStream::connect(socket).await else { return };
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    select! {
        () = copy(near_in, far_out, state.clone()) => {}
        () = copy(far_in, near_out, state) => {}
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut state: Receiver<State>,
) {
    let mut piece = vec![0; PIECE];
    loop {
        let read = select! {
            read = from.read(&mut piece) => read.unwrap_or_default(),
            _ = state.wait_for(|it| *it == State::Cut) => return,
        };
        if read == 0 || !may_pass(&mut state).await || to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
}

/// Waits for as long as the wire makes everything wait; `false`: it was cut meanwhile.
async fn may_pass(state: &mut Receiver<State>) -> bool {
    loop {
        let now = *state.borrow_and_update();
        match now {
            State::Open => return true,
            State::Cut => return false,
            State::Slow(takes) => {
                sleep(takes).await;
                return *state.borrow() != State::Cut;
            }
            State::Silent => {
                if state.changed().await.is_err() {
                    return false;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;

    /// A far end that says back what it hears, and the wire to it.
    fn laid(name: &str) -> (PathBuf, Wire, JoinSet<()>) {
        let folder = env::temp_dir().join(format!("storm-wire-{}-{name}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let listener = UnixListener::bind(folder.join("far")).expect("a socket");
        let mut echo = JoinSet::new();
        echo.spawn(async move {
            let mut ends = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (mut from, mut to) = stream.into_split();
                ends.spawn(async move { tokio::io::copy(&mut from, &mut to).await });
            }
        });
        let wire = Wire::lay(&folder.join("w")).expect("a wire");
        wire.lead_to(folder.join("far"));
        (folder, wire, echo)
    }

    async fn connect(folder: &Path) -> UnixStream {
        UnixStream::connect(folder.join("w/.s.PGSQL.5432")).await.expect("the wire is there")
    }

    #[tokio::test]
    async fn what_is_silent_comes_later_and_what_is_cut_never() {
        let (folder, wire, _echo) = laid("silent");
        let (mut stream, mut said) = (connect(&folder).await, [0; 2]);
        wire.set(State::Silent);
        stream.write_all(b"ab").await.expect("it takes it");

        let early = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut said)).await;
        wire.set(State::Open);
        stream.read_exact(&mut said).await.expect("it comes");
        wire.set(State::Cut);
        let after = stream.read(&mut [0; 1]).await;

        assert!(early.is_err(), "it was silent");
        assert_eq!((&said, after.ok()), (b"ab", Some(0)));
        assert_eq!(
            connect(&folder).await.read(&mut [0; 1]).await.ok(),
            Some(0),
            "none gets through"
        );
        fs::remove_dir_all(folder).expect("its folder goes");
    }
}
