//! Search for a text in another, upper and lower case alike, in one pass over ASCII.

use std::ops::Range;

/// Reports a needle, in lower case, in the text.
#[must_use]
pub fn contains(text: &str, needle: &str) -> bool {
    find(text, needle, 0).is_some()
}

/// The first place of a needle, in lower case, from a byte of the text on.
pub(crate) fn find(text: &str, needle: &str, from: usize) -> Option<Range<usize>> {
    if needle.is_ascii() {
        let start = find_ascii(text.as_bytes().get(from..)?, needle.as_bytes())? + from;
        return Some(start..start + needle.len());
    }
    // Lower case keeps ASCII what it is.
    if text.is_ascii() {
        return None;
    }
    let rest = text.get(from..)?;
    rest.char_indices().find_map(|(at, _)| {
        let start = from + at;
        let length = starts_with(&text[start..], needle)?;
        Some(start..start + length)
    })
}

/// The length of a needle, in lower case, at the start of the text; `None` where it is not there.
pub(crate) fn starts_with(text: &str, needle: &str) -> Option<usize> {
    if needle.is_ascii() {
        let start = text.as_bytes().get(..needle.len())?;
        return start.eq_ignore_ascii_case(needle.as_bytes()).then_some(needle.len());
    }
    let mut wanted = needle.chars().peekable();
    let mut length = 0;
    for own in text.chars() {
        if wanted.peek().is_none() {
            break;
        }
        for lower in own.to_lowercase() {
            if wanted.next() != Some(lower) {
                return None;
            }
        }
        length += own.len_utf8();
    }
    wanted.peek().is_none().then_some(length)
}

/// Looks at eight bytes at a time for the needle's first: a search covers megabytes while a key press waits for it.
fn find_ascii(text: &[u8], needle: &[u8]) -> Option<usize> {
    let Some(first) = needle.first() else {
        return Some(0);
    };
    let starts = (text.len() + 1).checked_sub(needle.len())?;
    let is_at = |start: &usize| {
        let own = text.get(*start..*start + needle.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(needle))
    };
    let (words, rest) = text[..starts].as_chunks();
    for (place, word) in words.iter().enumerate() {
        let mut marks = alike(u64::from_le_bytes(*word), *first);
        while marks != 0 {
            let start = place * 8 + marks.trailing_zeros() as usize / 8;
            if is_at(&start) {
                return Some(start);
            }
            marks &= marks - 1;
        }
    }
    (starts - rest.len()..starts).find(is_at)
}

/// Marks the bytes of a word that may be this one, upper and lower case alike: each that is, and few that are not.
fn alike(word: u64, byte: u8) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const CASE: u64 = ONES * 0x20;
    let differs = (word | CASE) ^ ((ONES * u64::from(byte)) | CASE);
    differs.wrapping_sub(ONES) & !differs & (ONES * 0x80)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_does_not_count_whatever_the_script() {
        assert_eq!(find("/Straße/ÄPFEL", "äpfel", 0), Some(9..15));
        assert_eq!(find("ascii alone", "ä", 0), None);
        assert_eq!(find("aXbx", "x", 2), Some(3..4));
        assert_eq!(find("", "", 0), Some(0..0));
        // One letter whose lower case is two.
        assert_eq!(find("xİy", "i\u{307}y", 0), Some(1..4));
        assert_eq!(find("abc", "a", 9), None);
    }

    proptest! {
        #[test]
        fn what_is_found_is_there_and_what_is_there_is_found(text in "[a-cA-CäÄ/]{0,40}", needle in "[a-cä/]{0,4}") {
            let lower = text.to_lowercase();
            prop_assert_eq!(contains(&text, &needle), lower.contains(&needle));
            if let Some(range) = find(&text, &needle, 0) {
                prop_assert_eq!(text[range].to_lowercase(), needle);
            }
        }
    }
}
