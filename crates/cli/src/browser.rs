//! Detection of the user's browser: whether one that this machine opens is on the user's screen, and the command to
//! type if not.
//!
//! No browser is tried that cannot open: not over SSH, not in a container, not without a display. In WSL the browser is
//! the one of Windows.

use std::env;
use std::ffi::OsString;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Environment of this program as far as a browser is concerned.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BrowserEnv {
    /// Before a display of this system.
    Here,
    /// In WSL: this program opens an address in the browser of Windows.
    Wsl(WslOpener),
    /// On the far side of SSH: the user, the host and the port that lead here.
    Ssh {
        user: String,
        host: String,
        port: Option<u16>,
    },
    /// In a container, which has ports of its own.
    Container,
    /// Nowhere that a browser could appear.
    Nowhere,
}

/// Program that opens an address in the browser of Windows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum WslOpener {
    /// `wslview`, of wslu: takes the address.
    Wslview(PathBuf),
    /// `rundll32.exe url.dll,FileProtocolHandler ADDRESS`, of every Windows. `explorer.exe` opens a folder for an
    /// address that has a query.
    Rundll32(PathBuf),
}

/// Inputs of the detection; a test has its own.
struct EnvironmentProbe<'a> {
    variable: &'a dyn Fn(&str) -> Option<OsString>,
    exists: &'a dyn Fn(&Path) -> bool,
    host_name: &'a dyn Fn() -> String,
}

/// Finds out.
pub(crate) fn environment() -> BrowserEnv {
    let surroundings = EnvironmentProbe {
        variable: &|name| env::var_os(name),
        exists: &|path| path.exists(),
        host_name: &host_name,
    };
    surroundings.environment()
}

