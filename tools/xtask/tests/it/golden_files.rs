//! Which packages `bless` finds.

use std::{fs, path::PathBuf, process};

use xtask::bless::keepers;

#[test]
fn a_package_with_golden_files_in_its_tests_is_found_at_any_depth() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("tree-{}", process::id()));
    for (folder, name) in [("platform/a", "socle-a"), ("modules/suite/b", "socle-b")] {
        fs::create_dir_all(root.join(folder).join("tests/it/golden")).unwrap();
        let manifest = format!("[package]\nname = \"{name}\"\n");
        fs::write(root.join(folder).join("Cargo.toml"), manifest).unwrap();
    }
    fs::create_dir_all(root.join("apps/c/src/golden")).unwrap();
    fs::write(root.join("apps/c/Cargo.toml"), "[package]\nname = \"c\"\n").unwrap();

    assert_eq!(keepers(&root), ["socle-a", "socle-b"]);
}
