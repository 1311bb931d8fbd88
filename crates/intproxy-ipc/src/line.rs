//! Writes an event line: as `wire` does, and faster for the one kind that comes by the million.
//!
//! Invariant: to the byte what `wire`'s own `Serialize` writes, which a test holds it to. Only a file operation whose
//! texts need no escaping takes the short way; everything else takes the long one.

use std::io;

use mirrord_wire::{EventLine, MonitorEvent, Routing};

/// Appends the line with its newline.
pub(crate) fn write(out: &mut Vec<u8>, line: &EventLine) -> io::Result<()> {
    if !write_plain(out, line) {
        serde_json::to_writer(&mut *out, line)?;
    }
    out.push(b'\n');
    Ok(())
}

/// Writes a file operation; `false`, and nothing written, where it is not a plain one.
fn write_plain(out: &mut Vec<u8>, line: &EventLine) -> bool {
    let observation = &line.observation;
    let MonitorEvent::FileOp {
        path: Some(path),
        operation,
    } = &observation.event
    else {
        return false;
    };
    let rule = observation.rule.as_deref();
    if !is_plain(path) || !is_plain(operation) || !rule.is_none_or(is_plain) {
        return false;
    }
    out.extend_from_slice(b"{\"seq\":");
    number(out, line.seq);
    out.extend_from_slice(b",\"ts\":");
    number(out, line.ts);
    text(out, b",\"type\":\"FileOp\",\"path\":\"", path);
    text(out, b",\"operation\":\"", operation);
    if let Some(pid) = observation.pid {
        out.extend_from_slice(b",\"pid\":");
        number(out, u64::from(pid));
    }
    if let Some(routing) = observation.routing {
        let routing = match routing {
            Routing::Remote => "remote",
            Routing::Local => "local",
            Routing::NotFound => "not_found",
        };
        text(out, b",\"routing\":\"", routing);
    }
    if let Some(rule) = rule {
        text(out, b",\"rule\":\"", rule);
    }
    out.push(b'}');
    true
}

/// Whether JSON has the text as it is. Folded rather than cut short, so that many bytes are looked at in one step.
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| {
        plain & (byte >= 0x20) & (byte != b'"') & (byte != b'\\')
    })
}

fn text(out: &mut Vec<u8>, before: &[u8], text: &str) {
    out.extend_from_slice(before);
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

fn number(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use mirrord_wire::Observation;
    use proptest::prelude::*;

    use super::*;

    fn same(line: &EventLine) {
        let mut own = Vec::new();
        write(&mut own, line).unwrap();
        let theirs = serde_json::to_string(line).unwrap() + "\n";
        assert_eq!(String::from_utf8(own).unwrap(), theirs);
    }

    #[test]
    fn the_goldens_are_written_to_the_byte() {
        for golden in include_str!("../../wire/tests/golden/events.ndjson").lines() {
            serde_json::from_str(golden).iter().for_each(same);
        }
    }

    proptest! {
        #[test]
        fn any_file_operation_is_written_as_the_wire_writes_it(
            (seq, ts) in any::<(u64, u64)>(),
            path in prop::option::of(".{0,40}"),
            operation in prop_oneof![Just("open".to_owned()), ".{0,9}"],
            pid in any::<Option<u32>>(),
            routing in 0..4,
            rule in prop::option::of("[ -~]{0,20}"),
        ) {
            let routing = [None, Some(Routing::Remote), Some(Routing::Local), Some(Routing::NotFound)][routing as usize];
            let observation = Observation {
                event: MonitorEvent::FileOp { path, operation: operation.into() },
                pid,
                routing,
                rule: rule.map(Into::into),
            };
            same(&EventLine { seq, ts, observation });
        }
    }
}
