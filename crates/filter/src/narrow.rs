//! Filters that let through nothing that an earlier one did not: their rows are among those that were found.

use crate::ast::{Expr, Filter, Term};
use crate::find::contains;
use crate::text::TextTest;
use crate::time::{TimeTest, When};

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

    /// Reports a filter with a time before now, which matches other rows at another moment.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        let mut found = false;
        let is_ago = |when: When| matches!(when, When::Ago(_));
        if let Some(root) = self.root() {
            root.visit(true, &mut |term, _| {
                found |= match term {
                    Term::Time(TimeTest::Before(when)) => is_ago(*when),
                    Term::Time(TimeTest::Within(from, to)) => from.is_some_and(is_ago) || to.is_some_and(is_ago),
                    _ => false,
                }
            });
        }
        found
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
