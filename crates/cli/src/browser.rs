//! Where the user sits: whether a browser that this machine opens would appear before them, and what to type if not.
//!
//! No browser is tried that cannot open: not over SSH, not in a container, not without a display. In WSL the browser is
//! the one of Windows.

use std::env;
use std::ffi::OsString;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where this program runs, as far as a browser is concerned.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seat {
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
    /// `rundll32.exe url.dll,FileProtocolHandler ADDRESS`, of every Windows. `explorer.exe` opens a folder for an address
    /// that has a query.
    Rundll32(PathBuf),
}

/// What is looked at to find out; a test has its own.
struct Surroundings<'a> {
    variable: &'a dyn Fn(&str) -> Option<OsString>,
    exists: &'a dyn Fn(&Path) -> bool,
    host_name: &'a dyn Fn() -> String,
}

/// Finds out.
pub(crate) fn seat() -> Seat {
    let surroundings = Surroundings {
        variable: &|name| env::var_os(name),
        exists: &|path| path.exists(),
        host_name: &host_name,
    };
    surroundings.seat()
}

/// Hands an address to what opens it, which goes on without us.
pub(crate) fn open(seat: &Seat, url: &str) -> io::Result<()> {
    match seat {
        Seat::Here => open::that_detached(url),
        Seat::Wsl(opener) => {
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

/// What to do to see the page from where the user is; `None` where a browser opens, or nothing better is known than the
/// address itself.
pub(crate) fn advice(seat: &Seat, port: u16) -> Option<String> {
    let other_port = "under another port or name, start this with --allow-host localhost:PORT or --allow-host NAME";
    match seat {
        Seat::Here | Seat::Wsl(_) | Seat::Nowhere => None,
        Seat::Ssh {
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
        Seat::Container => Some(format!(
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

impl Surroundings<'_> {
    fn text(&self, name: &str) -> Option<String> {
        let text = (self.variable)(name)?.into_string().ok()?;
        (!text.is_empty()).then_some(text)
    }

    fn seat(&self) -> Seat {
        if let Some(seat) = self.ssh() {
            return seat;
        }
        if self.text("WSL_DISTRO_NAME").is_some() || self.text("WSL_INTEROP").is_some() {
            // A container in WSL has neither of these. Without them a Linux browser may still appear, where the display
            // is Windows's own.
            if let Some(opener) = self.wsl_opener() {
                return Seat::Wsl(opener);
            }
        }
        let in_container = ["/.dockerenv", "/run/.containerenv"].into_iter();
        if in_container.map(Path::new).any(self.exists) || self.text("container").is_some() {
            return Seat::Container;
        }
        let needs_display = cfg!(all(unix, not(target_os = "macos")));
        if needs_display && self.text("DISPLAY").is_none() && self.text("WAYLAND_DISPLAY").is_none() {
            return Seat::Nowhere;
        }
        Seat::Here
    }

    /// The path of Windows is not in `PATH` where WSL is told not to append it.
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
    fn ssh(&self) -> Option<Seat> {
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
        Some(Seat::Ssh {
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

    fn seat_with(variables: &[(&str, &str)], files: &[&str]) -> Seat {
        let surroundings = Surroundings {
            variable: &|name| {
                let found = variables.iter().find(|(own, _)| *own == name);
                found.map(|(_, value)| OsString::from(value))
            },
            exists: &|path| files.iter().any(|file| Path::new(file) == path),
            host_name: &|| "devbox".to_owned(),
        };
        surroundings.seat()
    }

    #[test]
    fn over_ssh_the_line_to_type_leads_back_here() {
        let seat = seat_with(
            &[
                ("SSH_CONNECTION", "192.0.2.7 5022 192.0.2.1 2222"),
                ("USER", "ada"),
                ("DISPLAY", ":10"),
            ],
            &["/.dockerenv"],
        );
        let advice = advice(&seat, 4711).unwrap();
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
            let seat = seat_with(
                &[
                    ("SSH_CONNECTION", connection),
                    ("SSH_TTY", "/dev/pts/1"),
                    ("LOGNAME", user),
                ],
                &[],
            );
            let advice = super::advice(&seat, 1).unwrap();
            assert!(advice.lines().any(|own| own.trim() == line), "{advice}");
        }
    }

    #[test]
    fn in_wsl_it_is_the_browser_of_windows() {
        let wsl = [("WSL_DISTRO_NAME", "Debian"), ("PATH", "/usr/bin:/mnt/c/Windows")];
        let opener = |files: &[&str]| seat_with(&wsl, files);
        let both = ["/usr/bin/wslview", "/mnt/c/Windows/rundll32.exe"];
        assert_eq!(opener(&both), Seat::Wsl(WslOpener::Wslview("/usr/bin/wslview".into())));
        for windows in [
            &["/mnt/c/Windows/rundll32.exe"][..],
            &["/mnt/c/Windows/System32/rundll32.exe"],
        ] {
            let Seat::Wsl(rundll32) = opener(windows) else {
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
            Seat::Nowhere,
            "it opens a folder"
        );
        assert_eq!(opener(&[]), Seat::Nowhere);
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn a_display_is_needed_and_a_container_has_none() {
        assert_eq!(seat_with(&[], &[]), Seat::Nowhere);
        assert_eq!(seat_with(&[("DISPLAY", "")], &[]), Seat::Nowhere);
        assert_eq!(seat_with(&[("DISPLAY", ":0")], &[]), Seat::Here);
        assert_eq!(seat_with(&[("WAYLAND_DISPLAY", "wayland-0")], &[]), Seat::Here);
        for (variables, files) in [
            (&[("DISPLAY", ":0")][..], &["/.dockerenv"][..]),
            (&[], &["/run/.containerenv"]),
            (&[("container", "podman")], &[]),
        ] {
            let seat = seat_with(variables, files);
            assert_eq!(seat, Seat::Container);
            assert!(advice(&seat, 7).unwrap().contains("port 7 of 127.0.0.1"));
        }
    }
}
