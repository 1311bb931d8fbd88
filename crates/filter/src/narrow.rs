//! Filters that let through nothing that an earlier one did not: their rows are among those that were found.

use crate::ast::{Expr, Filter, Term};
use crate::find::contains;
use crate::text::TextTest;

impl Filter {
    /// Reports a filter that matches only rows which `before` matches, as far as that is seen at once: each part of
    /// `before` is still there, or is a word that has grown.
    #[must_use]
    pub fn narrows(&self, before: &Self) -> bool {
        let own = self.conjuncts();
        before
            .conjuncts()
            .iter()
            .all(|old| own.iter().any(|new| new == old || has_grown(new, old)))
    }
}

fn has_grown(new: &Expr, old: &Expr) -> bool {
    let (Expr::Term(new), Expr::Term(old)) = (new, old) else {
        return false;
    };
    let is_same_place = match (new, old) {
        (Term::Anywhere(_), Term::Anywhere(_)) => true,
        (Term::Text(new, _), Term::Text(old, _)) => new == old,
        _ => false,
    };
    match (new.text(), old.text()) {
        (Some(TextTest::Contains(new)), Some(TextTest::Contains(old))) => {
            is_same_place && contains(new.lower(), old.lower())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::parser::parse;

    #[test]
    fn a_word_that_grows_narrows_and_one_that_shrinks_does_not() {
        for (now, before, narrows) in [
            ("etc", "et", true),
            ("/etc", "Etc", true),
            ("etc pid:1", "pid:1", true),
            ("etc", "", true),
            ("a b", "b", true),
            ("type:file ab", "a type:file", true),
            ("et", "etc", false),
            ("-etc", "-et", false),
            ("a OR bc", "a OR b", false),
            ("path:ab", "path:a", true),
            ("path:ab", "a", false),
            ("/et$/", "et", false),
            ("a*c", "a", false),
        ] {
            let [now_filter, before_filter] = [now, before].map(|text| parse(text).unwrap());
            assert_eq!(now_filter.narrows(&before_filter), narrows, "{before} to {now}");
        }
    }
}
