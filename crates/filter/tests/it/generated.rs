//! Generators: filters as structures and as texts, and rows.

use mirrord_filter::{
    Expr, Field, Fields, Filter, Glob, Name, Needle, Pattern, Span, Term, TextTest, TimeTest, Unit, When,
};
use proptest::prelude::*;

/// A row of some columns.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) ts: u64,
    pub(crate) path: String,
    pub(crate) process: String,
    pub(crate) pid: u64,
    pub(crate) kind: &'static str,
}

impl Fields for Row {
    fn ts(&self) -> u64 {
        self.ts
    }

    fn has_text(&self, field: Option<Field>, test: &mut dyn FnMut(&str) -> bool) -> bool {
        match field {
            Some(Field::Path) => test(&self.path),
            Some(Field::Process) => test(&self.process),
            Some(Field::Type) => test(self.kind),
            Some(_) => false,
            None => [&*self.path, &*self.process, self.kind].into_iter().any(&mut *test) || test(&self.pid.to_string()),
        }
    }

    fn has_number(&self, field: Field, test: &mut dyn FnMut(u64) -> bool) -> bool {
        field == Field::Pid && test(self.pid)
    }
}

pub(crate) fn rows() -> impl Strategy<Value = Row> {
    let kinds = prop::sample::select(vec!["FileOp", "DnsQuery", "Incomplete"]);
    (
        0_u64..4_000_000_000_000_000,
        "[ab/.ÄS ]{0,8}",
        "[abN]{0,3}",
        0_u64..20,
        kinds,
    )
        .prop_map(|(ts, path, process, pid, kind)| Row {
            ts,
            path,
            process,
            pid,
            kind,
        })
}

/// A text of characters that mean something.
pub(crate) fn odd_text() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "a", "b", " ", "\"", "\\", "/", "(", ")", "-", ":", "*", ",", "..", "=", ">", "<", "OR", "AND", "NOT", "é",
        "\u{3000}", "path", "path:", "port:", "pid:", "time:", "type:", "size:", "after:", "tree:", "outcome:",
        "http://", "16:05", "-5m", "1MB", "[", "]", "|", "+", "{9}", "\\/", "\u{0}", "İ", "1",
    ]);
    prop::collection::vec(parts, 0..24).prop_map(|parts| parts.concat())
}

fn text_test(is_whole: bool) -> impl Strategy<Value = TextTest> {
    let literal = prop::sample::select(vec![
        "a", "/", "B.", "a b", "OR", "\"", "\\", "-a", "(", ")", "http://a", "äS", "=a", "a:1", "/a|b/",
    ]);
    let glob = prop::sample::select(vec!["a*", "*b", "*.a*", "/*/b"]);
    let source = prop::sample::select(vec!["a|b", "^a.*", r"\/b$", "[ab]{2}"]);
    prop_oneof![
        4 => literal.clone().prop_map(|text| TextTest::Contains(Needle::new(text).unwrap())),
        1 => glob.prop_map(move |glob| TextTest::Like(Glob::new(glob, is_whole).unwrap())),
        1 => source.prop_map(|source| TextTest::Pattern(Pattern::new(source, "s").unwrap())),
        1 => literal.prop_map(move |text| if is_whole {
            TextTest::Is(text.to_owned())
        } else {
            TextTest::Contains(Needle::new(text).unwrap())
        }),
    ]
}

fn when() -> impl Strategy<Value = When> {
    let day = 86_400_000_000_i64;
    prop_oneof![
        (0..2_000_000_000_i64).prop_map(|minute| When::Utc(minute % 60_000_000 * 60_000_000, Unit::Minute)),
        (0..40_000_i64).prop_map(move |number| When::Local(number * day, Unit::Day)),
        (0..86_400_000_i64).prop_map(|ms| When::OfDay(ms * 1_000, Unit::Fraction(3))),
        (0..10_000_000_i64).prop_map(When::Ago),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    (0_u64..20, 0_u64..5_000_000, 0_usize..6).prop_map(|(from, more, form)| match form {
        0 => Span::Is(from),
        1 => Span::Between(from, from + more),
        2 => Span::AtLeast(from),
        3 => Span::AtMost(more),
        4 => Span::Over(from),
        _ => Span::Under(from),
    })
}

fn term() -> impl Strategy<Value = Term> {
    let text_field = prop::sample::select(vec![Field::Path, Field::Process, Field::Host]);
    let names = prop::sample::select(vec!["file", "dns", "other", "process", "Incomplete"]);
    let spans = || prop::collection::vec(span(), 1..3);
    prop_oneof![
        4 => text_test(false).prop_map(Term::Anywhere),
        3 => (text_field, text_test(true)).prop_map(|(field, test)| Term::Text(field, test)),
        1 => prop::collection::vec(names, 1..3)
            .prop_map(|names| Term::Names(Field::Type, names.into_iter().map(|name| Name::Is(name.to_owned())).collect())),
        1 => spans().prop_map(|spans| Term::Numbers(Field::Pid, spans)),
        1 => spans().prop_map(|spans| Term::Numbers(Field::Size, spans)),
        1 => (0_u32..20).prop_map(Term::Tree),
        1 => (when(), when()).prop_map(|(from, to)| Term::Time(TimeTest::Within(Some(from), Some(to)))),
        1 => when().prop_map(|when| Term::Time(TimeTest::Before(when))),
        1 => when().prop_map(|when| Term::Time(TimeTest::Within(Some(when), None))),
        1 => Just(Term::Present(Field::Path)),
    ]
}

pub(crate) fn exprs() -> impl Strategy<Value = Expr> {
    let leaf = term().prop_map(Expr::Term);
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|list| Expr::every(list).unwrap()),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|list| Expr::any(list).unwrap()),
            inner.prop_map(Expr::negated),
        ]
    })
}

pub(crate) fn filter(expr: Expr) -> Filter {
    Filter::new(Some(expr))
}
