//! `fuzz`: odd requests against the session socket, and odd filters, for a time each. What `test` replays was found this way.

use anyhow::{Context, Result, bail};

use crate::{bench::session, paths::Paths};

/// Default length of a run.
const SECONDS: &str = "60";
/// The package of the filter language.
pub(crate) const FILTER: &str = "mirrord-filter";

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
    [session::PACKAGE, FILTER]
        .into_iter()
        .try_for_each(|package| session::run_example(paths, package, "fuzz", &[seconds.to_owned()]))
}
