//! Arguments of the command line, and nothing of what is done with them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand};
use mirrord_tcp_proxy::Upstream;

mod directory;
mod exec;
mod install;
mod mcp;
mod otlp;
mod record;
mod session;
mod session_name;

pub(crate) use self::directory::Sessions;
pub(crate) use self::exec::{Exec, SummaryFormat};
pub(crate) use self::install::{Completions, Man};
pub(crate) use self::mcp::Mcp;
pub(crate) use self::otlp::Otlp;
pub(crate) use self::record::{Diff, Record, RecordContent, Replay};
pub(crate) use self::session::{
    SessionCommand, SessionEvents, SessionInfo, SessionList, SessionState, SessionStop, SessionWait,
};

/// First argument with which `exec` starts the watchdog: no subcommand, and not for the keyboard.
pub(crate) const WATCHDOG: &str = "__watchdog";

/// Opens the box: see what your program reads, where it connects, and what a mirrord session does with it.
#[derive(Debug, Parser)]
#[command(name = "mirrord", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Log to stderr what mirrord itself does; twice, in detail.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a program and watch it: its files, its connections, its name look-ups, its processes.
    ///
    /// The program's input, output, signals, terminal and exit code are its own. Exits with the program's code; with
    /// 127 or 126 where the program was not found or is not executable; with 125 where mirrord itself failed before it
    /// started.
    Exec(Exec),
    /// Show every session of this machine in the browser, until Ctrl-C.
    ///
    /// One runs for each user, or rather for each sessions directory: where one runs already, its address is printed
    /// and opened in its place.
    Ui(Ui),
    /// List, read, wait for and end sessions: for people, scripts and agents.
    #[command(subcommand)]
    Session(SessionCommand),
    /// List the sessions that run: short for `mirrord session list`.
    Ls(SessionList),
    /// End the programs of sessions: short for `mirrord session stop`.
    Kill(SessionStop),
    /// Record a session to a file, until it ends or until Ctrl-C: what it keeps, and what comes.
    Record(Record),
    /// Show records in the browser, each as a session that has ended, until Ctrl-C.
    ///
    /// Beside a `mirrord ui` that runs, and without its sessions: a server of its own on a free port.
    Replay(Replay),
    /// Compare two records: what only one of the runs touched, and what came of it otherwise.
    Diff(Diff),
    /// Answer an agent about sessions and records by the Model Context Protocol, on standard input and output.
    Mcp(Mcp),
    /// Make any local server reachable from the network, byte for byte, until Ctrl-C.
    ///
    /// A TCP reverse proxy: HTTP, Server-Sent Events and WebSockets pass unchanged. It adds no sign-in and no
    /// encryption of its own: every client that reaches its port reaches the server. The page of `mirrord ui` has a
    /// mirror with both.
    #[command(alias = "mirror")]
    Proxy(Proxy),
    /// Check a config file: mirrord.json, or TOML or YAML by its extension.
    ///
    /// Exits with 0 where it is valid, and with 1 where it is not: all problems are named at once, each with its line.
    VerifyConfig(VerifyConfig),
    /// Show a config as it applies, and explain which operations would go to the cluster. No cluster is asked.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check what mirrord needs on this machine, each with the way out where something is in the way.
    ///
    /// The kernel, the sessions directory and its sockets, the kubeconfig, the ports, other programs of the name, the
    /// browser. Changes nothing. Exits with 1 where a command of mirrord cannot work, and with 0 otherwise.
    Doctor(Status),
    /// Print the completions of a shell: `mirrord completions bash > ~/.local/share/bash-completion/completions/mirrord`.
    Completions(Completions),
    /// Write the manual pages into a directory: `mirrord man ~/.local/share/man/man1`.
    Man(Man),
}

/// Arguments of `mirrord verify-config`.
#[derive(Debug, Args)]
pub(crate) struct VerifyConfig {
    /// The file; `-` is standard input, as JSON.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Questions about a config.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print every value, and its origin: a line of the file, a variable, or the default.
    Show(ConfigShow),
    /// Say where an operation would go, by which rule, and why the rules before it did not decide.
    ///
    /// `explain file_read /etc/app.yaml`, `explain connect_tcp 10.0.0.5:5432`, `explain dns db`, `explain env DB_HOST`,
    /// `explain listen 8080`; `explain kinds` lists all kinds. The cluster is not asked for what it alone knows: the answer
    /// is then `depends`, unless `--assume` gives it. Exits with 0 where there is an answer, with 1 where the config
    /// cannot be used or a line of `--batch` was bad, and with 2 where the operation is none.
    Explain(ConfigExplain),
}

