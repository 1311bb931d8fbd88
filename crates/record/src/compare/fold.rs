//! Folding of the parts of a name that differ from run to run: process numbers, temporary names, ephemeral ports.
//!
//! | part | becomes |
//! |---|---|
//! | the number of a process of the record, in any name | `<pid>` |
//! | a number below `/proc`, `/dev/pts`, `/dev/fd`, or behind a colon there (`socket:[1234]`) | `<n>` |
//! | a UUID, in any name | `<uuid>` |
//! | a random part of a name below a folder for temporary files | `<tmp>` |
//! | a port of the ephemeral range (32768 to 60999) that the run listens on, also where it connects to it | `<ephemeral>` |
//!
//! Hashes of content are left as they are: they differ where the content does.

use std::borrow::Cow;
use std::collections::HashSet;
use std::net::IpAddr;
use std::ops::RangeInclusive;

/// Range of ports that Linux gives out (`ip_local_port_range`).
const EPHEMERAL: RangeInclusive<u16> = 32_768..=60_999;
/// Folders whose numbers are volatile.
const NUMBERED: [&str; 3] = ["/proc/", "/dev/pts/", "/dev/fd/"];
/// Folders of temporary files.
const TEMPORARY: [&str; 5] = ["/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/", "/var/folders/"];
/// Shortest part of a name that may be random, as `mktemp` makes them.
const MIN_RANDOM: usize = 6;
/// Smallest process number that is folded: smaller ones are more often something else.
const MIN_PID: u32 = 100;

/// Numbers of the processes of a record.
#[derive(Debug, Default)]
pub(super) struct Pids(pub(super) HashSet<u32>);

/// Folds a path.
pub(super) fn path<'a>(path: &'a str, pids: &Pids) -> Cow<'a, str> {
    let is_numbered = NUMBERED.iter().any(|folder| path.starts_with(folder));
    let is_temporary = TEMPORARY.iter().any(|folder| path.starts_with(folder));
    let has_digit = path.bytes().any(|byte| byte.is_ascii_digit());
    if !is_temporary && !has_digit {
        return Cow::Borrowed(path);
    }
    let segment = |segment: &str| {
        let segment = fold_uuids(segment);
        let segment = fold_numbers(&segment, |number| {
            is_numbered.then_some("<n>").or_else(|| pid(number, pids))
        });
        if is_temporary { fold_random(&segment) } else { segment }
    };
    if let Some(folder) = TEMPORARY
        .iter()
        .find(|folder| path.strip_prefix(**folder).is_some_and(is_probe))
    {
        return Cow::Owned([folder, "<tmp>"].concat());
    }
    let folded: Vec<_> = path.split('/').map(segment).collect();
    Cow::Owned(folded.join("/"))
}

/// Folds the destination of a connection; `listens` are ports that the run has listened on.
pub(super) fn destination(address: &str, port: u16, pids: &Pids, listens: &HashSet<u16>) -> String {
    if let Some(socket) = address.strip_prefix("<UNIX-PATH> ") {
        return format!("<UNIX-PATH> {}", path(socket, pids));
    }
    let whole = mirrord_wire::session::destination(address, port);
    let is_here = address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    // Another program's port is chosen by somebody, whatever its range: gRPC's usual one is 50051.
    if is_here && EPHEMERAL.contains(&port) && listens.contains(&port) {
        let place = whole.len() - port.to_string().len();
        return format!("{}<ephemeral>", &whole[..place]);
    }
    whole
}

/// Folds a port that is listened on.
pub(super) fn port(port: u16) -> String {
    if EPHEMERAL.contains(&port) {
        "<ephemeral>".to_owned()
    } else {
        port.to_string()
    }
}

fn pid(number: &str, pids: &Pids) -> Option<&'static str> {
    let number: u32 = number.parse().ok()?;
    (number >= MIN_PID && pids.0.contains(&number)).then_some("<pid>")
}

/// Replaces the numbers for which there is something else.
fn fold_numbers<'w>(text: &str, replacement: impl Fn(&str) -> Option<&'w str>) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|char: char| char.is_ascii_digit()) {
        let length = rest[start..].bytes().take_while(u8::is_ascii_digit).count();
        let (before, number) = (&rest[..start], &rest[start..start + length]);
        folded.push_str(before);
        folded.push_str(replacement(number).unwrap_or(number));
        rest = &rest[start + length..];
    }
    folded.push_str(rest);
    folded
}

/// Lengths of the parts of a UUID.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];

