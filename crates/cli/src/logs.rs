//! The log, on stderr: warnings alone, unless `-v`, `-vv` or `RUST_LOG` ask for more.
//!
//! The lines of each place in the source are limited in number, see [`limit`].
//!
//! Invariant: no token, no value of an environment variable and nothing that a peer sent to the letter is ever logged;
//! every call of a log macro sees to it. The flag goes before the variable, which may be set for something else.

use std::env;

use tracing_subscriber::EnvFilter;

mod limit;

use self::limit::Limited;
use crate::diagnostics::{Log, diagnostic};

/// Filter for the logs of other crates: below a warning they are of no use to a user, and `-vv` is for our own. A
/// cluster that is away is an error to kube, every five minutes, and to us a reason that `/api/version` has; an answer that is
/// an error is a warning to rmcp, and the client has it.
const BY_FLAG: [&str; 3] = [
    "warn,kube_client=off,rmcp=error",
    "warn,kube_client=off,rmcp=error,mirrord=info,mirrord_ui_server=info",
    "warn,kube_client=off,rmcp=error,mirrord=trace,mirrord_ui_server=trace",
];

/// Begins to log for a command that has stderr to itself.
pub(crate) fn begin(verbosity: u8) {
    let asked = env::var("RUST_LOG").unwrap_or_default();
    if verbosity > 0 || asked.is_empty() {
        by_flag(verbosity);
        return;
    }
    match EnvFilter::try_new(&asked) {
        Ok(filter) => begin_with(filter),
        Err(error) => {
            diagnostic!("mirrord: RUST_LOG is not a filter for a log ({error})");
            by_flag(0);
        }
    }
}

/// Begins to log beside a program: `RUST_LOG` is the program's, and without the flag nothing is written.
pub(crate) fn begin_beside_a_program(verbosity: u8) {
    if verbosity > 0 {
        by_flag(verbosity);
    }
}

fn by_flag(verbosity: u8) {
    let most = BY_FLAG.len() - 1;
    begin_with(EnvFilter::new(BY_FLAG[usize::from(verbosity).min(most)]));
}

fn begin_with(filter: EnvFilter) {
    let log = tracing_subscriber::fmt()
        // It would print what it could not write.
        .log_internal_errors(false)
        .event_format(Limited::new(tracing_subscriber::fmt::format()))
        .with_env_filter(filter)
        .with_writer(|| Log);
    // Another one is there already: only a test would have it.
    log.try_init().ok();
}
