//! The check of `mirrord exec` on systems on which no program can be watched.

use super::check::Check;

pub(super) fn checks() -> Vec<Check> {
    let found = match mirrord_observe::check_support() {
        Ok(()) => return vec![Check::ok("exec", "`mirrord exec` can watch programs")],
        Err(error) => error.to_string(),
    };
    vec![Check::warn(
        "exec",
        found,
        "`mirrord ui` and `mirrord proxy` work here, and show the sessions of every host that embeds mirrord-intproxy-ipc",
    )]
}
