//! Check of the browser that `mirrord ui` opens.

use super::check::Check;
use crate::browser::{BrowserEnv, advice, environment};
use crate::ui::DEFAULT_PORT;

pub(super) fn check() -> Check {
    judge(&environment())
}

fn judge(environment: &BrowserEnv) -> Check {
    let name = "browser";
    let way_out = || advice(environment, DEFAULT_PORT).unwrap_or_default();
    match environment {
        BrowserEnv::Here => Check::ok(name, "`mirrord ui` opens one on this screen"),
        BrowserEnv::Wsl(_) => Check::ok(name, "`mirrord ui` opens that of Windows"),
        BrowserEnv::Ssh { .. } => Check::warn(name, "none is opened over SSH", way_out()),
        BrowserEnv::Container => Check::warn(name, "none is opened in a container", way_out()),
        BrowserEnv::Nowhere => Check::warn(
            name,
            "there is no display for one",
            "open the address that `mirrord ui` prints in a browser of this machine, or forward its port",
        ),
    }
}