/// Config file of a question.
#[derive(Debug, Args)]
pub(crate) struct ConfigFile {
    /// The config file; MIRRORD_CONFIG_FILE where it is not given, and the defaults without either.
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(crate) config_file: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `mirrord config show`.
#[derive(Debug, Args)]
pub(crate) struct ConfigShow {
    #[command(flatten)]
    pub(crate) file: ConfigFile,
}

/// Arguments of `mirrord config explain`.
#[derive(Debug, Args)]
pub(crate) struct ConfigExplain {
    #[command(flatten)]
    pub(crate) file: ConfigFile,
    /// JSON with facts that are not known here: `remote_dns`, `remote_env`, `mounts`, `exe`, `before` and others.
    #[arg(long, value_name = "FILE")]
    pub(crate) assume: Option<PathBuf>,
    /// Read lines `{"config":…,"op":…,"context":…,"before":…}` from standard input, and answer each with one.
    #[arg(long, conflicts_with_all = ["kind", "assume", "config_file", "json"])]
    pub(crate) batch: bool,
    /// The kind of operation; `kinds` lists them.
    #[arg(value_name = "KIND", required_unless_present = "batch")]
    pub(crate) kind: Option<String>,
    /// Its path, address or name.
    #[arg(value_name = "ARG")]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Default, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Ui {
    #[command(subcommand)]
    pub(crate) command: Option<UiCommand>,
    #[command(flatten)]
    pub(crate) sessions: Sessions,
    /// The port to listen on, on 127.0.0.1; 59281 where it is free and none is given.
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Do not open the browser.
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Another name under which the page is reached, for a forwarded port: NAME or NAME:PORT. May be given again.
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
    /// An origin that may show the page in a frame, for an IDE. May be given again.
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_frame: Vec<String>,
    /// Take the page from this `trunk serve` and not from inside, to write on it. On this machine alone.
    #[arg(long, value_name = "URL")]
    pub(crate) dev: Option<String>,
    /// Show the values of environment variables in the page from the start.
    #[arg(long)]
    pub(crate) show_env_values: bool,
    /// Show a record as a session that has ended; `mirrord exec` and `mirrord record` write them. May be given again.
    #[arg(long, value_name = "FILE")]
    pub(crate) replay: Vec<PathBuf>,
    /// Keep ended sessions as records in `~/.mirrord/history`, for 30 days and up to 1 GiB, whatever the page's setting says.
    #[arg(long)]
    pub(crate) history: bool,
    /// Ask no cluster for a mirrord operator: the kubeconfig is not read, and no credential plugin of it is run.
    #[arg(long)]
    pub(crate) no_cluster: bool,
    /// Mirror the page to phones on the same network: at ADDR:PORT, or where the settings say (0.0.0.0:4096).
    ///
    /// Devices sign in with a password that is printed here, or by a QR code: `mirrord ui mirror pair`. They see no
    /// values of environment variables and no credentials.
    #[arg(long, value_name = "ADDR:PORT", num_args = 0..=1)]
    #[expect(
        clippy::option_option,
        reason = "not given, given without an address, given with one"
    )]
    pub(crate) mirror: Option<Option<SocketAddr>>,
    /// Announce the mirror's name and port on the network by multicast DNS.
    #[arg(long, requires = "mirror")]
    pub(crate) mirror_mdns: bool,
    #[command(flatten)]
    pub(crate) otlp: Otlp,
}

impl Ui {
    /// Returns whether these options ask for another instance than the one on this port.
    pub(crate) fn differs_from(&self, port: u16) -> bool {
        self.port.is_some_and(|asked| asked != 0 && asked != port)
            || !self.allow_host.is_empty()
            || !self.allow_frame.is_empty()
            || self.show_env_values
            || self.no_cluster
            || self.dev.is_some()
            || self.mirror.is_some()
            || self.history
            || !self.replay.is_empty()
            || self.otlp.is_on()
    }
}

/// Requests to the `mirrord ui` that runs. Each exits with 1 where none does.
#[derive(Debug, Subcommand)]
pub(crate) enum UiCommand {
    /// Print the address of the one that runs, with its token.
    Url(Sessions),
    /// Say whether one runs: its process, its port, and since when.
    Status(Status),
    /// End the one that runs, and wait until it has ended.
    Stop(Sessions),
    /// The mirror of the one that runs: pair a phone, see and revoke devices.
    Mirror(Mirror),
}

