//! Reads the workspace from disk; each file is read and parsed once.

use std::{fs, path::Path};

use cargo_metadata::{MetadataCommand, Package};

use crate::{Crate, Dependency, DependencyKind, GOLDEN, Migration, Source, Workspace};

/// Folders of test data: what lies there is read by tests, not compiled.
const DATA_FOLDERS: [&str; 2] = ["fixtures", "golden"];

impl Workspace {
    /// The root of the workspace that this crate belongs to.
    ///
    /// # Panics
    ///
    /// Never: this crate lies two folders below it.
    #[must_use]
    pub fn root() -> &'static Path {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
        tools.and_then(Path::parent).expect("archtest lies two folders below the root")
    }

    /// The workspace as it stands on disk.
    ///
    /// # Panics
    ///
    /// When `cargo metadata` fails or a file cannot be read or parsed.
    #[must_use]
    pub fn load() -> Self {
        let mut command = MetadataCommand::new();
        let metadata = command.no_deps().current_dir(Self::root()).exec();
        let metadata = metadata.expect("cargo describes the workspace");
        let mut crates: Vec<_> = metadata.packages.iter().map(load_crate).collect();
        crates.sort_by(|one, next| one.path.cmp(&next.path));
        let golden_graph = fs::read_to_string(Self::root().join(GOLDEN)).unwrap_or_default();
        Self { crates, golden_graph }
    }
}

fn load_crate(package: &Package) -> Crate {
    let folder = package.manifest_path.parent().expect("a manifest has a folder").as_std_path();
    let mut sources = Vec::new();
    for inside in ["src", "tests", "benches", "examples"] {
        walk(&folder.join(inside), "rs", &mut sources);
    }
    let build = folder.join("build.rs");
    if build.exists() {
        sources.push((relative(&build), read(&build)));
    }
    let mut migrations = Vec::new();
    walk(&folder.join("migrations"), "sql", &mut migrations);
    Crate {
        name: package.name.to_string(),
        path: relative(folder),
        manifest: read(&folder.join("Cargo.toml")),
        dependencies: package.dependencies.iter().filter_map(dependency).collect(),
        sources: sources.iter().map(|(path, text)| Source::parse(path, text)).collect(),
        migrations: migrations.iter().map(|(path, text)| Migration::new(path, text)).collect(),
        readme: fs::read_to_string(folder.join("README.md")).unwrap_or_default(),
    }
}

fn dependency(it: &cargo_metadata::Dependency) -> Option<Dependency> {
    let kind = match it.kind {
        cargo_metadata::DependencyKind::Development => DependencyKind::Dev,
        cargo_metadata::DependencyKind::Build => DependencyKind::Build,
        _ => DependencyKind::Normal,
    };
    it.path.as_ref().map(|_| Dependency { name: it.name.clone(), kind })
}

/// Adds (path, text) of the files with this extension below `folder`, in order.
fn walk(folder: &Path, extension: &str, found: &mut Vec<(String, String)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|it| it.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
        if path.is_dir() && !DATA_FOLDERS.contains(&name) {
            walk(&path, extension, found);
        } else if path.is_file() && path.extension().is_some_and(|it| it == extension) {
            found.push((relative(&path), read(&path)));
        }
    }
}

fn relative(path: &Path) -> String {
    let inside = path.strip_prefix(Workspace::root()).expect("a member lies inside the workspace");
    inside.to_str().expect("paths are UTF-8").to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}
