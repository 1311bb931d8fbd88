//! A filter in words: a structure that any language can be made of, and the English sentence.

use crate::ast::{Expr, Filter, Name, Term};
use crate::field::{Field, FieldKind};
use crate::number::Span;
use crate::text::TextTest;
use crate::time::TimeTest;
use crate::write::write_span;

/// Meaning of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explanation {
    /// All of these.
    Every(Vec<Self>),
    /// One of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// One statement about a column.
    Statement(Statement),
}

/// A statement about a column, or about any column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The column; `None` for any of them.
    pub field: Option<Field>,
    /// The relation of the column to the values.
    pub relation: Relation,
    /// The values, of which one is enough; ranges have signs alone (`≥ 5`, `1024–2048`).
    pub values: Vec<String>,
}

/// Relation of a column to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It has the value in it.
    Has,
    /// It is the value, or in the range.
    Is,
    /// It is like the value, whose `*` are any characters.
    Like,
    /// The value is a pattern that matches.
    Matches,
    /// It is the process of the value, or one that descends from it.
    Descends,
    /// It is there at all; without values.
    Present,
}

impl Filter {
    /// Returns its meaning; `None` where it matches everything.
    #[must_use]
    pub fn explain(&self) -> Option<Explanation> {
        self.root().map(explain)
    }
}

fn explain(expr: &Expr) -> Explanation {
    match expr {
        Expr::Every(list) => Explanation::Every(list.iter().map(explain).collect()),
        Expr::Any(list) => Explanation::Any(list.iter().map(explain).collect()),
        Expr::Not(inner) => Explanation::Not(Box::new(explain(inner))),
        Expr::Term(term) => Explanation::Statement(statement(term)),
    }
}

fn statement(term: &Term) -> Statement {
    let (relation, values) = match term {
        Term::Anywhere(test) | Term::Text(_, test) => text(test),
        Term::Names(_, names) => (Relation::Is, names.iter().map(name).collect()),
        Term::Numbers(field, spans) => (Relation::Is, spans.iter().map(|own| span(*own, field.kind())).collect()),
        Term::Tree(pid) => (Relation::Descends, vec![pid.to_string()]),
        Term::Time(test) => (Relation::Is, vec![time(*test)]),
        Term::Present(_) => (Relation::Present, Vec::new()),
    };
    Statement {
        field: term.field(),
        relation,
        values,
    }
}

fn text(test: &TextTest) -> (Relation, Vec<String>) {
    let (relation, value) = match test {
        TextTest::Contains(needle) => (Relation::Has, quotes(needle.typed())),
        TextTest::Is(own) => (Relation::Is, quotes(own)),
        TextTest::Like(glob) => (Relation::Like, quotes(glob.typed())),
        TextTest::Pattern(pattern) => (
            Relation::Matches,
            ["/", pattern.source(), "/", pattern.flags()].concat(),
        ),
    };
    (relation, vec![value])
}

fn quotes(text: &str) -> String {
    ["“", text, "”"].concat()
}

fn name(name: &Name) -> String {
    match name {
        Name::Is(word) => word.clone(),
        Name::Like(glob) => quotes(glob.typed()),
    }
}

fn span(span: Span, kind: FieldKind) -> String {
    let number = |number| write_span(Span::Is(number), kind);
    match span {
        Span::Is(own) => number(own),
        Span::Between(from, to) => [&number(from), "–", &number(to)].concat(),
        Span::AtLeast(from) => ["≥ ", &number(from)].concat(),
        Span::AtMost(to) => ["≤ ", &number(to)].concat(),
        Span::Over(than) => ["> ", &number(than)].concat(),
        Span::Under(than) => ["< ", &number(than)].concat(),
    }
}

fn time(test: TimeTest) -> String {
    let word = |when: crate::time::When| {
        let mut out = String::new();
        when.write(&mut out);
        out
    };
    match test {
        TimeTest::Before(when) => ["< ", &word(when)].concat(),
        TimeTest::Within(Some(from), Some(to)) if from == to => word(from),
        TimeTest::Within(Some(from), Some(to)) => [&word(from), " – ", &word(to)].concat(),
        TimeTest::Within(Some(from), None) => ["≥ ", &word(from)].concat(),
        TimeTest::Within(None, Some(to)) => ["≤ ", &word(to)].concat(),
        TimeTest::Within(None, None) => String::new(),
    }
}

impl Explanation {
    /// The English sentence, without upper case and end: `the type is file, and any column has “hosts”`.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.phrase(true)
    }

    fn phrase(&self, is_outermost: bool) -> String {
        let joined = |list: &[Self], between: &str| {
            let parts: Vec<_> = list.iter().map(|one| one.phrase(false)).collect();
            parts.join(between)
        };
        let inner = match self {
            Self::Every(list) => joined(list, ", and "),
            Self::Any(list) => joined(list, ", or "),
            Self::Not(inner) => return ["not: ", &inner.phrase(false)].concat(),
            Self::Statement(statement) => return statement.phrase(),
        };
        if is_outermost {
            inner
        } else {
            ["(", &inner, ")"].concat()
        }
    }
}

impl Statement {
    fn phrase(&self) -> String {
        let column = self.field.map_or_else(|| "any column".to_owned(), column_name);
        let values = self.values.join(" or ");
        match self.relation {
            Relation::Has => format!("{column} has {values}"),
            Relation::Is => format!("{column} is {values}"),
            Relation::Like => format!("{column} is like {values}"),
            Relation::Matches => format!("{column} matches {values}"),
            Relation::Descends => format!("the process is {values} or descends from it"),
            Relation::Present => format!("there is a value for {column}"),
        }
    }
}

fn column_name(field: Field) -> String {
    let name = match field {
        Field::Op => "operation",
        Field::Tree => "process",
        other => other.name(),
    };
    ["the ", name].concat()
}

#[cfg(test)]
mod tests {
    use crate::parser::parse;

    #[test]
    fn the_sentence_says_what_was_understood() {
        for (text, sentence) in [
            (
                "hosts type:FileOp,dns",
                "any column has “hosts”, and the type is file or dns",
            ),
            ("-path:*.so", "not: the path is like “*.so”"),
            ("port:80,1024..2048,>9000", "the port is 80 or 1024–2048 or > 9000"),
            (
                "a OR b c",
                "any column has “a”, or (any column has “b”, and any column has “c”)",
            ),
            ("size:>1MB", "the size is > 1MB"),
            (
                "time:16:05..16:07 before:17:00",
                "the time is 16:05 – 16:07, and the time is < 17:00",
            ),
            (
                "tree:12 outcome:*",
                "the process is 12 or descends from it, and there is a value for the outcome",
            ),
            (
                "/a|b/ process:=node",
                "any column matches /a|b/, and the process is “node”",
            ),
        ] {
            assert_eq!(parse(text).unwrap().explain().unwrap().sentence(), sentence);
        }
        assert_eq!(parse(" ").unwrap().explain(), None);
    }
}
