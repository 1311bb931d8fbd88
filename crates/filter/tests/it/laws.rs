//! Laws that hold for every text, filter and row. The corpus has texts that once broke one.

use mirrord_filter::{Expr, Field, Filter, Scope, complete, limits, parse};
use proptest::prelude::*;

use crate::generated::{Row, exprs, filter, odd_text, rows};

/// Texts that are replayed, one a line.
const CORPUS: &str = include_str!("../../corpus/filters.txt");

fn has_pattern_beyond_bounds(filter: &Filter) -> bool {
    let mut patterns = 0;
    if let Some(root) = filter.root() {
        root.visit(true, &mut |term, _| patterns += usize::from(term.pattern().is_some()));
    }
    patterns > limits::MAX_PATTERNS
}

/// Checks what holds for each text: nothing panics, places are places in it, and what parses is written and read back.
fn holds(text: &str, row: &Row) {
    for cursor in 0..=text.len() + 1 {
        for found in complete(text, cursor, |_, _| vec!["a \"b".to_owned()]) {
            let mut applied = text.to_owned();
            applied.replace_range(found.range, &found.text);
        }
    }
    match parse(text) {
        Err(error) => {
            assert!(text.get(error.span()).is_some(), "{text:?}: {error:?}");
            assert!(!error.to_string().is_empty() && !error.hint().is_empty());
        }
        Ok(read) => {
            let written = read.to_string();
            assert_eq!(parse(&written).as_ref(), Ok(&read), "{text:?} written as {written:?}");
            assert!(read.narrows(&read));
            let _ = (
                read.matches(row, &Scope::default()),
                read.explain().map(|own| own.sentence()),
            );
            for range in read.marks(&row.path, &[Field::Path]) {
                assert!(row.path.get(range).is_some_and(|marked| !marked.is_empty()));
            }
        }
    }
}

#[test]
fn the_corpus_holds() {
    let row = Row {
        ts: 1,
        path: "/a é/İ\"*".to_owned(),
        process: "node".to_owned(),
        pid: 1,
        kind: "FileOp",
    };
    CORPUS.lines().for_each(|text| holds(text, &row));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_text_breaks_anything(text in any::<String>(), row in rows()) {
        holds(&text, &row);
    }

    #[test]
    fn no_text_of_signs_breaks_anything(text in odd_text(), row in rows()) {
        holds(&text, &row);
    }

    #[test]
    fn a_filter_is_written_and_read_back(expr in exprs()) {
        let own = filter(expr);
        prop_assume!(!has_pattern_beyond_bounds(&own));
        let written = own.to_string();
        prop_assert_eq!(parse(&written), Ok(own), "{}", written);
    }

    #[test]
    fn not_of_both_is_either_not(first in exprs(), second in exprs(), row in rows()) {
        let scope = Scope { now: row.ts + 1_000_000, zone_minutes: 120 };
        let fits = |expr: Expr| filter(expr).matches(&row, &scope);
        let both = Expr::every(vec![first.clone(), second.clone()]).unwrap();
        let either_not = Expr::any(vec![first.clone().negated(), second.clone().negated()]).unwrap();
        prop_assert_eq!(fits(both.negated()), fits(either_not));
        let either = Expr::any(vec![first.clone(), second.clone()]).unwrap();
        let neither = Expr::every(vec![first.clone().negated(), second.negated()]).unwrap();
        prop_assert_eq!(fits(either.negated()), fits(neither));
        prop_assert_eq!(fits(first.clone().negated().negated()), fits(first));
    }

    #[test]
    fn words_match_in_any_order_and_case(words in prop::collection::vec("[abN/.]{1,3}", 1..5), row in rows()) {
        let scope = Scope::default();
        let fits = |text: &str| parse(text).unwrap().matches(&row, &scope);
        let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let mut backwards = quoted.clone();
        backwards.reverse();
        let expected = fits(&quoted.join(" "));
        prop_assert_eq!(fits(&backwards.join(" ")), expected);
        prop_assert_eq!(fits(&backwards.join(" ").to_uppercase()), expected);
    }

    #[test]
    fn a_filter_that_narrows_matches_nothing_that_the_other_did_not(
        before in odd_text(), more in "[ab/ *]{0,3}", row in rows(),
    ) {
        let (Ok(old), Ok(new)) = (parse(&before), parse(&[before.as_str(), &more].concat())) else { return Ok(()) };
        let scope = Scope::default();
        if new.narrows(&old) && new.matches(&row, &scope) {
            prop_assert!(old.matches(&row, &scope), "{} and then {}", old, new);
        }
    }
}
