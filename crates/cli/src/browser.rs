//! Opens the user's browser, where there is one to see.

use std::env;

/// Whether a browser that this machine opens would appear before the user: not over SSH, not without a display.
pub(crate) fn can_open() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let local = !set("SSH_CONNECTION") && !set("SSH_TTY");
    local && (cfg!(not(all(unix, not(target_os = "macos")))) || set("DISPLAY") || set("WAYLAND_DISPLAY"))
}

/// Hands an address to the system's opener, which goes on without us.
pub(crate) fn open(url: &str) -> std::io::Result<()> {
    open::that_detached(url)
}
