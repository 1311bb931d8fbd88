//! Calls of a program as strace has them: one file a thread (`-ff`), with the paths of descriptors (`-yy`).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use super::calls::Calls;
use super::programs::{Program, behind_a_gate, in_folder};

const TRACED: &str = "trace=%file,connect,getsockopt,fchdir,clone,clone3,fork,vfork,openat2";

/// Runs a program and reads what strace wrote.
pub(super) fn calls(program: &Program, folder: &Path) -> Result<Calls> {
    let (logs, work) = (folder.join("strace"), folder.join("work"));
    std::fs::create_dir_all(&logs)?;
    let mut strace = Command::new("strace");
    strace.args([
        "-ff",
        "-qq",
        "-yy",
        "-s",
        "4096",
        "-e",
        TRACED,
        "-e",
        "signal=none",
        "-o",
    ]);
    strace
        .arg(logs.join("t"))
        .args(behind_a_gate(program))
        .stdin(Stdio::piped());
    in_folder(&mut strace, &work);
    let mut child = strace.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    drop(child.stdin.take().map(|mut input| {
        use std::io::Write as _;
        input.write_all(b"go\n")
    }));
    child.wait()?;
    let mut threads = BTreeMap::new();
    for entry in std::fs::read_dir(&logs)? {
        let path = entry?.path();
        let number = path.extension().and_then(|number| number.to_str()?.parse::<u32>().ok());
        threads.insert(
            number.context("a log without its number")?,
            String::from_utf8_lossy(&std::fs::read(path)?).into_owned(),
        );
    }
    let mut calls = Calls::default();
    let mut directories = BTreeMap::new();
    let work = work.canonicalize()?.to_string_lossy().into_owned();
    // A thread's number is above its parent's, unless they have started again from below.
    for (number, text) in threads {
        let mut thread = Thread {
            directory: directories.remove(&number).unwrap_or_else(|| work.clone()),
            pending: BTreeMap::new(),
        };
        for line in text.lines() {
            if let Some(call) = Call::parse(line) {
                call.add(&mut calls, &mut thread, &mut directories);
            }
        }
        for address in thread.pending.into_values() {
            calls.add("connect", &address, Some("pending"));
        }
    }
    Ok(calls)
}

/// State of a thread.
struct Thread {
    directory: String,
    /// Addresses that it connects to without waiting, by the descriptor's number.
    pending: BTreeMap<String, String>,
}

/// The name of an operation, the places of its directory and its path among the arguments, and its outcome.
type Operation = (&'static str, (Option<usize>, usize), Option<&'static str>);

/// One line.
struct Call<'line> {
    name: &'line str,
    arguments: Vec<&'line str>,
    /// The result, and behind a blank the name of an error.
    result: &'line str,
}

impl<'line> Call<'line> {
    fn parse(line: &'line str) -> Option<Self> {
        let (name, rest) = line.split_once('(')?;
        let end = rest.rfind(") ")?;
        let result = rest[end..].split_once("= ")?.1;
        Some(Self {
            name,
            arguments: split(&rest[..end]),
            result,
        })
    }

