//! Golden files: expected output kept next to the test, rewritten by `cargo xtask bless`.

use std::{env, fs, path::Path};

/// Compares `actual` with the file at `path`, relative to the crate under test.
#[track_caller]
pub fn golden(path: &str, actual: &str) {
    let dir = env::var("CARGO_MANIFEST_DIR").expect("cargo sets the crate directory");
    let path = Path::new(&dir).join(path);
    if env::var_os("SOCLE_BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a golden file has a folder"))
            .expect("create folder");
        fs::write(&path, actual).expect("write golden file");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected, actual, "{} differs; `cargo xtask bless` accepts", path.display());
}
