//! One file a command: what was typed becomes a call, what comes back an answer.

mod catalogues;
mod config;
mod cron;
mod dead_letters;
mod doctor;
mod events;
mod jobs;
mod key;
mod ledger;
mod migrate;
mod serve;
mod status;
mod stop;
mod tenant;

use crate::{
    answer::Answer,
    cli::{Command, ImportCommand},
    demo,
    failure::Failure,
    import,
    settings::Settings,
};

/// Does what was typed.
pub(crate) async fn obey(command: Command, settings: &Settings) -> Result<Answer, Failure> {
    match command {
        Command::Serve(how) => serve::obey(&how, settings).await,
        Command::Status => status::obey(settings).await,
        Command::Stop => stop::obey(settings).await,
        Command::Demo => demo::obey(settings).await,
        Command::Import(ImportCommand::Purchases(file)) => import::obey(&file, settings).await,
        Command::Ledger(command) => ledger::obey(command, settings).await,
        Command::Tenant(command) => tenant::obey(command, settings).await,
        Command::Key(command) => key::obey(command, settings).await,
        Command::Events(command) => events::obey(command, settings).await,
        Command::DeadLetters(command) => dead_letters::obey(command, settings).await,
        Command::Jobs(command) => jobs::obey(command, settings).await,
        Command::Cron(command) => cron::obey(command, settings).await,
        Command::Openapi => Ok(catalogues::openapi()),
        Command::Asyncapi => Ok(catalogues::asyncapi()),
        Command::Modules => Ok(catalogues::list()),
        Command::Errors => Ok(catalogues::errors()),
        Command::Completions { shell } => Ok(catalogues::completions(shell)),
        Command::Migrate => migrate::obey(settings).await,
        Command::Config => config::obey(settings),
        Command::Doctor => doctor::obey(settings).await,
    }
}
