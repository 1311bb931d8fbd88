//! Writes an event line: as `wire` does, and faster for the one kind that comes by the million.
//!
//! Invariant: to the byte what `wire`'s own `Serialize` writes, which a test holds it to. Only a file operation whose
//! texts need no escaping takes the short way; everything else takes the long one.

use crate::record::{FileOp, Stamped};

/// Appends the line with its newline.
pub(crate) fn write(out: &mut Vec<u8>, stamped: Stamped<'_>) {
    match stamped.record.file_op().filter(FileOp::is_plain) {
        Some(file_op) => file_op.write(out, stamped),
        // An event can be written, and only events are kept.
        None => _ = stamped.event().map(|event| serde_json::to_writer(&mut *out, &event)),
    }
    out.push(b'\n');
}

/// Reports a line of at most so many bytes. Made only where it may have more.
pub(crate) fn is_within(stamped: Stamped<'_>, most: usize) -> bool {
    /// The most bytes that JSON makes of one.
    const ESCAPED: usize = 6;
    /// The most bytes of a line beside its texts.
    const AROUND: usize = 256;
    stamped.record.bytes().len() * ESCAPED + AROUND <= most || {
        let mut line = Vec::new();
        write(&mut line, stamped);
        line.len() <= most
    }
}

impl FileOp<'_> {
    fn is_plain(&self) -> bool {
        is_plain(self.path)
            && self.rule.is_none_or(is_plain)
            && self.root.is_none_or(is_plain)
            && self.passed.is_none_or(is_plain)
    }

    fn write(&self, out: &mut Vec<u8>, stamped: Stamped<'_>) {
        out.extend_from_slice(b"{\"seq\":");
        number(out, stamped.seq);
        out.extend_from_slice(b",\"ts\":");
        number(out, stamped.ts);
        text(out, b",\"type\":\"FileOp\",\"path\":\"", self.path);
        text(out, b",\"operation\":\"", self.operation.as_bytes());
        if let Some(passed) = self.passed {
            text(out, b",\"passed\":\"", passed);
        }
        if self.is_write {
            out.extend_from_slice(b",\"write\":true");
        }
        if let Some(pid) = self.pid {
            out.extend_from_slice(b",\"pid\":");
            number(out, u64::from(pid));
        }
        if let Some(outcome) = self.outcome {
            text(out, b",\"outcome\":\"", outcome.name().as_bytes());
        }
        if let Some(routing) = self.routing {
            text(out, b",\"routing\":\"", routing.name().as_bytes());
        }
        if let Some(rule) = self.rule {
            text(out, b",\"rule\":\"", rule);
        }
        if let Some(unhooked) = self.unhooked {
            text(out, b",\"unhooked\":\"", unhooked.name().as_bytes());
        }
        if let Some(root) = self.root {
            text(out, b",\"root\":\"", root);
        }
        out.push(b'}');
    }
}

/// Reports a text that needs no escaping in JSON. Folded rather than cut short, so that many bytes are looked at in one step.
fn is_plain(text: &[u8]) -> bool {
    text.iter().fold(true, |plain, byte| {
        plain & (*byte >= 0x20) & (*byte != b'"') & (*byte != b'\\')
    })
}

fn text(out: &mut Vec<u8>, before: &[u8], text: &[u8]) {
    out.extend_from_slice(before);
    out.extend_from_slice(text);
    out.push(b'"');
}

fn number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{DecisionDetail, EventLine, MonitorEvent, Observation, Outcome, Routing, Unhooked};
    use proptest::prelude::*;

    use super::*;
    use crate::record::{Record, written};

    fn same(line: &EventLine) {
        let bytes = written(&line.observation);
        let (record, _) = Record::split(&bytes).unwrap();
        let mut own = Vec::new();
        write(&mut own, record.stamped(line.seq, line.ts));
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
            outcome in 0..7_usize,
            routing in 0..=Routing::ALL.len(),
            rule in prop::option::of("[ -~]{0,20}"),
            root in prop::option::of("[ -~]{0,20}"),
            passed in prop::option::of("[ -~]{0,20}"),
            write in any::<bool>(),
            depends_on in prop::collection::vec("[ -~]{0,20}", 0..3),
            unhooked in 0..=Unhooked::ALL.len(),
        ) {
            let unhooked = unhooked.checked_sub(1).map(|place| Unhooked::ALL[place]);
            let detail = DecisionDetail { passed, write, port: None, sendto: false, depends_on, unhooked, by_loader: false };
            let observation = Observation {
                event: MonitorEvent::FileOp { path, operation: operation.into() },
                pid,
                outcome: outcome.checked_sub(1).map(|place| Outcome::ALL[place]),
                routing: routing.checked_sub(1).map(|place| Routing::ALL[place]),
                detail: (detail != DecisionDetail::default()).then(|| Box::new(detail)),
                rule: rule.map(Into::into),
                root: root.map(Into::into),
            };
            same(&EventLine { seq, ts, observation });
        }
    }
}
