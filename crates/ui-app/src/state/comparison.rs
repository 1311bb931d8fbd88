//! Comparison of two sessions as rows: what one of them alone has, what is otherwise, and the filter that shows the events.

use mirrord_wire::api::{Changed, Comparison, Difference, OnlyOne, Seen};

use super::answers::{quoted, rows_of_destination};
use super::filter::contains;
use crate::i18n::Key;

/// Rows of one list that are shown until all are asked for.
pub const FEW: usize = 50;

/// Side of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first session alone.
    A,
    /// The second session alone.
    B,
    /// Both, with a difference.
    Both,
}

impl Side {
    /// The sign of a row.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::A => "−",
            Self::B => "+",
            Self::Both => "~",
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Side that has it.
    pub side: Side,
    /// Name, with its volatile parts folded.
    pub name: String,
    /// Outcomes and routings: in the first session and in the second one.
    pub came: [String; 2],
    /// Only the value differs, which is not shown.
    pub is_value: bool,
    /// Filter for its events; empty where none is known.
    pub query: String,
}

/// One category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its word in the protocol.
    pub word: &'static str,
    /// Its heading.
    pub title: Key,
    /// Its differences that match the search.
    pub rows: Vec<Row>,
    /// Names that both have without a difference.
    pub same: u64,
    /// Events that were not compared.
    pub omitted: u64,
}

/// Returns the categories with differences whose names contain a text in lower case, in the order of the views.
#[must_use]
pub fn categories(comparison: &Comparison, needle: &str) -> Vec<Category> {
    let all: [(_, _, &Difference, Query); 6] = [
        ("paths", Key::TabFiles, &comparison.paths, |name| {
            ["path:=", &quoted(name)].concat()
        }),
        ("hosts", Key::Lookups, &comparison.hosts, |name| {
            ["host:=", &quoted(name)].concat()
        }),
        (
            "destinations",
            Key::Destinations,
            &comparison.destinations,
            rows_of_destination,
        ),
        ("ports", Key::TabPorts, &comparison.ports, rows_of_port),
        ("variables", Key::TabEnvironment, &comparison.variables, |_| {
            String::new()
        }),
        ("programs", Key::TabProcesses, &comparison.programs, |name| {
            ["process:", &quoted(name)].concat()
        }),
    ];
    all.into_iter()
        .map(|(word, title, difference, query)| Category {
            word,
            title,
            rows: rows(difference, needle, query),
            same: difference.same,
            omitted: difference.omitted,
        })
        .filter(|category| !category.rows.is_empty() || category.omitted > 0)
        .collect()
}

/// Returns the number of names that do not differ.
#[must_use]
pub fn same(comparison: &Comparison) -> u64 {
    let Comparison {
        paths,
        hosts,
        destinations,
        ports,
        variables,
        programs,
        ..
    } = comparison;
    [paths, hosts, destinations, ports, variables, programs]
        .map(|difference| difference.same)
        .iter()
        .sum()
}

/// Writes the filter for the events of a name.
type Query = fn(&str) -> String;

fn rows(difference: &Difference, needle: &str, query: Query) -> Vec<Row> {
    let of_events = |name: &str, seen: &Seen| query(seen.example.as_deref().unwrap_or(name));
    let one = |side: Side, OnlyOne { name, seen }: &OnlyOne| Row {
        side,
        query: of_events(name, seen),
        name: name.clone(),
        came: match side {
            Side::B => [String::new(), came(seen)],
            _ => [came(seen), String::new()],
        },
        is_value: false,
    };
    let both = |Changed { name, what, a, b }: &Changed| Row {
        side: Side::Both,
        query: of_events(name, a),
        name: name.clone(),
        came: [came(a), came(b)],
        is_value: what.iter().all(|what| what == "value"),
    };
    let changed = difference.changed.iter().map(both);
    let only_a = difference.only_a.iter().map(|own| one(Side::A, own));
    let only_b = difference.only_b.iter().map(|own| one(Side::B, own));
    let all = changed.chain(only_a).chain(only_b);
    all.filter(|row| contains(&row.name, needle)).collect()
}

/// Outcomes and routings in the words of the protocol.
fn came(seen: &Seen) -> String {
    let words: Vec<_> = seen.outcomes.iter().chain(&seen.routing).map(String::as_str).collect();
    words.join(", ")
}

fn rows_of_port(name: &str) -> String {
    // `listen 8080`; a request has no port.
    let digits = name.rsplit(' ').next().unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        String::new()
    } else {
        ["port:", digits].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(outcome: &str) -> Seen {
        Seen {
            count: 1,
            outcomes: [outcome.to_owned()].into(),
            ..Seen::default()
        }
    }

    fn comparison() -> Comparison {
        let mut comparison = Comparison::default();
        comparison.paths.same = 7;
        comparison.paths.only_b.push(OnlyOne {
            name: "/tmp/*".to_owned(),
            seen: Seen {
                example: Some("/tmp/a\"1".to_owned()),
                ..seen("ok")
            },
        });
        comparison.paths.changed.push(Changed {
            name: "/etc/App.yaml".to_owned(),
            what: vec!["outcomes".to_owned()],
            a: seen("ok"),
            b: seen("not_found"),
        });
        comparison.ports.only_a.push(OnlyOne {
            name: "steal 8080".to_owned(),
            seen: Seen::default(),
        });
        comparison
    }

    #[test]
    fn each_difference_is_a_row_with_the_way_to_its_events() {
        let categories = categories(&comparison(), "");
        assert_eq!(
            categories.iter().map(|own| own.word).collect::<Vec<_>>(),
            ["paths", "ports"]
        );
        let [changed, added] = &categories[0].rows[..] else {
            panic!("two rows")
        };
        assert_eq!(
            (changed.side, changed.came[0].as_str(), changed.came[1].as_str()),
            (Side::Both, "ok", "not_found")
        );
        assert_eq!(changed.query, "path:=\"/etc/App.yaml\"");
        assert_eq!((added.side, added.query.as_str()), (Side::B, "path:=\"/tmp/a\\\"1\""));
        assert_eq!(
            (categories[1].rows[0].side.sign(), categories[1].rows[0].query.as_str()),
            ("−", "port:8080")
        );
        assert_eq!(same(&comparison()), 7);
    }

    #[test]
    fn a_search_leaves_the_names_that_have_it() {
        let found = categories(&comparison(), "app.y");
        assert_eq!((found.len(), found[0].rows.len()), (1, 1));
        assert_eq!(categories(&comparison(), "nowhere"), []);
    }

    #[test]
    fn a_value_that_differs_is_said_and_not_shown() {
        let mut own = Comparison::default();
        own.variables.changed.push(Changed {
            name: "TOKEN".to_owned(),
            what: vec!["value".to_owned()],
            ..Changed::default()
        });
        let row = &categories(&own, "")[0].rows[0];
        assert!(row.is_value && row.query.is_empty());
    }
}
