//! Search of the palette: entries that contain every word, best first. A word's letters may have others between them;
//! whole words, prefixes and short entries rank first. Pure.

use super::sorting::sort_by_key;

/// The most entries that are listed; more words find fewer.
pub const MAX_FOUND: usize = 50;
/// The longest text that is looked through, characters: a command line may be long.
const MAX_CHARS: usize = 400;

/// The places of the entries that are found, the best first, at most [`MAX_FOUND`]; and how many more there are.
#[must_use]
pub fn found<'a>(typed: &str, entries: impl Iterator<Item = &'a str>) -> (Vec<usize>, usize) {
    let words: Vec<Vec<char>> = typed.split_whitespace().map(folded).collect();
    let mut ranked: Vec<(u32, usize)> = entries
        .enumerate()
        .filter_map(|(place, entry)| Some((rank(&words, entry)?, place)))
        .collect();
    sort_by_key(&mut ranked, |own| *own);
    let more = ranked.len().saturating_sub(MAX_FOUND);
    (
        ranked.into_iter().take(MAX_FOUND).map(|(_, place)| place).collect(),
        more,
    )
}

fn folded(text: &str) -> Vec<char> {
    text.chars().take(MAX_CHARS).flat_map(char::to_lowercase).collect()
}

/// Distance of an entry from the search: 0 is best; `None` where a word is missing.
fn rank(words: &[Vec<char>], entry: &str) -> Option<u32> {
    let entry = folded(entry);
    words
        .iter()
        .try_fold(0, |sum, word| Some(sum + word_rank(word, &entry)?))
}

fn word_rank(word: &[char], entry: &[char]) -> Option<u32> {
    let length = (entry.len() / 16) as u32;
    let starts = |at: &usize| *at == 0 || !entry[at - 1].is_alphanumeric();
    let mut places = (0..entry.len()).filter(|at| entry[*at..].starts_with(word));
    match places.clone().find(starts) {
        Some(0) => Some(length),
        Some(_) => Some(10 + length),
        None if places.next().is_some() => Some(20 + length),
        None => Some(100 + spread(word, entry)? + length),
    }
}

/// Spread of a word's letters in an entry, in their order, from the first place on where they all occur.
fn spread(word: &[char], entry: &[char]) -> Option<u32> {
    let mut at = 0;
    let mut first = None;
    for letter in word {
        at += entry.get(at..)?.iter().position(|own| own == letter)? + 1;
        first.get_or_insert(at);
    }
    Some((at - first.unwrap_or(at)).saturating_sub(word.len()) as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names<'a>(typed: &str, entries: &[&'a str]) -> Vec<&'a str> {
        found(typed, entries.iter().copied())
            .0
            .into_iter()
            .map(|place| entries[place])
            .collect()
    }

    #[test]
    fn the_best_comes_first() {
        let entries = ["profiles of users", "go to files", "files", "find idle", "theme: dark"];
        assert_eq!(names("files", &entries), ["files", "go to files", "profiles of users"]);
        assert_eq!(
            names("fil", &entries),
            ["files", "go to files", "profiles of users", "find idle"]
        );
    }

    #[test]
    fn every_word_has_to_be_there_in_any_order_and_case() {
        let entries = ["Theme: Dark", "Theme: Light", "dark matter"];
        assert_eq!(names("DARK theme", &entries), ["Theme: Dark"]);
        assert_eq!(names("тема", &["Тёмная тема", "Светлая ТЕМА"]).len(), 2);
        assert!(names("xyz", &entries).is_empty());
    }

    #[test]
    fn nothing_typed_finds_all_in_their_order_and_says_how_many_are_not_listed() {
        let entries: Vec<String> = (0..80).map(|number| format!("entry {number}")).collect();
        let (places, more) = found("  ", entries.iter().map(String::as_str));
        assert_eq!((places, more), ((0..MAX_FOUND).collect(), 80 - MAX_FOUND));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_what_is_found_holds_its_letters(typed in "[a-c ÄßİI]{0,6}", entries in prop::collection::vec("[a-c ÄßİI/]{0,12}", 0..70)) {
            let (places, more) = found(&typed, entries.iter().map(String::as_str));
            prop_assert!(places.len() <= MAX_FOUND && places.len() + more <= entries.len());
            for place in places {
                let entry = folded(&entries[place]);
                prop_assert!(folded(&typed).iter().all(|letter| letter.is_whitespace() || entry.contains(letter)));
            }
        }

        #[test]
        fn a_part_of_an_entry_finds_it(entry in "[a-z/ ]{1,30}", from in 0..30_usize, length in 1..10_usize) {
            let part: String = entry.chars().skip(from).take(length).collect();
            prop_assert_eq!(found(&part, [entry.as_str()].into_iter()).0, [0]);
        }
    }
}
