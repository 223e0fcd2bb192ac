//! Finds the server's programs.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use super::{Error, error::On, user::User};

/// The oldest major version that works.
const OLDEST: u32 = 15;
const INSTALLED: &str = "/usr/lib/postgresql";

/// A folder with `postgres` and `initdb`.
#[derive(Debug)]
pub(super) struct Binaries {
    pub(super) folder: PathBuf,
    pub(super) major: u32,
}

impl Binaries {
    /// The first place whose version fits: the one that made the cluster, where there is one.
    ///
    /// A configured folder is the only place then: whoever names one means that one.
    pub(super) async fn find(
        configured: Option<&Path>,
        user: &User,
        cluster: Option<(PathBuf, u32)>,
    ) -> Result<Self, Error> {
        let places = match configured {
            Some(folder) => vec![folder.to_owned()],
            None => places(user).await,
        };
        let mut found = Vec::new();
        for folder in places.iter().filter(|folder| is_complete(folder)) {
            found.push(Self::open(folder, user).await?);
        }
        if let Some(best) = found.iter().position(|binaries| binaries.fits(cluster.as_ref())) {
            return Ok(found.swap_remove(best));
        }
        Err(refusal(found, cluster, &places))
    }

    async fn open(folder: &Path, user: &User) -> Result<Self, Error> {
        let program = folder.join("postgres");
        let output = match user.command(&program).arg("--version").output().await {
            Ok(output) => output,
            Err(error) => {
                user.check_way_to(folder).await?;
                return Err(error).on("run", &program);
            }
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let major = major(&text).ok_or_else(|| io::Error::other(format!("it said {text:?}")));
        Ok(Self { folder: folder.to_owned(), major: major.on("read the version of", &program)? })
    }

    fn fits(&self, cluster: Option<&(PathBuf, u32)>) -> bool {
        self.major >= OLDEST && cluster.is_none_or(|(_, made_by)| *made_by == self.major)
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }
}

fn refusal(found: Vec<Binaries>, cluster: Option<(PathBuf, u32)>, places: &[PathBuf]) -> Error {
    let newest = found.into_iter().max_by_key(|binaries| binaries.major);
    match (newest, cluster) {
        (None, _) => {
            let looked: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
            Error::NoBinaries { looked: looked.join(", ") }
        }
        (Some(newest), Some((folder, made_by))) if newest.major >= OLDEST => {
            let (found, binaries) = (newest.major, newest.folder);
            Error::OtherVersion { folder, made_by, found, binaries }
        }
        (Some(newest), _) => Error::TooOld { found: newest.major, folder: newest.folder },
    }
}

async fn places(user: &User) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = Vec::new();
    if let Ok(output) = user.command("pg_config").arg("--bindir").output().await {
        places.push(String::from_utf8_lossy(&output.stdout).trim_end().into());
    }
    places.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()).map(real_folder));
    let installed = fs::read_dir(INSTALLED).into_iter().flatten().filter_map(Result::ok);
    let mut installed: Vec<_> = installed.map(|version| version.path().join("bin")).collect();
    installed.sort_by_key(|folder| std::cmp::Reverse(folder_major(folder)));
    if installed.is_empty() {
        installed.push(Path::new(INSTALLED).join("*/bin"));
    }
    places.extend(installed);
    let mut seen = Vec::new();
    places.retain(|place| {
        !seen.contains(place) && {
            seen.push(place.clone());
            true
        }
    });
    places
}

/// The server finds its own files from where it really lies, so that links are followed.
fn real_folder(folder: PathBuf) -> PathBuf {
    let program = folder.join("postgres").canonicalize().ok();
    program.and_then(|program| program.parent().map(Path::to_owned)).unwrap_or(folder)
}

fn folder_major(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

fn is_complete(folder: &Path) -> bool {
    ["postgres", "initdb"].iter().all(|program| folder.join(program).is_file())
}

/// The 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major(text: &str) -> Option<u32> {
    let version = text.split_once("(PostgreSQL) ")?.1;
    version.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}
