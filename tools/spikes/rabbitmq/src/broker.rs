//! RabbitMQ of Debian's package, as a process of this program.

use std::{fs, path::Path};

use ground::{Broker, Doing, Fault, free_port};
use tokio::process::Command;

const PROGRAMS: &str = "/usr/lib/rabbitmq/bin";

/// A node that keeps everything in `folder` and listens on the loopback only, and the port of the
/// name server that Erlang starts beside it.
pub fn broker(folder: &Path) -> Result<(Broker, u16), Fault> {
    fs::create_dir_all(folder).doing("make the folder of RabbitMQ")?;
    let (port, dist, epmd) = (free_port()?, free_port()?, free_port()?);
    let write =
        |name: &str, text: &str| fs::write(folder.join(name), text).doing("write a setting");
    write(
        "rabbitmq.conf",
        &format!(
            "listeners.tcp.1 = 127.0.0.1:{port}\nlog.console = true\nlog.file = false\n\
             disk_free_limit.absolute = 50MB\nvm_memory_high_watermark.absolute = 512MB\n"
        ),
    )?;
    write("enabled_plugins", "[rabbitmq_consistent_hash_exchange].\n")?;
    write("advanced.config", "[{kernel,[{inet_dist_use_interface,{127,0,0,1}}]}].\n")?;
    write("rabbitmq-env.conf", "\n")?;
    let place = folder.to_owned();
    let command = move || {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(format!("{PROGRAMS}/rabbitmq-server"));
        command.current_dir(&place).env("HOME", &place).env("LC_ALL", "C.UTF-8");
        command.env("ERL_EPMD_PORT", epmd.to_string()).env("ERL_EPMD_ADDRESS", "127.0.0.1");
        // Else it does not end while it believes that the node is there.
        command.env("ERL_EPMD_RELAXED_COMMAND_CHECK", "1");
        for (name, value) in [
            ("NODENAME", format!("spike-{port}@localhost")),
            ("NODE_PORT", port.to_string()),
            ("DIST_PORT", dist.to_string()),
            // Erlang's schedulers spin while they wait, which costs a small machine a core.
            ("SERVER_ADDITIONAL_ERL_ARGS", "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none".into()),
        ] {
            command.env(format!("RABBITMQ_{name}"), value);
        }
        for (name, file) in [
            ("CONF_ENV_FILE", "rabbitmq-env.conf"),
            ("CONFIG_FILE", "rabbitmq.conf"),
            ("ADVANCED_CONFIG_FILE", "advanced.config"),
            ("ENABLED_PLUGINS_FILE", "enabled_plugins"),
            ("MNESIA_BASE", "mnesia"),
            ("LOG_BASE", "log"),
            ("PID_FILE", "pid"),
        ] {
            command.env(format!("RABBITMQ_{name}"), place.join(file));
        }
        command
    };
    let ready = "Server startup complete";
    let command = Box::new(command);
    Ok((Broker { folder: folder.to_owned(), port, ready, command, child: None }, epmd))
}
