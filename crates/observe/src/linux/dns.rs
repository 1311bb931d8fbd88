//! Name look-ups, parsed from the queries that a program sends to port 53.
//!
//! The parser is pure and strict: a message that is not exactly one question is no query, because some messages were
//! never meant for a name server. [`Lookups`] deduplicates: a resolver asks for IPv4 and IPv6 (and a browser for
//! `HTTPS`) of the same name at once, and that is one look-up.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// The name in small letters, without the root's dot; `.` for the root itself.
    pub(crate) name: String,
    /// The type of record that is asked for.
    pub(crate) record: u16,
}

const HEADER_BYTES: usize = 12;
/// RFC 1035, 2.3.4, with the lengths and the root's zero.
const MAX_NAME_BYTES: usize = 255;
const MAX_LABEL_BYTES: u8 = 63;
/// Options, a signature, a cookie: a query has few records behind its question.
const MAX_ADDITIONAL: u16 = 4;

/// The question in a message as it was sent: over UDP as it is, over TCP behind its length.
pub(crate) fn parse_question(sent: &[u8]) -> Option<Question> {
    let prefixed = sent.split_first_chunk::<2>().and_then(|(length, message)| {
        let fits = usize::from(u16::from_be_bytes(*length)) == message.len();
        fits.then(|| message_question(message)).flatten()
    });
    prefixed.or_else(|| message_question(sent))
}

fn message_question(message: &[u8]) -> Option<Question> {
    let header = message.first_chunk::<HEADER_BYTES>()?;
    let word = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    // QR, opcode, AA, TC and RCODE are all zero in a standard query; RD, AD and CD are the asker's choice.
    let is_standard_query = word(2) & 0b1111_1110_1100_1111 == 0;
    let counts_fit = word(4) == 1 && word(6) == 0 && word(8) == 0 && word(10) <= MAX_ADDITIONAL;
    if !is_standard_query || !counts_fit {
        return None;
    }
    let (name, rest) = name(&message[HEADER_BYTES..])?;
    let (record, rest) = rest.split_first_chunk::<2>()?;
    let (class, rest) = rest.split_first_chunk::<2>()?;
    let record = u16::from_be_bytes(*record);
    let class_is_known = matches!(u16::from_be_bytes(*class), 1 | 3 | 4 | 255);
    let ends_here = rest.is_empty() == (word(10) == 0);
    (class_is_known && record != 0 && ends_here).then_some(Question { name, record })
}

/// The name at the start of `bytes`, and what follows it. A question's name is never compressed.
fn name(bytes: &[u8]) -> Option<(String, &[u8])> {
    let mut text = String::new();
    let mut rest = bytes;
    loop {
        let (length, after) = rest.split_first()?;
        if *length == 0 {
            rest = after;
            break;
        }
        if *length > MAX_LABEL_BYTES {
            return None;
        }
        let (label, after) = after.split_at_checked(usize::from(*length))?;
        if !text.is_empty() {
            text.push('.');
        }
        label.iter().for_each(|byte| write_byte(&mut text, *byte));
        rest = after;
        if bytes.len() - rest.len() >= MAX_NAME_BYTES {
            return None;
        }
    }
    if text.is_empty() {
        text.push('.');
    }
    Some((text, rest))
}

/// As in a zone file (RFC 1035, 5.1): what could be taken for something else is escaped.
fn write_byte(text: &mut String, byte: u8) {
    match byte {
        b'.' | b'\\' => {
            text.push('\\');
            text.push(char::from(byte));
        }
        b'!'..=b'~' => text.push(char::from(byte.to_ascii_lowercase())),
        // Writing to a `String` cannot fail.
        _ => drop(write!(text, "\\{byte:03}")),
    }
}

/// Time in which questions about a name belong to one look-up. Resolvers ask again after 5 s (`resolv.conf(5)`), which
/// is a new one.
const LOOKUP_TTL: Duration = Duration::from_secs(1);
/// Look-ups that are remembered; beyond it the oldest is forgotten, and may be reported a second time.
const MAX_LOOKUPS: usize = 256;

/// Recent look-ups, to tell a new one from another question of the same.
#[derive(Debug, Default)]
pub(crate) struct Lookups(VecDeque<Lookup>);

#[derive(Debug)]
struct Lookup {
    pid: u32,
    name: String,
    records: Vec<u16>,
    since: Instant,
}

