//! Programs whose calls are compared, and the files that they find.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

/// A program to run.
pub(super) struct Program {
    pub(super) name: &'static str,
    /// Program that has to be installed.
    pub(super) needs: &'static str,
    pub(super) words: &'static [&'static str],
}

const CONFIGS: &str = "
for folder in ('.', './conf', './etc', './fallback'):
    try: print(open(folder + '/app.yaml').read()); break
    except OSError: pass
";
const NETWORK: &str = "
import socket, threading
listener = socket.create_server(('127.0.0.1', 45871))
def serve():
    for _ in range(20): listener.accept()[0].close()
threading.Thread(target=serve, daemon=True).start()
for _ in range(20):
    socket.create_connection(('127.0.0.1', 45871)).close()
    try: socket.create_connection(('127.0.0.1', 45872))
    except OSError: pass
";
const SCRIPT: &str = r#"for name in a b c; do [ -e "$name" ] || echo "$name" > "$name"; test -r "$name.missing"; cat "$name" > /dev/null; done; rm a b c; ls missing . > /dev/null 2>&1; true"#;

const fn program(name: &'static str, needs: &'static str, words: &'static [&'static str]) -> Program {
    Program { name, needs, words }
}

pub(super) const PROGRAMS: &[Program] = &[
    program("python3 -c pass", "python3", &["python3", "-c", "pass"]),
    program(
        "Python's imports",
        "python3",
        &[
            "python3",
            "-c",
            "import asyncio, email, http.client, json, sqlite3, ssl, urllib.request",
        ],
    ),
    program("Python, four config files", "python3", &["python3", "-c", CONFIGS]),
    program(
        "Python, 20 connections and 20 refused",
        "python3",
        &["python3", "-c", NETWORK],
    ),
    program("node -e 0", "node", &["node", "-e", "0"]),
    program("gcc hello.c", "gcc", &["gcc", "hello.c", "-o", "hello"]),
    program("make", "make", &["make", "-s"]),
    program("git status", "git", &["git", "status"]),
    program(
        "find /usr/share/doc",
        "find",
        &["find", "/usr/share/doc", "-newer", "/etc/hostname"],
    ),
    program(
        "curl, a refused port",
        "curl",
        &["curl", "-s", "http://127.0.0.1:45872/"],
    ),
    program("bash, a script", "bash", &["bash", "-c", SCRIPT]),
    program(
        "tar, pack and unpack",
        "tar",
        &["sh", "-c", "tar cf x.tar tree && mkdir out && tar xf x.tar -C out"],
    ),
    program("cp -a", "cp", &["cp", "-a", "tree", "copy"]),
    program("ls -lR /etc", "ls", &["ls", "-lR", "/etc"]),
    program("a Go program, static", "go", &["./static"]),
    program("perl -e 1", "perl", &["perl", "-MPOSIX", "-e", "1"]),
    program(
        "setpriv, another user",
        "setpriv",
        &[
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "sh",
            "-c",
            "cat secret tree/0/0 missing; ls /root; test -r secret; true",
        ],
    ),
];

impl Program {
    /// Makes the files that the programs find.
    pub(super) fn prepare(&self, work: &Path) -> Result<()> {
        let write = |name: &str, text: &str| std::fs::write(work.join(name), text);
        write(
            "hello.c",
            "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n",
        )?;
        write(
            "Makefile",
            "all: hello hello2\nhello: hello.c\n\tgcc hello.c -o hello\nhello2: hello.c\n\tgcc -O1 hello.c -o hello2\n",
        )?;
        write("secret", "x")?;
        for folder in 0..8 {
            let folder = format!("tree/{folder}");
            std::fs::create_dir_all(work.join(&folder))?;
            for file in 0..8 {
                write(&format!("{folder}/{file}"), "text")?;
            }
        }
        std::fs::create_dir(work.join("fallback"))?;
        write("fallback/app.yaml", "port: 80")?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(work.join("secret"), std::fs::Permissions::from_mode(0o600))?;
        }
        match self.needs {
            "git" => {
                let quiet = |words: &[&str]| {
                    let mut git = Command::new("git");
                    in_folder(
                        git.args(["-c", "user.name=x", "-c", "user.email=x@example.com"])
                            .args(words),
                        work,
                    );
                    git.stdout(Stdio::null()).stderr(Stdio::null()).status()
                };
                quiet(&["init", "-q"])?;
                quiet(&["add", "hello.c", "tree"])?;
                quiet(&["commit", "-q", "-m", "x"])?;
            }
            "go" => {
                write(
                    "main.go",
                    "package main\n\nimport \"os\"\n\nfunc main() {\n\tos.ReadFile(\"missing\")\n\tos.ReadFile(\"hello.c\")\n\tos.Stat(\"tree\")\n\tos.ReadDir(\"tree\")\n}\n",
                )?;
                let mut go = Command::new("go");
                go.args(["build", "-o", "static", "main.go"])
                    .current_dir(work)
                    .env("CGO_ENABLED", "0");
                go.status()?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Runs it in its folder, with its output thrown away.
    pub(super) fn command(&self, work: &Path) -> Command {
        let mut command = Command::new(self.words[0]);
        command.args(&self.words[1..]).stdin(Stdio::null());
        in_folder(&mut command, work);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// A program as it is started by a shell that waits for a line first.
pub(super) fn behind_a_gate(program: &Program) -> Vec<String> {
    let gate = ["sh", "-c", r#"read go; exec "$@""#, "sh"].map(str::to_owned);
    gate.into_iter()
        .chain(program.words.iter().map(|word| (*word).to_owned()))
        .collect()
}

/// Sets a command's folder, and the variables that name it.
pub(super) fn in_folder(command: &mut Command, work: &Path) {
    command
        .current_dir(work)
        .env("HOME", work)
        .env("PWD", work)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("OLDPWD")
        .env_remove("RUST_LOG");
}
