//! Comparison of two records: what only one of two runs touched, and what came of it otherwise.
//!
//! Names are compared with their volatile parts folded ([`fold`]). Each table is bounded in names and bytes; names beyond are
//! counted, and make a comparison that says so.

mod facts;
mod fold;

use mirrord_wire::api::{Changed, Compared, Comparison, Difference, OnlyOne, Seen};

use crate::error::RecordError;
use crate::reader::RecordReader;

use self::facts::Facts;

/// Names of one table that are compared; further ones are counted alone.
pub const MAX_NAMES: usize = 100_000;
/// Bytes of all names of one table.
pub const MAX_NAMES_BYTES: usize = 32 * 1024 * 1024;

/// Kind of thing that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Category {
    Paths,
    Hosts,
    Destinations,
    Ports,
    Variables,
    Programs,
}

/// Reads two records to their ends and compares them.
///
/// # Errors
/// One of them cannot be read, or is damaged.
pub fn compare(a: &mut RecordReader, b: &mut RecordReader) -> Result<Comparison, RecordError> {
    let (mut first, mut second) = (Facts::read(a)?, Facts::read(b)?);
    let mut of = |category| difference(first.take(category), second.take(category));
    let mut comparison = Comparison {
        a: compared(a),
        b: compared(b),
        same: false,
        paths: of(Category::Paths),
        hosts: of(Category::Hosts),
        destinations: of(Category::Destinations),
        ports: of(Category::Ports),
        variables: of(Category::Variables),
        programs: of(Category::Programs),
    };
    comparison.same = comparison.categories().iter().all(|(_, own)| own.is_empty());
    Ok(comparison)
}

fn compared(reader: &RecordReader) -> Compared {
    let session = &reader.header().session;
    Compared {
        session_id: session.session_id.clone(),
        label: session.name.clone().unwrap_or_else(|| session.target.clone()),
        events: reader.events(),
        notes: reader.notes(),
    }
}

fn difference(a: facts::Table, mut b: facts::Table) -> Difference {
    let mut difference = Difference {
        omitted: a.omitted.saturating_add(b.omitted),
        ..Difference::default()
    };
    for (name, seen) in a.names {
        let Some(other) = b.names.remove(&name) else {
            difference.only_a.push(OnlyOne { name, seen });
            continue;
        };
        let mut what = changes(&seen, &other);
        if let (Some(a), Some(b)) = (a.values.get(&name), b.values.get(&name))
            && a != b
        {
            what.push("value".to_owned());
        }
        if what.is_empty() {
            difference.same += 1;
        } else {
            let (a, b) = (seen, other);
            difference.changed.push(Changed { name, what, a, b });
        }
    }
    let rest = b.names.into_iter();
    difference.only_b = rest.map(|(name, seen)| OnlyOne { name, seen }).collect();
    difference
}

fn changes(a: &Seen, b: &Seen) -> Vec<String> {
    let mut what = Vec::new();
    if a.outcomes != b.outcomes {
        what.push("outcomes".to_owned());
    }
    if a.routing != b.routing {
        what.push("routing".to_owned());
    }
    what
}
