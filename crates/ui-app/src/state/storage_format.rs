//! The form in which choices are kept in the browser's storage: words under names, with the format's version before
//! them, so that a value of another version is ignored and not misread, and so that one broken value does not take the
//! others along.

/// A choice of a few, each with a word for the storage and for the page's styles.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$own:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        #[repr(u8)]
        pub enum $name { $($(#[$own])* $variant,)+ }

        impl $name {
            /// All of them, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that is stored.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the stored word; the default where it is none.
            #[must_use]
            pub fn of_word(word: &str) -> Self {
                Self::ALL.iter().copied().find(|own| own.word() == word).unwrap_or_default()
            }

            /// The one that is offered at a place; the default where there is none.
            #[must_use]
            pub fn at(place: usize) -> Self {
                Self::ALL.get(place).copied().unwrap_or_default()
            }
        }
    };
}
pub(super) use choice;

/// Names and words of a stored value; none where another version or other software wrote it, or where it is too long.
pub(super) fn parts<'a>(stored: &'a str, version: &str, most: usize) -> impl Iterator<Item = (&'a str, &'a str)> {
    let whole = stored.split_once(';').filter(|_| stored.len() <= most);
    let own = whole.filter(|(written, _)| *written == version);
    let rest = own.map_or("", |(_, rest)| rest);
    rest.split(';').filter_map(|pair| pair.split_once('='))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn what_is_not_ours_has_no_parts_and_what_is_broken_costs_no_other() {
        for stored in ["", "1", "2;a=b", "1a=b", "a=b", "1;a=b;long=so"] {
            assert_eq!(parts(stored, "1", 12).count(), 0, "{stored}");
        }
        let read: Vec<_> = parts("1;a=b;;c;=d;e==f", "1", 99).collect();
        assert_eq!(read, [("a", "b"), ("", "d"), ("e", "=f")]);
    }
}
