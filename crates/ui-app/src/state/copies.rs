//! Forms in which a row is copied: the thing that it is about, its columns as a line of a table, and a command: for a
//! request `curl`, for any other event a line as `strace` writes it, with what is known of the result.

use mirrord_wire::Outcome;

use super::export::{push_tabbed, time};
use super::filter::routing_word;
use super::log::SessionLog;
use crate::codec::line::{Event, Line, arguments, without_values};
use crate::format::text::command as quoted;

/// Placeholder of a variable's value.
const HIDDEN: &str = "•••";

/// A form in which a row is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The path, name or destination.
    Subject,
    /// The columns, with tabs between them.
    Row,
    /// The event as JSON, without the values of variables.
    Json,
    /// A command.
    Command,
}

/// The row at a position in one of the forms; `None` where it has none.
#[must_use]
pub fn copied(log: &SessionLog, position: u64, form: Form) -> Option<String> {
    let entry = log.ring().get(position)?;
    let json = entry.json()?;
    match form {
        Form::Subject => subject(&Line::read(&json)?),
        Form::Command => command(&Line::read(&json)?),
        Form::Json => Some(without_values(&json, Some(HIDDEN))),
        Form::Row => {
            let process = entry.pid().and_then(|pid| log.process_name(pid));
            let pid = entry.pid().map(|pid| pid.to_string());
            let time = time(entry.ts());
            let columns = [
                time.as_str(),
                entry.kind()?.slug(),
                process.unwrap_or_default(),
                pid.as_deref().unwrap_or_default(),
                entry.operation(),
                entry.name(),
                entry
                    .outcome()
                    .map_or(entry.exit().unwrap_or_default(), |outcome| outcome.name()),
                entry.routing().map_or("", routing_word),
                entry.rule().unwrap_or_default(),
            ];
            let mut out = String::new();
            push_tabbed(&mut out, columns.into_iter());
            Some(out)
        }
    }
}

/// The path, name or destination that an event is about; `None` where there is none.
#[must_use]
pub fn subject(line: &Line<'_>) -> Option<String> {
    match &line.event {
        Event::File { path, .. } => path.as_deref().map(str::to_owned),
        Event::Dns { host } => Some(host.clone().into_owned()),
        Event::Connect { address, port, .. } => Some(mirrord_wire::session::destination(address, *port).to_string()),
        Event::Update(update) => Some(update.remote.clone()),
        Event::Request { path, .. } => Some(path.clone().into_owned()),
        Event::Port { port, .. } => Some(port.to_string()),
        Event::Started { cmdline, .. } => Some(quoted(&arguments(*cmdline))).filter(|text| !text.is_empty()),
        Event::Listener(update) => Some(update.address.clone()),
        Event::Env { .. } | Event::Ended { .. } | Event::Unknown => None,
    }
}

/// The event as a command; `None` where no command is like it.
#[must_use]
pub fn command(line: &Line<'_>) -> Option<String> {
    let call = match &line.event {
        Event::Request { method, path, host } => return Some(curl(method, path, host)),
        Event::File { path, operation } => {
            let path = quote(path.as_deref()?);
            [operation, "(", &path, ")"].concat() + result(line.outcome, is_zero(operation))
        }
        Event::Dns { host } => ["getaddrinfo(", &quote(host), ")"].concat(),
        Event::Connect { address, port, .. } => {
            ["connect(", &socket_address(address, *port), ")"].concat() + result(line.outcome, true)
        }
        Event::Port { port, .. } => ["listen(", &port.to_string(), ")"].concat(),
        Event::Started { cmdline, .. } => {
            let words: Vec<String> = arguments(*cmdline).iter().map(|word| quote(word)).collect();
            let program = words.first()?;
            ["execve(", program, ", [", &words.join(", "), "])"].concat()
        }
        Event::Ended { exit, .. } => match (&exit.signal, exit.code) {
            (Some(signal), _) => ["+++ killed by ", signal, " +++"].concat(),
            (None, Some(code)) => ["+++ exited with ", &code.to_string(), " +++"].concat(),
            (None, None) => return None,
        },
        Event::Update(_) | Event::Listener(_) | Event::Env { .. } | Event::Unknown => return None,
    };
    let pid = line.pid.map(|pid| ["[pid ", &pid.to_string(), "] "].concat());
    Some(pid.unwrap_or_default() + &call)
}

