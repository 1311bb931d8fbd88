//! Filters for events like a row in one of its cells.

use mirrord_filter::{Field, Name, Needle, Span, Term, TextTest};

use super::filter::{Subject, routing_word};
use super::filter_edit::is;
use super::kind::Kind;

/// The term for events that have what a cell has, by the cell's style; `None` for a cell without one.
#[must_use]
pub fn term(row: &Subject<'_>, cell: &str) -> Option<Term> {
    match cell {
        "kind" => Some(type_term(row.kind?)),
        "process" => Some(Term::Numbers(Field::Pid, vec![Span::Is(row.pid?.into())])),
        "lead" | "main" | "text" => Some(is(Field::Name, row.name)),
        "tail" if row.kind == Some(Kind::File) => Some(Term::Names(Field::Op, vec![Name::Is(row.tail.to_owned())])),
        "tail" => Some(Term::Anywhere(TextTest::Contains(Needle::new(row.tail)?))),
        "routing" => Some(Term::Names(
            Field::Routing,
            vec![Name::Is(routing_word(row.routing?).to_owned())],
        )),
        "rule" => Some(is(Field::Rule, row.rule?)),
        _ => None,
    }
}

/// The term of a kind, by the language's own word for it.
fn type_term(kind: Kind) -> Term {
    let word = match kind {
        Kind::File => "file",
        Kind::Dns => "dns",
        Kind::Connect | Kind::Update => "connect",
        Kind::Port | Kind::Listener => "port",
        Kind::Request => "request",
        Kind::Env => "env",
        Kind::Process => "process",
        Kind::Other => "other",
    };
    Term::Names(Field::Type, vec![Name::Is(word.to_owned())])
}

#[cfg(test)]
mod tests {
    use crate::state::routing::Routing;

    use super::*;

    #[test]
    fn each_cell_has_its_filter() {
        let row = Subject {
            kind: Some(Kind::File),
            pid: Some(7),
            routing: Some(Routing::NotFound),
            name: "/a b",
            tail: "open",
            rule: Some("fs[0]"),
            ..Subject::default()
        };
        for (cell, expected) in [
            ("kind", "type:file"),
            ("process", "pid:7"),
            ("lead", "name:=\"/a b\""),
            ("tail", "op:open"),
            ("routing", "routing:not_found"),
            ("rule", "rule:=\"fs[0]\""),
        ] {
            assert_eq!(term(&row, cell).unwrap().to_string(), expected);
        }
        assert_eq!(term(&row, "time"), None);
        let ended = Subject {
            kind: Some(Kind::Process),
            ..row
        };
        assert_eq!(term(&ended, "kind").unwrap().to_string(), "type:process");
    }
}
