//! One PostgreSQL for all tests of a binary.

use std::{
    env,
    hash::{DefaultHasher, Hash, Hasher},
};

use socle_db::server::{Folder, Server, Settings};
use tokio::sync::OnceCell;

static SERVER: OnceCell<Server> = OnceCell::const_new();

/// The server of this test binary; it ends with the process.
pub async fn server() -> &'static Server {
    SERVER.get_or_init(start).await
}

async fn start() -> Server {
    let mut name = DefaultHasher::new();
    env::current_exe().expect("a test has a path").hash(&mut name);
    env::var("USER").unwrap_or_default().hash(&mut name);
    let folder = env::temp_dir().join(format!("socle-test-{:016x}", name.finish()));
    let folder = Folder::try_new(folder).expect("a folder for the test server");
    let conf = [
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("max_connections", "300"),
        ("shared_buffers", "128MB"),
    ];
    let conf = conf.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let settings = Settings { binaries: None, conf };
    Server::join_or_start(&folder, &settings).await.expect("the test server starts")
}