impl Lookups {
    /// Returns whether this question starts a look-up: true where the process has not asked for the name within a
    /// second, or asks for the same type of record again.
    pub(crate) fn is_new(&mut self, pid: u32, question: &Question, now: Instant) -> bool {
        while self
            .0
            .front()
            .is_some_and(|oldest| now.saturating_duration_since(oldest.since) > LOOKUP_TTL)
        {
            self.0.pop_front();
        }
        let known = self
            .0
            .iter()
            .position(|lookup| lookup.pid == pid && lookup.name == question.name);
        if let Some(place) = known {
            let records = &mut self.0[place].records;
            if !records.contains(&question.record) {
                records.push(question.record);
                return false;
            }
            self.0.remove(place);
        }
        if self.0.len() == MAX_LOOKUPS {
            self.0.pop_front();
        }
        self.0.push_back(Lookup {
            pid,
            name: question.name.clone(),
            records: vec![question.record],
            since: now,
        });
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: u16 = 1;
    const AAAA: u16 = 28;

    fn query(labels: &[&[u8]], record: u16) -> Vec<u8> {
        let mut message = vec![0x12, 0x34, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in labels {
            message.push(label.len() as u8);
            message.extend_from_slice(label);
        }
        message.push(0);
        message.extend(record.to_be_bytes());
        message.extend([0, 1]);
        message
    }

    fn asked(name: &str, record: u16) -> Question {
        Question {
            name: name.to_owned(),
            record,
        }
    }

    #[test]
    fn a_query_is_read_over_udp_and_over_tcp() {
        let udp = query(&[b"Db", b"example", b"com"], AAAA);
        assert_eq!(parse_question(&udp), Some(asked("db.example.com", AAAA)));
        let mut tcp = (udp.len() as u16).to_be_bytes().to_vec();
        tcp.extend(&udp);
        assert_eq!(parse_question(&tcp), Some(asked("db.example.com", AAAA)));
        assert_eq!(parse_question(&query(&[], 2)), Some(asked(".", 2)));
    }

    #[test]
    fn options_may_follow_and_nothing_else() {
        let mut message = query(&[b"a"], A);
        message[11] = 1;
        assert_eq!(parse_question(&message), None, "announced and missing");
        message.extend([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
        assert_eq!(parse_question(&message), Some(asked("a", A)));
        let mut trailing = query(&[b"a"], A);
        trailing.push(0);
        assert_eq!(parse_question(&trailing), None);
    }

    #[test]
    fn answers_updates_and_broken_names_are_no_questions() {
        let whole = query(&[b"a", b"b"], A);
        for length in 0..whole.len() {
            assert_eq!(parse_question(&whole[..length]), None, "cut at {length}");
        }
        for (at, value) in [(2, 0x81), (2, 0x29), (5, 2), (7, 1), (9, 1), (12, 0xc0), (12, 64)] {
            let mut broken = whole.clone();
            broken[at] = value;
            assert_eq!(parse_question(&broken), None, "byte {at} is {value:#x}");
        }
        let long = [b'x'; 63];
        assert_eq!(parse_question(&query(&[&long, &long, &long, &long], A)), None);
        assert!(parse_question(&query(&[&long, &long, &long, &long[..60]], A)).is_some());
    }

    #[test]
    fn odd_bytes_in_a_name_are_escaped() {
        assert_eq!(
            parse_question(&query(&[b"a.b\\", b"\x00\xff "], A)),
            Some(asked("a\\.b\\\\.\\000\\255\\032", A))
        );
    }

    #[test]
    fn the_addresses_of_one_name_are_one_look_up() {
        let mut lookups = Lookups::default();
        let start = Instant::now();
        assert!(lookups.is_new(1, &asked("db", A), start));
        assert!(!lookups.is_new(1, &asked("db", AAAA), start));
        assert!(lookups.is_new(2, &asked("db", A), start), "another process");
        assert!(lookups.is_new(1, &asked("cache", A), start), "another name");
        assert!(
            lookups.is_new(1, &asked("db", A), start + LOOKUP_TTL / 2),
            "asked again"
        );
        assert!(!lookups.is_new(1, &asked("db", AAAA), start + LOOKUP_TTL / 2));
        assert!(
            lookups.is_new(1, &asked("db", AAAA), start + LOOKUP_TTL * 3),
            "much later"
        );
    }

    #[test]
    fn the_look_ups_that_are_remembered_are_bounded() {
        let mut lookups = Lookups::default();
        let now = Instant::now();
        for number in 0..1_000 {
            assert!(lookups.is_new(1, &asked(&format!("h{number}"), A), now));
        }
        assert_eq!(lookups.0.len(), MAX_LOOKUPS);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = parse_question(&bytes);
        }

        #[test]
        fn any_change_of_one_byte_is_survived(at in 0_usize..40, value: u8) {
            let mut message = query(&[b"some", b"host", b"example"], A);
            if let Some(byte) = message.get_mut(at) {
                *byte = value;
            }
            if let Some(question) = parse_question(&message) {
                prop_assert!(question.name.len() <= 4 * MAX_NAME_BYTES);
            }
        }

        #[test]
        fn every_host_name_comes_back(labels in proptest::collection::vec("[a-z0-9_-]{1,20}", 1..8)) {
            let bytes: Vec<&[u8]> = labels.iter().map(String::as_bytes).collect();
            prop_assert_eq!(parse_question(&query(&bytes, A)), Some(asked(&labels.join("."), A)));
        }
    }
}
