//! Parts of a shown text that a filter was looking for.

use std::ops::Range;

use crate::ast::Filter;
use crate::field::Field;
use crate::limits::MAX_MARKS;

impl Filter {
    /// The parts of a text that words, and terms of these fields, look for: in order, without overlaps, at most
    /// [`MAX_MARKS`]. What must not be there marks nothing.
    #[must_use]
    pub fn marks(&self, text: &str, fields: &[Field]) -> Vec<Range<usize>> {
        let mut marks = Vec::new();
        let Some(root) = self.root() else { return marks };
        root.visit(true, &mut |term, is_wanted| {
            let is_here = term.field().is_none_or(|field| fields.contains(&field));
            if let Some(test) = term.text().filter(|_| is_wanted && is_here) {
                test.mark(text, &mut marks, MAX_MARKS);
            }
        });
        marks.sort_unstable_by_key(|range| (range.start, range.end));
        marks.dedup_by(|next, before| {
            let overlaps = next.start <= before.end;
            if overlaps {
                before.end = before.end.max(next.end);
            }
            overlaps
        });
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::parse;

    fn marked(filter: &str, text: &str) -> Vec<String> {
        let marks = parse(filter).unwrap().marks(text, &[Field::Path]);
        marks.into_iter().map(|range| text[range].to_owned()).collect()
    }

    #[test]
    fn what_was_looked_for_is_marked_and_nothing_else() {
        assert_eq!(marked("hosts ETC", "/etc/hosts"), ["etc", "hosts"]);
        assert_eq!(marked("a", "banana"), ["a", "a", "a"]);
        assert_eq!(marked("ana nan", "banana"), ["anan"]);
        assert_eq!(marked("-etc host:etc path:/h.?s/", "/etc/hosts"), ["hos"]);
        assert_eq!(marked("path:/e*s OR type:file", "/etc/hosts"), ["/e", "s"]);
        assert_eq!(marked("-(-etc)", "/etc"), ["etc"]);
        assert_eq!(marked("path:=/etc", "/etc"), ["/etc"]);
        assert_eq!(marked("", "/etc").len(), 0);
        assert_eq!(marked("a", &"a ".repeat(1_000)).len(), MAX_MARKS);
    }
}