fn fold_uuids(text: &str) -> String {
    let length = UUID.iter().sum::<usize>() + UUID.len() - 1;
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if rest.get(..length).is_some_and(is_uuid) {
            folded.push_str("<uuid>");
            rest = &rest[length..];
        } else {
            folded.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    folded
}

fn is_uuid(text: &str) -> bool {
    let mut parts = text.split('-');
    let fits = UUID.iter().all(|length| {
        parts
            .next()
            .is_some_and(|part| part.len() == *length && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    fits && parts.next().is_none()
}

/// Replaces parts of a temporary name that look random: `tmp8f3k2_x1`, `build.AbCdEf`, `app-1f2e3d4c`.
fn fold_random(segment: &str) -> String {
    let is_inside = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let mut folded = String::with_capacity(segment.len());
    let mut rest = segment;
    while let Some(start) = rest.find(is_inside) {
        let length = rest[start..]
            .find(|char| !is_inside(char))
            .unwrap_or(rest.len() - start);
        let part = &rest[start..start + length];
        folded.push_str(&rest[..start]);
        // A mark of an earlier step is no name.
        let is_mark = rest[..start].ends_with('<') && rest[start + length..].starts_with('>');
        match part.strip_prefix("tmp").filter(|random| !is_mark && random.len() == 8) {
            // Python's `tempfile` may have letters alone.
            Some(_) => folded.push_str("tmp<tmp>"),
            None if !is_mark && is_random(part) => folded.push_str("<tmp>"),
            None => folded.push_str(part),
        }
        rest = &rest[start + length..];
    }
    folded.push_str(rest);
    folded
}

/// Returns whether a name may be one with which Python's `tempfile` tries out a folder: eight small letters, digits and `_`. One
/// of letters alone is taken for a word.
fn is_probe(name: &str) -> bool {
    let is_small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() == 8 && name.bytes().all(is_small) && !name.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Returns whether a part has letters of both cases within a word, or letters and digits mixed.
fn is_random(part: &str) -> bool {
    if part.len() < MIN_RANDOM {
        return false;
    }
    let bytes = part.as_bytes();
    let has = |test: fn(&u8) -> bool| bytes.iter().any(test);
    let changes = bytes
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) && changes > 1;
    let is_cased = bytes[1..].iter().any(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && bytes
            .windows(2)
            .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            .count()
            > 1;
    is_mixed || is_cased
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volatile_parts_are_folded_and_nothing_else_is() {
        let pids = Pids([4711, 7].into());
        for (given, folded) in [
            ("/proc/4711/status", "/proc/<n>/status"),
            ("/proc/99/fd/3", "/proc/<n>/fd/<n>"),
            ("/dev/pts/3", "/dev/pts/<n>"),
            ("/var/run/app-4711.pid", "/var/run/app-<pid>.pid"),
            ("/tmp/tmp8f3k2_x1/a.json", "/tmp/tmp<tmp>/a.json"),
            ("/tmp/tmpabcdefgh", "/tmp/tmp<tmp>"),
            ("/tmp/urewt_zh", "/tmp/<tmp>"),
            ("/var/tmp/efkkbcm8", "/var/tmp/<tmp>"),
            ("/tmp/settings", "/tmp/settings"),
            ("/tmp/urewt_zh/a", "/tmp/urewt_zh/a"),
            ("/tmp/mirrord-aXbY2k", "/tmp/mirrord-<tmp>"),
            ("/tmp/4711.sock", "/tmp/<pid>.sock"),
            ("/x/0191b2c3-1234-5678-9abc-def012345678.log", "/x/<uuid>.log"),
            ("/tmp/report-final.json", "/tmp/report-final.json"),
            ("/tmp/version2/settings.json", "/tmp/version2/settings.json"),
            (
                "/usr/lib/python3.11/7/x86_64-linux-gnu.so.6",
                "/usr/lib/python3.11/7/x86_64-linux-gnu.so.6",
            ),
            (
                "/nix/store/1a2b3c4d5e6f7g8h-node/bin",
                "/nix/store/1a2b3c4d5e6f7g8h-node/bin",
            ),
            ("/tmp/日本-4711", "/tmp/日本-<pid>"),
            ("", ""),
        ] {
            assert_eq!(path(given, &pids), folded, "{given}");
        }
        let listens = HashSet::from([40_000]);
        for (address, port, folded) in [
            ("127.0.0.1", 40_000, "127.0.0.1:<ephemeral>"),
            ("::1", 40_000, "[::1]:<ephemeral>"),
            ("127.0.0.1", 50_051, "127.0.0.1:50051"),
            ("10.0.0.1", 40_000, "10.0.0.1:40000"),
            ("<UNIX-PATH> /tmp/4711.sock", 0, "<UNIX-PATH> /tmp/<pid>.sock"),
        ] {
            assert_eq!(destination(address, port, &pids, &listens), folded);
        }
        assert_eq!(
            (port(8080), port(45_000)),
            ("8080".to_owned(), "<ephemeral>".to_owned())
        );
    }
}