/// Arguments of `mirrord proxy`.
#[derive(Debug, Args)]
pub(crate) struct Proxy {
    /// The server to make reachable, such as localhost:3000.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) upstream: Upstream,
    /// Address to listen on; 127.0.0.1:4096 is for this machine alone.
    #[arg(long, value_name = "ADDR:PORT", default_value = "0.0.0.0:4096")]
    pub(crate) listen: SocketAddr,
    /// Close a connection that was silent both ways for this long; 0 never does.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = idle_timeout)]
    pub(crate) idle_timeout: IdleTimeout,
    /// The connections at one time; one more is closed at once.
    #[arg(long, value_name = "NUMBER", default_value_t = 1024, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_connections: u16,
}

/// Time-out of a connection without traffic; `None`: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IdleTimeout(pub(crate) Option<Duration>);

fn idle_timeout(given: &str) -> Result<IdleTimeout, String> {
    let time = humantime::parse_duration(given).map_err(|error| format!("{error}; such as 90s, 10m or 0"))?;
    Ok(IdleTimeout((!time.is_zero()).then_some(time)))
}

#[derive(Debug, Args)]
pub(crate) struct Mirror {
    #[command(subcommand)]
    pub(crate) command: MirrorCommand,
}

/// Requests to the mirror. Each exits with 1 where no `mirrord ui` runs, or it refuses.
#[derive(Debug, Subcommand)]
pub(crate) enum MirrorCommand {
    /// Print a QR code and its address: who opens it within five minutes is signed in, once.
    Pair(Sessions),
    /// Say how the mirror is doing, where it is, and what to sign in with.
    Status(Status),
    /// List the devices that are signed in.
    Devices(Status),
    /// Sign a device out; what it has open is closed.
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    pub(crate) sessions: Sessions,
    /// The device's id, as `mirrord ui mirror devices` has it.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub(crate) id: Option<String>,
    /// All of them.
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) sessions: Sessions,
    /// Print it as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exec(arguments: &[&str]) -> Exec {
        match Cli::try_parse_from(arguments).map(|cli| cli.command) {
            Ok(Command::Exec(exec)) => exec,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_follows_the_program_is_the_programs() {
        let with_dashes = exec(&[
            "mirrord", "exec", "--target", "pod/x", "--", "curl", "-f", "--", "--target",
        ]);
        assert_eq!(with_dashes.command, ["curl", "-f", "--", "--target"]);
        assert_eq!(with_dashes.target.as_deref(), Some("pod/x"));
        assert_eq!(
            exec(&["mirrord", "exec", "sh", "-c", "exit 3"]).command,
            ["sh", "-c", "exit 3"]
        );
    }

    #[test]
    fn a_session_has_a_name_of_one_line() {
        assert_eq!(
            exec(&["mirrord", "exec", "--name", " api ", "x"]).name.as_deref(),
            Some("api")
        );
        assert_eq!(
            exec(&["mirrord", "exec", "x", "--name", "y"]).name,
            None,
            "the program's"
        );
        for wrong in ["", " ", "a\nb", &"x".repeat(65)] {
            assert!(
                Cli::try_parse_from(["mirrord", "exec", "--name", wrong, "x"]).is_err(),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn a_dash_v_behind_the_program_is_the_programs() {
        let verbose = |arguments: &[&str]| Cli::try_parse_from(arguments).unwrap().verbose;
        assert_eq!(verbose(&["mirrord", "exec", "-vv", "sh", "-v"]), 2);
        assert_eq!(verbose(&["mirrord", "-v", "exec", "--", "sh", "-v"]), 1);
        assert_eq!(verbose(&["mirrord", "ui", "url", "-v"]), 1);
        assert_eq!(exec(&["mirrord", "exec", "sh", "-v"]).command, ["sh", "-v"]);
        let quiet = exec(&["mirrord", "exec", "-q", "--wait-all", "grep", "-q", "x"]);
        assert!(quiet.quiet && quiet.wait_all && quiet.command == ["grep", "-q", "x"]);
        assert!(!exec(&["mirrord", "exec", "grep", "-q", "x"]).quiet);
    }

    fn ui(arguments: &[&str]) -> Result<Ui, clap::Error> {
        let all = ["mirrord", "ui"].iter().chain(arguments);
        Cli::try_parse_from(all).map(|cli| match cli.command {
            Command::Ui(ui) => ui,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn nothing_that_is_asked_of_a_running_one_is_quietly_left_out() {
        let Some(UiCommand::Url(sessions)) = ui(&["url", "--sessions-dir", "/d"]).unwrap().command else {
            panic!("no url")
        };
        assert_eq!(sessions.sessions_dir, Some(PathBuf::from("/d")));
        for dropped in [["--port", "1"], ["--sessions-dir", "/d"]] {
            assert!(ui(&[dropped[0], dropped[1], "url"]).is_err(), "{dropped:?}");
        }
    }

    #[test]
    fn only_what_an_instance_may_lack_is_a_difference() {
        for same in [&[][..], &["--no-open"], &["--port", "0"], &["--port", "7"]] {
            assert!(!ui(same).unwrap().differs_from(7), "{same:?}");
        }
        for other in [
            &["--port", "8"][..],
            &["--allow-host", "x"],
            &["--show-env-values"],
            &["--no-cluster"],
            &["--replay", "x"],
            &["--otlp"],
            &["--dev", "x"],
        ] {
            assert!(ui(other).unwrap().differs_from(7), "{other:?}");
        }
    }

    #[test]
    fn an_endpoint_that_is_none_is_a_wrong_command_line_and_not_repeated() {
        for (url, words) in [
            (
                "http://127.0.0.1:99999",
                "--otlp-endpoint: the endpoint is no URL: its port",
            ),
            ("http://me:s3cret@collector:0", "OTEL_EXPORTER_OTLP_HEADERS"),
        ] {
            let error = ui(&["--otlp-endpoint", url]).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            let text = error.to_string();
            assert!(text.contains(words) && !text.contains("s3cret"), "{text}");
        }
        let http = [
            "--otlp-endpoint",
            "http://c:4317/otlp",
            "--otlp-protocol",
            "http/protobuf",
        ];
        assert!(ui(&http).is_ok(), "its path is none of gRPC");
    }

    #[test]
    fn the_mirror_is_off_on_or_at_an_address() {
        assert_eq!(ui(&[]).unwrap().mirror, None);
        assert_eq!(ui(&["--mirror"]).unwrap().mirror, Some(None));
        let address = "127.0.0.2:0".parse().unwrap();
        assert_eq!(ui(&["--mirror", "127.0.0.2:0"]).unwrap().mirror, Some(Some(address)));
        assert!(ui(&["--mirror", "example.com:1"]).is_err() && ui(&["--mirror", "4096"]).is_err());
        assert!(ui(&["mirror", "revoke"]).is_err() && ui(&["mirror", "revoke", "x", "--all"]).is_err());
    }

    #[test]
    fn a_proxy_of_a_server_has_defaults_and_bounds() {
        let proxy = |arguments: &[&str]| {
            let all = ["mirrord", "proxy"].iter().chain(arguments);
            Cli::try_parse_from(all).map(|cli| match cli.command {
                Command::Proxy(proxy) => proxy,
                other => panic!("{other:?}"),
            })
        };
        assert!(
            Cli::try_parse_from(["mirrord", "mirror", "--upstream", "localhost:3000"]).is_ok(),
            "its first name"
        );
        let plain = proxy(&["--upstream", "localhost:3000"]).unwrap();
        assert_eq!(plain.listen, "0.0.0.0:4096".parse().unwrap());
        assert_eq!(plain.idle_timeout.0, Some(Duration::from_secs(600)));
        let never = proxy(&["--upstream", "[::1]:1", "--idle-timeout", "0"]).unwrap();
        assert_eq!(never.idle_timeout.0, None);
        for wrong in [
            &[][..],
            &["--upstream", "3000"],
            &["--upstream", "x:1", "--listen", "4096"],
            &["--upstream", "x:1", "--idle-timeout", "soon"],
            &["--upstream", "x:1", "--max-connections", "0"],
        ] {
            assert!(proxy(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_program_has_to_be_named() {
        assert!(Cli::try_parse_from(["mirrord", "exec"]).is_err());
        assert!(Cli::try_parse_from(["mirrord", "exec", "--"]).is_err());
        assert!(
            Cli::try_parse_from(["mirrord", "exec", "--bogus"]).is_err(),
            "a mistyped option is no program"
        );
    }
}
