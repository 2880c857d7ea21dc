//! The command line.

mod config;
mod openapi;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Configuration, StartError};
use crate::lifecycle;

/// The backend of a self-hosted AI workspace.
#[derive(Parser)]
#[command(name = "keelson", version, about)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve (what is done without a command)
    Serve,
    /// Look at settings and change them
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Print the OpenAPI document
    Openapi,
}

/// Runs the command line; 0 when all went well, 1 when not.
pub fn run() -> ExitCode {
    let command = CommandLine::parse().command.unwrap_or(Command::Serve);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&StartError::Unusable(format!("no runtime: {error}"))),
    };
    // Fails only when a provider was chosen before, which then serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let done = runtime.block_on(async {
        match command {
            Command::Serve => {
                let configuration = Configuration::load()?;
                keelson_telemetry::start_logs(&configuration.log)
                    .map_err(|error| StartError::Unusable(error.to_string()))?;
                lifecycle::serve(configuration).await
            }
            Command::Config(command) => config::run(command).await,
            Command::Openapi => openapi::run(),
        }
    });
    // Work that cannot be cut short, such as hashing a password, must not hold the process up.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &StartError) -> ExitCode {
    // Nothing can be done when even the error cannot be written.
    let _ = writeln!(std::io::stderr(), "keelson: {error}");
    ExitCode::FAILURE
}

/// Prints a line; a closed pipe ends the output, which is no error.
fn print(line: &str) -> Result<(), StartError> {
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(StartError::Unusable(format!("cannot print: {error}")))
        }
        _ => Ok(()),
    }
}
