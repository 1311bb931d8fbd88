//! `fuzz`: odd requests against the session socket, for a time. What `test` replays was found this way.

use anyhow::{Context, Result, bail};

use crate::{bench::session, paths::Paths};

/// Default length of a run.
const SECONDS: &str = "60";

/// The command.
pub(crate) fn run(paths: &Paths, args: &[String]) -> Result<()> {
    let seconds = match args {
        [] => SECONDS,
        [seconds] => seconds,
        _ => bail!("`fuzz` takes a number of seconds"),
    };
    let _: u32 = seconds
        .parse()
        .with_context(|| format!("`fuzz` takes a number of seconds, and got `{seconds}`"))?;
    session::run_example(paths, "fuzz", &[seconds.to_owned()])
}
