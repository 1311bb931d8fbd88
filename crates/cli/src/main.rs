//! `mirrord exec`, `mirrord ui`, `mirrord session`, `mirrord proxy`, `mirrord config` and `mirrord doctor`: reads the command
//! line and calls the parts.

mod args;
mod browser;
mod config;
mod diagnostics;
mod diff;
mod doctor;
mod env;
mod exec;
mod install;
mod logs;
mod mcp;
mod memory;
mod otlp;
mod proxy;
mod record;
mod session;
mod shutdown;
mod ui;
mod verify_config;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command, SessionCommand};
use crate::diagnostics::diagnostic;

fn main() -> ExitCode {
    #[cfg(unix)]
    mirrord_observe::set_own_dispositions();
    // Each `mirrord exec` waits for it: without the command line's parser it is ready sooner.
    if std::env::args_os().nth(1).is_some_and(|word| word == args::WATCHDOG) {
        return mirrord_observe::watchdog_main();
    }
    let Cli { command, verbose } = Cli::parse();
    match command {
        Command::Exec(arguments) => {
            logs::begin_beside_a_program(verbose);
            exec::run(arguments)
        }
        Command::Ui(arguments) => {
            memory::limit_arenas();
            logs::begin(verbose);
            ui::run(arguments).unwrap_or_else(|error| failed(&error, ui::exit_code(&error)))
        }
        Command::Replay(arguments) => {
            memory::limit_arenas();
            logs::begin(verbose);
            ui::replay(arguments).unwrap_or_else(|error| failed(&error, ui::exit_code(&error)))
        }
        Command::Session(command) => {
            logs::begin(verbose);
            session::run(command)
        }
        Command::Ls(arguments) => {
            logs::begin(verbose);
            session::run(SessionCommand::List(arguments))
        }
        Command::Kill(arguments) => {
            logs::begin(verbose);
            session::run(SessionCommand::Stop(arguments))
        }
        Command::Record(arguments) => {
            logs::begin(verbose);
            record::run(arguments)
        }
        Command::Diff(arguments) => {
            logs::begin(verbose);
            diff::run(&arguments)
        }
        Command::Mcp(arguments) => {
            logs::begin(verbose);
            mcp::run(arguments).unwrap_or_else(|error| failed(&error, 1))
        }
        Command::Proxy(arguments) => {
            logs::begin(verbose);
            proxy::run(&arguments).unwrap_or_else(|error| failed(&error, 1))
        }
        Command::VerifyConfig(arguments) => answered(verify_config::run(&arguments)),
        Command::Config(command) => answered(config::run(command)),
        Command::Doctor(arguments) => answered(doctor::run(arguments)),
        Command::Completions(arguments) => answered(install::completions(&arguments)),
        Command::Man(arguments) => answered(install::man(&arguments)),
    }
}

/// The exit code of a command that prints an answer. A reader that wants no more, such as `head`, is no failure.
fn answered(result: anyhow::Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| match error.downcast_ref::<std::io::Error>() {
        Some(io) if io.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        _ => failed(&error, 1),
    })
}

/// The one way out for an error: a line on stderr, with its causes, and a code.
fn failed(error: &anyhow::Error, code: u8) -> ExitCode {
    diagnostic!("mirrord: {}", diagnostics::with_causes(error));
    ExitCode::from(code)
}
