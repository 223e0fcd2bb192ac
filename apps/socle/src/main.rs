//! The program `socle`: reads the command line, obeys, prints the answer.

mod cli;
mod prompt;
mod settings;

mod answer;
mod failure;
mod logs;
mod table;
mod text;

mod clock;
mod modules;
mod operator;
mod password;
mod place;
mod runtime;
mod session;

mod commands;
mod demo;
mod import;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let (cli, settings) = match cli::read() {
        Ok(read) => read,
        Err(answered) => return answered,
    };
    let shape = cli.shape();
    if let Err(failure) = logs::start(&cli, &settings) {
        return failure.print(shape);
    }
    let code = match commands::obey(cli.command, &settings).await {
        Ok(answer) => answer.print(shape),
        Err(failure) => failure.print(shape),
    };
    logs::end();
    code
}
