//! Which packages `bless` finds.

use std::{fs, path::PathBuf, process};

use xtask::bless::keepers;

#[test]
fn a_package_with_golden_files_is_found_wherever_it_keeps_them() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("tree-{}", process::id()));
    for (package, name, folder) in [
        ("platform/a", "socle-a", "golden"),
        ("modules/suite/b", "socle-b", "tests/it/golden"),
        ("apps/c", "c", "tests/it/goldens"),
    ] {
        fs::create_dir_all(root.join(package).join(folder)).unwrap();
        let manifest = format!("[package]\nname = \"{name}\"\n");
        fs::write(root.join(package).join("Cargo.toml"), manifest).unwrap();
    }

    assert_eq!(keepers(&root), ["socle-a", "socle-b"]);
}