    fn outcome(&self) -> Option<&'static str> {
        let mut words = self.result.split(' ');
        match (words.next(), words.next()) {
            (Some("-1"), Some("ENOENT")) => Some("not_found"),
            (Some("-1"), Some("EACCES")) => Some("denied"),
            (Some("-1" | "?"), _) | (None, _) => None,
            _ => Some("ok"),
        }
    }

    fn add(&self, calls: &mut Calls, thread: &mut Thread, directories: &mut BTreeMap<u32, String>) {
        let directory = &mut thread.directory;
        let argument = |index: usize| self.arguments.get(index).copied().unwrap_or_default();
        if let Some(known) = self
            .arguments
            .iter()
            .find_map(|argument| argument.strip_prefix("AT_FDCWD<"))
        {
            *directory = known.trim_end_matches('>').to_owned();
        }
        // A bad pointer, and a call that was cut off by its program's end.
        let failed_by_itself = ["EFAULT", "EBADF", "ENAMETOOLONG"]
            .iter()
            .any(|name| self.result.contains(name));
        if failed_by_itself || self.result.starts_with('?') {
            return;
        }
        match self.name {
            "chdir" if self.outcome() == Some("ok") => {
                *directory = absolute(directory, &text(argument(0)).unwrap_or_default());
            }
            "clone" | "clone3" | "fork" | "vfork" => {
                if let Some(child) = self.result.split(' ').next().and_then(|number| number.parse().ok()) {
                    directories.insert(child, directory.clone());
                }
            }
            "connect" => self.add_connection(calls, thread),
            // Its error is asked for once it has an answer.
            "getsockopt" if argument(2) == "SO_ERROR" => {
                if let Some(address) = thread.pending.remove(number(argument(0))) {
                    let failed = argument(3) != "[0]";
                    calls.add("connect", &address, Some(if failed { "failed" } else { "connected" }));
                }
            }
            _ => {
                for (operation, (at, path), outcome) in self.operations() {
                    let Some(path) = text(argument(path)) else { continue };
                    let start = at
                        .and_then(|at| opened(argument(at)))
                        .unwrap_or_else(|| directory.clone());
                    if !path.is_empty() {
                        calls.add(operation, &absolute(&start, &path), outcome);
                    }
                }
            }
        }
    }

    fn operations(&self) -> Vec<Operation> {
        let argument = |index: usize| self.arguments.get(index).copied().unwrap_or_default();
        let asks = |name, place| vec![(name, place, self.outcome())];
        let changes = |name, place| vec![(name, place, None)];
        let open = |flags: &str, place| {
            let (name, makes) = opened_for(flags);
            vec![(name, place, self.outcome().filter(|_| !makes))]
        };
        match self.name {
            "open" => open(argument(1), (None, 0)),
            "openat" => open(argument(2), (Some(0), 1)),
            "creat" => changes("write", (None, 0)),
            "stat" | "lstat" => asks("stat", (None, 0)),
            "newfstatat" if argument(3).contains("AT_EMPTY_PATH") => vec![],
            "statx" if argument(2).contains("AT_EMPTY_PATH") => vec![],
            "newfstatat" | "statx" => asks("stat", (Some(0), 1)),
            "access" => asks("access", (None, 0)),
            "faccessat" | "faccessat2" => asks("access", (Some(0), 1)),
            "readlink" => asks("readlink", (None, 0)),
            "readlinkat" => asks("readlink", (Some(0), 1)),
            "execve" => asks("exec", (None, 0)),
            "mkdir" => changes("mkdir", (None, 0)),
            "mkdirat" => changes("mkdir", (Some(0), 1)),
            "rmdir" => changes("rmdir", (None, 0)),
            "unlink" => changes("unlink", (None, 0)),
            "unlinkat" if argument(2).contains("AT_REMOVEDIR") => changes("rmdir", (Some(0), 1)),
            "unlinkat" => changes("unlink", (Some(0), 1)),
            "rename" => [changes("rename", (None, 0)), changes("rename", (None, 1))].concat(),
            "renameat" | "renameat2" => [changes("rename", (Some(0), 1)), changes("rename", (Some(2), 3))].concat(),
            "symlink" => changes("symlink", (None, 1)),
            "symlinkat" => changes("symlink", (Some(1), 2)),
            "link" => changes("link", (None, 1)),
            "linkat" => changes("link", (Some(2), 3)),
            "chmod" => changes("chmod", (None, 0)),
            "fchmodat" => changes("chmod", (Some(0), 1)),
            "chown" | "lchown" => changes("chown", (None, 0)),
            "fchownat" => changes("chown", (Some(0), 1)),
            "truncate" => changes("truncate", (None, 0)),
            "utimensat" => changes("utimens", (Some(0), 1)),
            "utime" | "utimes" => changes("utimens", (None, 0)),
            _ => vec![],
        }
    }

    fn add_connection(&self, calls: &mut Calls, thread: &mut Thread) {
        let argument = |index: usize| self.arguments.get(index).copied().unwrap_or_default();
        let (socket, address) = (argument(0), argument(1));
        let outcome = match self.result {
            result if result.starts_with("-1 EINPROGRESS") => Some("pending"),
            result if result.starts_with("-1") => Some("failed"),
            _ => Some("connected"),
        };
        let between = |start: &str, end: char| {
            let rest = &address[address.find(start)? + start.len()..];
            rest.find(end).map(|end| &rest[..end])
        };
        let ip = between("inet_addr(\"", '"').or_else(|| between("inet_pton(AF_INET6, \"", '"'));
        if let Some(path) = between("sun_path=", '}').and_then(text) {
            calls.add("connect", &absolute(&thread.directory, &path), outcome);
        } else if let (Some(ip), Some(port), true) = (ip, between("htons(", ')'), socket.contains("<TCP")) {
            let address = format!("{ip}:{port}");
            if outcome == Some("pending") {
                thread.pending.insert(number(socket).to_owned(), address);
            } else {
                calls.add("connect", &address, outcome);
            }
        }
    }
}

