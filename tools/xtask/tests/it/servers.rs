//! Which PostgreSQL is taken.

use std::{fs, path::PathBuf, process};

use xtask::parts::postgres::{MAJOR_OLDEST, find, folders, major, packaged};

#[test]
fn the_major_version_is_read_from_what_the_server_prints() {
    assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
    assert_eq!(major("postgres (PostgreSQL) 18beta2\n"), Some(18));
    assert_eq!(major("postgres (PostgreSQL) 9.6.24\n"), Some(9));
    assert_eq!(major("initdb (PostgreSQL) 15.18\n"), None);
    assert_eq!(major(""), None);
}

#[test]
fn this_machine_has_a_server_that_is_new_enough() {
    let server = find(folders()).expect("xtask installs one before the tests");

    assert!(MAJOR_OLDEST <= server.major);
    assert!(server.folder.join("initdb").is_file());
}

#[test]
fn a_folder_without_both_programs_is_passed_over() {
    let folder = scratch("half");
    fs::write(folder.join("initdb"), "").unwrap();
    let complete = find(folders()).expect("a server");

    assert_eq!(find([folder.clone(), complete.folder.clone()]), Some(complete));
    assert_eq!(find([folder]), None);
}

#[test]
fn the_newest_package_comes_first_by_number() {
    let root = scratch("packages");
    for name in ["9", "18", "15", "common"] {
        fs::create_dir_all(root.join(name)).unwrap();
    }

    assert_eq!(packaged(&root), ["18", "15", "9"].map(|it| root.join(it).join("bin")));
}

fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.join(format!("{name}-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder below the target folder");
    folder
}
