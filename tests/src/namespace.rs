//! Commands in Linux namespaces of their own, as those of a container are (`unshare(1)`).

use std::ffi::OsStr;
use std::process::Output;

use tokio::process::Command;

use crate::home::Home;
use crate::within;

/// Flags for the first process of a container, which any user may start: root in it is that user.
pub const CONTAINER: &[&str] = &[
    "--user",
    "--map-root-user",
    "--pid",
    "--fork",
    "--mount-proc",
    "--kill-child",
];

/// A command in namespaces of its own; `None` where that is not allowed here, which fails in CI.
#[expect(clippy::print_stdout, reason = "a part that is left out is said to be")]
pub async fn unshare<S: AsRef<OsStr>>(home: &Home, flags: &[&str], command: &[S]) -> Option<Command> {
    let mut attempt = home.command("unshare");
    attempt.args(flags).arg("true");
    let attempt = within("unshare", attempt.output()).await;
    let reason = match attempt {
        Ok(output) if output.status.success() => {
            let mut unshare = home.command("unshare");
            unshare.args(flags).args(command);
            return Some(unshare);
        }
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => format!("unshare: {error}"),
    };
    assert!(
        std::env::var_os("CI").is_none(),
        "namespaces have to be allowed: {reason}"
    );
    println!("no namespaces of our own are allowed here ({reason}): that part is left out");
    None
}

/// Output of a command in namespaces of its own; `None` as for [`unshare`].
pub async fn unshared(home: &Home, flags: &[&str], command: &[&str]) -> Option<Output> {
    let mut command = unshare(home, flags, command).await?;
    Some(within("the command", command.output()).await.expect("unshare starts"))
}