fn curl(method: &str, path: &str, host: &str) -> String {
    let url = ["http://", host, path].concat();
    let mut words = vec!["curl".to_owned()];
    if method != "GET" {
        words.extend(["-X".to_owned(), method.to_owned()]);
    }
    words.push(url);
    quoted(&words)
}

/// Reports a call that returns 0 where it succeeds.
fn is_zero(operation: &str) -> bool {
    matches!(
        operation,
        "stat" | "access" | "unlink" | "mkdir" | "rmdir" | "rename" | "exec"
    )
}

fn result(outcome: Option<Outcome>, is_zero: bool) -> &'static str {
    match outcome {
        Some(Outcome::NotFound) => " = -1 ENOENT (No such file or directory)",
        Some(Outcome::Denied) => " = -1 EACCES (Permission denied)",
        Some(Outcome::Failed) => " = -1",
        Some(Outcome::Ok | Outcome::Connected) if is_zero => " = 0",
        Some(Outcome::Ok | Outcome::Connected | Outcome::Pending) | None => "",
    }
}

fn socket_address(address: &str, port: u16) -> String {
    if let Some(path) = address.strip_prefix("<UNIX-PATH> ") {
        return ["{sa_family=AF_UNIX, sun_path=", &quote(path), "}"].concat();
    }
    let (family, port_name, address_name) = if address.contains(':') {
        ("AF_INET6", "sin6_port", "inet_pton")
    } else {
        ("AF_INET", "sin_port", "inet_addr")
    };
    let port = [port_name, "=htons(", &port.to_string(), ")"].concat();
    [
        "{sa_family=",
        family,
        ", ",
        &port,
        ", ",
        address_name,
        "(",
        &quote(address),
        ")}",
    ]
    .concat()
}

/// A text in C's quotes.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(json: &str) -> (Option<String>, Option<String>) {
        let line = Line::read(json).unwrap();
        (subject(&line), command(&line))
    }

    fn command_of(json: &str) -> String {
        copied(json).1.unwrap()
    }

    #[test]
    fn a_request_is_a_curl_command_that_a_shell_reads_back() {
        let get = r#"{"seq":1,"ts":1,"type":"IncomingRequest","method":"GET","path":"/a?b=1&c=it's","host":"shop:80"}"#;
        assert_eq!(command_of(get), r"curl 'http://shop:80/a?b=1&c=it'\''s'");
        assert_eq!(
            command_of(&get.replace("GET", "POST").replace("?b=1&c=it's", "")),
            "curl -X POST http://shop:80/a"
        );
    }

    #[test]
    fn a_call_is_a_line_of_strace_with_what_is_known_of_its_result() {
        let open =
            r#"{"seq":1,"ts":1,"type":"FileOp","path":"/a\"b","operation":"open","pid":7,"outcome":"not_found"}"#;
        let (subject, command) = copied(open);
        assert_eq!(subject.as_deref(), Some("/a\"b"));
        assert_eq!(
            command.as_deref(),
            Some(r#"[pid 7] open("/a\"b") = -1 ENOENT (No such file or directory)"#)
        );
        let ok = open.replace("not_found", "ok");
        assert_eq!(
            command_of(&ok),
            r#"[pid 7] open("/a\"b")"#,
            "a descriptor's number is not known"
        );
        assert_eq!(command_of(&ok.replace("open", "stat")), r#"[pid 7] stat("/a\"b") = 0"#);
        let connect =
            r#"{"seq":1,"ts":1,"type":"OutgoingConnection","address":"10.0.0.5","port":5432,"outcome":"failed"}"#;
        assert_eq!(
            command_of(connect),
            r#"connect({sa_family=AF_INET, sin_port=htons(5432), inet_addr("10.0.0.5")}) = -1"#
        );
        let end = r#"{"seq":1,"ts":1,"type":"LayerDisconnected","pid":7,"signal":"SIGABRT"}"#;
        assert_eq!(command_of(end), "[pid 7] +++ killed by SIGABRT +++");
    }

    #[test]
    fn what_is_like_no_command_has_none() {
        let unknown = r#"{"seq":1,"ts":1,"type":"Novelty","a":1}"#;
        assert_eq!(copied(unknown), (None, None));
        assert_eq!(copied(r#"{"seq":1,"ts":1,"type":"LayerDisconnected","pid":7}"#).1, None);
    }
}
