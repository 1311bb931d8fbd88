//! `mirrord completions` and `mirrord man`: both are generated from the arguments, so that they cannot lag behind them.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Command, CommandFactory as _};

use crate::args::{Cli, Completions, Man};

/// Name of the program, whatever its file is called.
const PROGRAM: &str = "mirrord";

/// Prints the completions of a shell.
pub(crate) fn completions(arguments: &Completions) -> Result<ExitCode> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut shown(Cli::command()), PROGRAM, &mut text);
    io::stdout().write_all(&text)?;
    io::stdout().flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the manual pages, and prints the path of each.
pub(crate) fn man(arguments: &Man) -> Result<ExitCode> {
    let directory = &arguments.directory;
    let cannot = || format!("cannot write manual pages into {}", directory.display());
    fs::create_dir_all(directory).with_context(cannot)?;
    let mut command = shown(Cli::command());
    command.build();
    let mut paths = String::new();
    write_pages(directory, &command, &mut paths).with_context(cannot)?;
    io::stdout().write_all(paths.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the page of a command that is built, and those of its subcommands: `mirrord-ui-mirror.1`.
fn write_pages(directory: &Path, command: &Command, paths: &mut String) -> Result<()> {
    let name = command.get_display_name().unwrap_or(PROGRAM);
    let path = directory.join(format!("{name}.1"));
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    fs::write(&path, page).with_context(|| path.display().to_string())?;
    paths.push_str(&format!("{}\n", path.display()));
    for subcommand in command.get_subcommands() {
        write_pages(directory, subcommand, paths)?;
    }
    Ok(())
}

/// The command without subcommands that are not for the keyboard: the generators do not leave them out.
fn shown(command: Command) -> Command {
    let subcommands: Vec<_> = command
        .get_subcommands()
        .filter(|own| !own.is_hide_set())
        .cloned()
        .collect();
    let mut shown = Command::new(PROGRAM)
        .args(command.get_arguments())
        .subcommands(subcommands);
    shown = shown.disable_help_subcommand(true).version(env!("CARGO_PKG_VERSION"));
    match command.get_about() {
        Some(about) => shown.about(about.clone()),
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use clap_complete::Shell;

    use super::*;

    fn completions_of(shell: Shell) -> String {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut shown(Cli::command()), PROGRAM, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn completions_have_every_command_and_none_that_is_hidden() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
            let text = completions_of(shell);
            for command in Cli::command().get_subcommands() {
                let name = command.get_name();
                assert!(text.contains(name), "{shell}: {name}");
            }
            assert!(text.contains("sessions-dir"), "{shell}");
        }
    }

    #[test]
    fn each_command_has_a_page_that_names_its_flags() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("share/man1");
        man(&Man {
            directory: directory.clone(),
        })
        .unwrap();
        let page = |name: &str| fs::read_to_string(directory.join(name)).unwrap();
        assert!(page("mirrord.1").contains("mirrord\\-exec(1)"), "{}", page("mirrord.1"));
        assert!(page("mirrord-ui.1").contains("\\-\\-allow\\-host"));
        assert!(page("mirrord-ui-mirror-pair.1").contains("\\-\\-sessions\\-dir"));
        assert!(fs::write(home.path().join("file"), "").is_ok());
        let error = man(&Man {
            directory: home.path().join("file"),
        });
        assert!(format!("{:#}", error.unwrap_err()).contains("file"));
    }
}
