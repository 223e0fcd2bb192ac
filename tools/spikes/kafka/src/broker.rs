//! Apache Kafka as Maven brings it, one node that is broker and controller.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
};

use ground::{Broker, Doing, Fault, free_port};
use tokio::process::Command;
use uuid::Uuid;

/// The folder of the jars; made by Maven where it is missing.
const JARS: &str = "../../../target/spikes/kafka-jars";
const JAVA: [&str; 5] = [
    "-Xms256m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Djava.awt.headless=true",
];

/// A node that keeps everything in `folder` and listens on the loopback only.
pub fn broker(folder: &Path) -> Result<Broker, Fault> {
    fs::create_dir_all(folder).doing("make the folder of Kafka")?;
    let jars = jars()?;
    let (port, controller) = (free_port()?, free_port()?);
    let settings = folder.join("server.properties");
    fs::write(&settings, properties(folder, port, controller)).doing("write the settings")?;
    let place = folder.to_owned();
    let java = move |class: &str| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("log4j2.properties");
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", "java"]).args(JAVA);
        command.arg(format!("-Dlog4j2.configurationFile={}", here.display()));
        command.arg("-cp").arg(format!("{}/*", jars.display())).arg(class).current_dir(&place);
        command
    };
    let mut format = java("kafka.tools.StorageTool").into_std();
    let id = &Uuid::now_v7().simple().to_string()[..22];
    format.args(["format", "--standalone", "-t", id, "-c"]).arg(&settings);
    let formatted = format.stdout(process::Stdio::null()).status().doing("format the log")?;
    if !formatted.success() {
        return Err(Fault::new("Kafka did not format its folder"));
    }
    let command = move || {
        let mut command = java("kafka.Kafka");
        command.arg(&settings);
        command
    };
    let (folder, command) = (folder.to_owned(), Box::new(command));
    Ok(Broker { folder, port, ready: "Kafka Server started", command, child: None })
}

fn properties(folder: &Path, port: u16, controller: u16) -> String {
    let one = [
        "offsets.topic.replication.factor",
        "transaction.state.log.replication.factor",
        "transaction.state.log.min.isr",
        "share.coordinator.state.topic.replication.factor",
        "share.coordinator.state.topic.min.isr",
    ];
    let ones = one.map(|it| format!("{it}=1\n")).concat();
    format!(
        "process.roles=broker,controller\nnode.id=1\n\
         controller.quorum.bootstrap.servers=127.0.0.1:{controller}\n\
         listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
         advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
         listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT\n\
         controller.listener.names=CONTROLLER\ninter.broker.listener.name=PLAINTEXT\n\
         log.dirs={}\n{ones}offsets.topic.num.partitions=4\nauto.create.topics.enable=false\n\
         group.initial.rebalance.delay.ms=0\ngroup.min.session.timeout.ms=1000\n\
         group.consumer.min.session.timeout.ms=1000\ngroup.consumer.session.timeout.ms=3000\n\
         group.consumer.min.heartbeat.interval.ms=500\n\
         group.consumer.heartbeat.interval.ms=500\n\
         log.retention.check.interval.ms=500\nlog.initial.task.delay.ms=100\n\
         log.cleaner.dedupe.buffer.size=16777216\n",
        folder.join("data").display()
    )
}

fn jars() -> Result<PathBuf, Fault> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let jars = env::var_os("KAFKA_JARS").map_or_else(|| here.join(JARS), PathBuf::from);
    if !jars.is_dir() {
        let mut maven = process::Command::new("mvn");
        maven.args(["-B", "-q", "dependency:copy-dependencies", "-DincludeScope=runtime"]);
        maven.arg(format!("-DoutputDirectory={}", jars.display())).current_dir(here);
        let brought = maven.status().doing("run Maven")?;
        if !brought.success() {
            return Err(Fault::new("Maven did not bring Kafka's jars"));
        }
    }
    Ok(jars)
}