/// Hands an address to what opens it, which goes on without us.
pub(crate) fn open(environment: &BrowserEnv, url: &str) -> io::Result<()> {
    match environment {
        BrowserEnv::Here => open::that_detached(url),
        BrowserEnv::Wsl(opener) => {
            let mut command = opener.command(url);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn()?;
            // It is waited for, so that nothing is left of it, and not by us.
            std::thread::spawn(move || child.wait());
            Ok(())
        }
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Returns the instruction that leads to the page from the user's machine; `None` where a browser opens, or nothing
/// better is known than the address itself.
pub(crate) fn advice(environment: &BrowserEnv, port: u16) -> Option<String> {
    let other_port = "under another port or name, start this with --allow-host localhost:PORT or --allow-host NAME";
    match environment {
        BrowserEnv::Here | BrowserEnv::Wsl(_) | BrowserEnv::Nowhere => None,
        BrowserEnv::Ssh {
            user,
            host,
            port: ssh_port,
        } => {
            let ssh_port = ssh_port.map_or_else(String::new, |port| format!("-p {port} "));
            let command = format!("ssh {ssh_port}-L {port}:127.0.0.1:{port} {user}@{host}");
            Some(format!(
                "this is the far side of SSH: type this on your own machine, and open the address there\n    {command}\n\
                 mirrord: {other_port}"
            ))
        }
        BrowserEnv::Container => Some(format!(
            "this is a container: have its port {port} of 127.0.0.1 forwarded, and open the address outside; {other_port}"
        )),
    }
}

impl WslOpener {
    /// The command that opens an address. It has no shell on its way: an address is one argument, whatever is in it.
    fn command(&self, url: &str) -> Command {
        match self {
            Self::Wslview(program) => {
                let mut command = Command::new(program);
                command.arg(url);
                command
            }
            Self::Rundll32(program) => {
                let mut command = Command::new(program);
                command.args(["url.dll,FileProtocolHandler", url]);
                command
            }
        }
    }
}

impl EnvironmentProbe<'_> {
    fn text(&self, name: &str) -> Option<String> {
        let text = (self.variable)(name)?.into_string().ok()?;
        (!text.is_empty()).then_some(text)
    }

    fn environment(&self) -> BrowserEnv {
        if let Some(environment) = self.ssh() {
            return environment;
        }
        if self.text("WSL_DISTRO_NAME").is_some() || self.text("WSL_INTEROP").is_some() {
            // A container in WSL has neither of these. Without them a Linux browser may still appear, where the display
            // is Windows's own.
            if let Some(opener) = self.wsl_opener() {
                return BrowserEnv::Wsl(opener);
            }
        }
        let in_container = ["/.dockerenv", "/run/.containerenv"].into_iter();
        if in_container.map(Path::new).any(self.exists) || self.text("container").is_some() {
            return BrowserEnv::Container;
        }
        let needs_display = cfg!(all(unix, not(target_os = "macos")));
        if needs_display && self.text("DISPLAY").is_none() && self.text("WAYLAND_DISPLAY").is_none() {
            return BrowserEnv::Nowhere;
        }
        BrowserEnv::Here
    }

    /// Path of Windows, which is not in `PATH` where WSL does not append it (`appendWindowsPath`).
    fn wsl_opener(&self) -> Option<WslOpener> {
        if let Some(wslview) = self.program("wslview") {
            return Some(WslOpener::Wslview(wslview));
        }
        let usual = PathBuf::from("/mnt/c/Windows/System32/rundll32.exe");
        let rundll32 = self.program("rundll32.exe");
        let rundll32 = rundll32.or_else(|| (self.exists)(&usual).then_some(usual))?;
        Some(WslOpener::Rundll32(rundll32))
    }

    /// `SSH_CONNECTION` has the client's address and port, and then ours: those that the client has reached.
    fn ssh(&self) -> Option<BrowserEnv> {
        let connection = self.text("SSH_CONNECTION");
        if connection.is_none() && self.text("SSH_TTY").is_none() {
            return None;
        }
        let connection = connection.unwrap_or_default();
        let mut fields = connection.split_ascii_whitespace().skip(2);
        let address = fields.next().and_then(|text| text.parse::<IpAddr>().ok());
        let port = fields.next().and_then(|text| text.parse().ok());
        let host = address.map_or_else(|| plain((self.host_name)(), "HOST"), |address| address.to_string());
        let user = self.text("USER").or_else(|| self.text("LOGNAME")).unwrap_or_default();
        Some(BrowserEnv::Ssh {
            user: plain(user, "USER"),
            host,
            port: port.filter(|port| *port != 22),
        })
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        let path = (self.variable)("PATH")?;
        env::split_paths(&path)
            .map(|directory| directory.join(name))
            .find(|program| program.is_absolute() && (self.exists)(program))
    }
}

/// A name that can stand in a command line as it is; another one is left to the user to fill in.
fn plain(name: String, otherwise: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if !name.is_empty() && !name.starts_with('-') && name.bytes().all(is_plain) {
        name
    } else {
        otherwise.to_owned()
    }
}

#[cfg(unix)]
fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host_name() -> String {
    env::var("COMPUTERNAME").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat_with(variables: &[(&str, &str)], files: &[&str]) -> BrowserEnv {
        let surroundings = EnvironmentProbe {
            variable: &|name| {
                let found = variables.iter().find(|(own, _)| *own == name);
                found.map(|(_, value)| OsString::from(value))
            },
            exists: &|path| files.iter().any(|file| Path::new(file) == path),
            host_name: &|| "devbox".to_owned(),
        };
        surroundings.environment()
    }

    #[test]
    fn over_ssh_the_line_to_type_leads_back_here() {
        let environment = seat_with(
            &[
                ("SSH_CONNECTION", "192.0.2.7 5022 192.0.2.1 2222"),
                ("USER", "ada"),
                ("DISPLAY", ":10"),
            ],
            &["/.dockerenv"],
        );
        let advice = advice(&environment, 4711).unwrap();
        assert!(
            advice.contains("\n    ssh -p 2222 -L 4711:127.0.0.1:4711 ada@192.0.2.1\n"),
            "{advice}"
        );
        for (connection, user, line) in [
            (
                "2001:db8::7 1 2001:db8::1 22",
                "ada",
                "ssh -L 1:127.0.0.1:1 ada@2001:db8::1",
            ),
            ("x; rm -rf / y z", "a b", "ssh -L 1:127.0.0.1:1 USER@devbox"),
            ("", "-o", "ssh -L 1:127.0.0.1:1 USER@devbox"),
        ] {
            let environment = seat_with(
                &[
                    ("SSH_CONNECTION", connection),
                    ("SSH_TTY", "/dev/pts/1"),
                    ("LOGNAME", user),
                ],
                &[],
            );
            let advice = super::advice(&environment, 1).unwrap();
            assert!(advice.lines().any(|own| own.trim() == line), "{advice}");
        }
    }

    // WSL is a Linux, with its paths.
    #[test]
    #[cfg(unix)]
    fn in_wsl_it_is_the_browser_of_windows() {
        let wsl = [("WSL_DISTRO_NAME", "Debian"), ("PATH", "/usr/bin:/mnt/c/Windows")];
        let opener = |files: &[&str]| seat_with(&wsl, files);
        let both = ["/usr/bin/wslview", "/mnt/c/Windows/rundll32.exe"];
        assert_eq!(
            opener(&both),
            BrowserEnv::Wsl(WslOpener::Wslview("/usr/bin/wslview".into()))
        );
        for windows in [
            &["/mnt/c/Windows/rundll32.exe"][..],
            &["/mnt/c/Windows/System32/rundll32.exe"],
        ] {
            let BrowserEnv::Wsl(rundll32) = opener(windows) else {
                panic!("{windows:?}");
            };
            let command = rundll32.command("http://127.0.0.1:1/?ticket=a&b");
            let arguments: Vec<_> = command.get_args().collect();
            assert_eq!(command.get_program(), windows[0]);
            assert_eq!(
                arguments,
                ["url.dll,FileProtocolHandler", "http://127.0.0.1:1/?ticket=a&b"],
                "the query goes along"
            );
        }
        assert_eq!(
            opener(&["/mnt/c/Windows/explorer.exe"]),
            BrowserEnv::Nowhere,
            "it opens a folder"
        );
        assert_eq!(opener(&[]), BrowserEnv::Nowhere);
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn a_display_is_needed_and_a_container_has_none() {
        assert_eq!(seat_with(&[], &[]), BrowserEnv::Nowhere);
        assert_eq!(seat_with(&[("DISPLAY", "")], &[]), BrowserEnv::Nowhere);
        assert_eq!(seat_with(&[("DISPLAY", ":0")], &[]), BrowserEnv::Here);
        assert_eq!(seat_with(&[("WAYLAND_DISPLAY", "wayland-0")], &[]), BrowserEnv::Here);
        for (variables, files) in [
            (&[("DISPLAY", ":0")][..], &["/.dockerenv"][..]),
            (&[], &["/run/.containerenv"]),
            (&[("container", "podman")], &[]),
        ] {
            let environment = seat_with(variables, files);
            assert_eq!(environment, BrowserEnv::Container);
            assert!(advice(&environment, 7).unwrap().contains("port 7 of 127.0.0.1"));
        }
    }
}
