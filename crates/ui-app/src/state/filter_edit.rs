//! Changes of what was typed into the search: filters for events like one, added to it in its own language.

use mirrord_filter::{Expr, Field, Filter, Glob, Needle, Term, TextTest, parse};

/// The longest text of a term, bytes; of a longer one the beginning is looked for.
pub const MAX_TERM_BYTES: usize = 1_024;

/// The term for events with a value in a column, to the letter.
#[must_use]
pub fn is(field: Field, text: &str) -> Term {
    if text.len() <= MAX_TERM_BYTES {
        return Term::Text(field, TextTest::Is(text.to_owned()));
    }
    let start = &text[..text.floor_char_boundary(MAX_TERM_BYTES)];
    Needle::new(start).map_or(Term::Present(field), |start| {
        Term::Text(field, TextTest::Contains(start))
    })
}

/// The term for events whose name begins so: what is in a folder.
#[must_use]
pub fn is_in(folder: &str) -> Term {
    let is_plain = folder
        .chars()
        .all(|letter| letter.is_alphanumeric() || "/._-+@~%".contains(letter));
    let glob = [folder, "*"].concat();
    match Glob::new(&glob, true).filter(|_| is_plain && glob.len() <= MAX_TERM_BYTES) {
        Some(glob) => Term::Text(Field::Name, TextTest::Like(glob)),
        // What cannot be written with a wildcard is looked for anywhere.
        None => {
            let part = &folder[..folder.floor_char_boundary(MAX_TERM_BYTES)];
            Needle::new(part).map_or(Term::Present(Field::Name), |part| {
                Term::Text(Field::Name, TextTest::Contains(part))
            })
        }
    }
}

/// What was typed with a term added, or with its opposite where it `hides`. Of one thing the later word holds, and a shown
/// name, folder or rule takes the place of another. What was typed and is no filter is replaced.
#[must_use]
pub fn added(typed: &str, term: Term, hides: bool) -> String {
    let before = parse(typed).unwrap_or_default();
    let own = Expr::Term(term.clone());
    let opposite = own.clone().negated();
    let is_replaced = |expr: &Expr| {
        let shows_another =
            matches!((expr, &term), (Expr::Term(Term::Text(field, _)), Term::Text(own, _)) if field == own);
        *expr == own || *expr == opposite || (shows_another && !hides)
    };
    let mut parts: Vec<Expr> = before
        .conjuncts()
        .iter()
        .filter(|expr| !is_replaced(expr))
        .cloned()
        .collect();
    parts.push(if hides { opposite } else { own });
    Filter::new(Expr::every(parts)).to_string()
}

/// What was typed with a pair of an earlier page's address in it: `is=`, `in=`, `rule=` and their opposites.
#[must_use]
pub fn with_earlier_pair(typed: &str, name: &str, value: &str) -> Option<String> {
    let (term, hides) = match name {
        "is" | "not" => (is(Field::Name, value), name == "not"),
        "in" | "not-in" => (is_in(value), name == "not-in"),
        "rule" | "not-rule" => (is(Field::Rule, value), name == "not-rule"),
        _ => return None,
    };
    (!value.is_empty()).then(|| added(typed, term, hides))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_replaces_only_and_hide_adds_to_hide() {
        let mut typed = "etc".to_owned();
        for (name, hides, expected) in [
            ("a", false, "etc name:=\"a\""),
            ("b c", true, "etc name:=\"a\" -name:=\"b c\""),
            ("d", false, "etc -name:=\"b c\" name:=\"d\""),
            ("b c", false, "etc name:=\"b c\""),
            ("b c", true, "etc -name:=\"b c\""),
        ] {
            typed = added(&typed, is(Field::Name, name), hides);
            assert_eq!(typed, expected);
        }
        assert_eq!(added("a OR b", Term::Tree(7), false), "(a OR b) tree:7");
        assert_eq!(
            added("type:", Term::Tree(7), true),
            "-tree:7",
            "what is no filter is replaced"
        );
    }

    #[test]
    fn a_folder_is_a_wildcard_where_it_can_be_written() {
        assert_eq!(added("", is_in("/a/"), false), "name:/a/*");
        assert_eq!(added("", is_in("/a b/"), false), "name:\"/a b/\"");
        let long = is(Field::Path, &"é".repeat(MAX_TERM_BYTES));
        assert!(added("", long, true).len() <= MAX_TERM_BYTES + 9);
    }

    #[test]
    fn earlier_links_are_read() {
        let read = |name, value| with_earlier_pair("x", name, value);
        assert_eq!(read("is", "/a").as_deref(), Some("x name:=\"/a\""));
        assert_eq!(read("not", "/a").as_deref(), Some("x -name:=\"/a\""));
        assert_eq!(read("in", "/a/").as_deref(), Some("x name:/a/*"));
        assert_eq!(read("not-rule", "fs[0]").as_deref(), Some("x -rule:=\"fs[0]\""));
        assert_eq!(
            (read("is", ""), read("sort", "a"), read("not-is", "a")),
            (None, None, None)
        );
    }
}