/// The name of an opening, and whether it may make the file.
fn opened_for(flags: &str) -> (&'static str, bool) {
    let has = |name: &str| flags.split('|').any(|flag| flag == name);
    let makes = has("O_CREAT") || has("O_TMPFILE");
    let name = match () {
        () if has("O_PATH") => {
            if has("O_DIRECTORY") {
                "opendir"
            } else {
                "open"
            }
        }
        () if makes || has("O_WRONLY") || has("O_RDWR") || has("O_TRUNC") => "write",
        () if has("O_DIRECTORY") => "opendir",
        () => "open",
    };
    (name, makes && !has("O_PATH"))
}

/// The number of a descriptor.
fn number(argument: &str) -> &str {
    argument.split('<').next().unwrap_or_default()
}

/// The path that a descriptor is open on, as `-yy` has it: `3</etc>`.
fn opened(argument: &str) -> Option<String> {
    let path = argument.split_once('<')?.1.strip_suffix('>')?;
    Some(path.strip_suffix(" (deleted)").unwrap_or(path).to_owned())
}

/// A path without `.` and `//`, as events have it.
fn absolute(directory: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{directory}/{path}")
    };
    let names = whole.split('/').filter(|name| !matches!(*name, "" | "."));
    let names: Vec<_> = names.collect();
    format!("/{}", names.join("/"))
}

/// Arguments at the top level: no comma within quotes or brackets.
fn split(arguments: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth, mut quoted, mut escaped) = (Vec::new(), 0, 0_i32, false, false);
    for (place, letter) in arguments.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            // Of `->` in a connected socket, no bracket closes.
            '>' if !arguments[..place].ends_with('-') => depth -= 1,
            ',' if depth == 0 => {
                found.push(arguments[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    found.push(arguments[start..].trim());
    found
}

/// The text of a quoted argument; `None` for another one.
fn text(argument: &str) -> Option<String> {
    let inside = argument
        .strip_prefix('"')?
        .split_once('"')
        .filter(|_| !argument.contains("\\\""))?
        .0;
    if !inside.contains('\\') {
        return Some(inside.to_owned());
    }
    let mut text = String::new();
    let mut letters = inside.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        let escape = letters.next()?;
        let mut value = escape.to_digit(8);
        while let Some(digits) = value
            && let Some(digit) = letters.peek().and_then(|next| next.to_digit(8))
        {
            value = Some(digits * 8 + digit);
            letters.next();
        }
        text.push(match (value, escape) {
            (Some(value), _) => char::from_u32(value)?,
            (None, 'n') => '\n',
            (None, 't') => '\t',
            (None, other) => other,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart() {
        let line =
            r#"openat(AT_FDCWD</srv/a, b>, "x, (y)", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)"#;
        let call = Call::parse(line).unwrap();
        assert_eq!((call.name, call.arguments.len()), ("openat", 3));
        assert_eq!(call.outcome(), Some("not_found"));
        assert_eq!(opened(call.arguments[0]).as_deref(), Some("/srv/a, b"));
        assert_eq!(text(call.arguments[1]).as_deref(), Some("x, (y)"));
        assert_eq!(absolute("/a/", "./b//c/.."), "/a/b/c/..");
        assert_eq!(opened_for("O_WRONLY|O_CREAT|O_TRUNC"), ("write", true));
    }
}
