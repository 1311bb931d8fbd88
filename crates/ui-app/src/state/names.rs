//! Names with a number each: paths, hosts, rules. One text holds them all, and a name that is known costs a look-up and
//! no allocation. Bounded: a name for which there is no room gets no number, and that is counted.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The longest name that is kept whole, bytes; of a longer one its two ends are, and it is told apart by all of it.
pub const MAX_NAME_BYTES: usize = 4_096;
/// Names of one hash that are told apart; more are made on purpose, and have no room.
const MAX_PROBES: u64 = 16;

/// What was hashed already is not hashed again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// A quick hash of a text: eight bytes a step, and the bits mixed at the end, as tables look at both ends of them.
fn hash(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut sum = bytes.len() as u64;
    let (eights, rest) = bytes.as_chunks::<8>();
    for eight in eights {
        sum = (sum.rotate_left(23) ^ u64::from_le_bytes(*eight)).wrapping_mul(ODD);
    }
    for byte in rest {
        sum = (sum.rotate_left(23) ^ u64::from(*byte)).wrapping_mul(ODD);
    }
    sum ^= sum >> 29;
    sum = sum.wrapping_mul(ODD);
    sum ^ (sum >> 32)
}

/// Names, numbered from 0 in the order in which they came.
#[derive(Debug, Clone)]
pub struct Names {
    text: String,
    ends: Vec<u32>,
    places: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    most: usize,
    most_bytes: usize,
    refused: u64,
}

impl Names {
    /// Room for `most` names of `most_bytes` together.
    #[must_use]
    pub fn with_room(most: usize, most_bytes: usize) -> Self {
        Self {
            text: String::new(),
            ends: Vec::new(),
            places: HashMap::default(),
            most,
            most_bytes,
            refused: 0,
        }
    }

    /// A name's number, a new one where it has none; `None` where there is no room for it.
    pub fn number(&mut self, name: &str) -> Option<u32> {
        let first = hash(name.as_bytes());
        if name.len() > MAX_NAME_BYTES {
            return self.find(first, &shortened(name));
        }
        self.find(first, name)
    }

    fn find(&mut self, first: u64, name: &str) -> Option<u32> {
        for probe in 0..MAX_PROBES {
            let key = first.wrapping_add(probe);
            match self.places.get(&key) {
                Some(number) if self.get(*number) == name => return Some(*number),
                Some(_) => {}
                None if self.ends.len() < self.most && self.text.len() + name.len() <= self.most_bytes => {
                    let number = u32::try_from(self.ends.len()).ok()?;
                    self.text.push_str(name);
                    self.ends.push(u32::try_from(self.text.len()).ok()?);
                    self.places.insert(key, number);
                    return Some(number);
                }
                None => break,
            }
        }
        self.refused += 1;
        None
    }

    /// The number of a name that is known.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<u32> {
        let first = hash(name.as_bytes());
        (0..MAX_PROBES)
            .map_while(|probe| self.places.get(&first.wrapping_add(probe)))
            .copied()
            .find(|number| self.get(*number) == name)
    }

    /// The name of a number; nothing where there is none.
    #[must_use]
    pub fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How often there was no room.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }
}

/// The two ends of a name that is too long.
fn shortened(name: &str) -> String {
    let head = name.floor_char_boundary(MAX_NAME_BYTES * 2 / 3);
    let tail = name.ceil_char_boundary(name.len() - MAX_NAME_BYTES / 4);
    [&name[..head], "…", &name[tail..]].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names() -> Names {
        Names::with_room(100, 100_000)
    }

    #[test]
    fn a_name_keeps_its_number_and_its_text() {
        let mut names = names();
        assert_eq!(
            ["/a", "/b", "/a", ""].map(|name| names.number(name)),
            [Some(0), Some(1), Some(0), Some(2)]
        );
        assert_eq!((names.get(1), names.get(2), names.get(9)), ("/b", "", ""));
        assert_eq!((names.known("/b"), names.known("/c")), (Some(1), None));
    }

    #[test]
    fn names_beyond_the_bounds_are_counted_and_those_known_go_on() {
        let mut names = Names::with_room(2, 5);
        assert_eq!(
            ["/ab", "/c", "/d", "/ab"].map(|name| names.number(name)),
            [Some(0), Some(1), None, Some(0)]
        );
        let mut small = Names::with_room(9, 5);
        assert_eq!(
            ["/abc", "/de", "/"].map(|name| small.number(name)),
            [Some(0), None, Some(1)]
        );
        assert_eq!((names.refused(), small.refused()), (1, 1));
    }

    #[test]
    fn long_names_are_kept_by_their_ends_and_told_apart_by_all() {
        let mut names = names();
        let one = "é".repeat(600_000);
        let mut other = one.clone();
        other.insert(600_000, 'x');
        let (first, second) = (names.number(&one), names.number(&other));
        assert_eq!((first, second), (Some(0), Some(1)));
        assert_eq!(names.number(&one), first);
        assert!(names.get(0).len() <= MAX_NAME_BYTES);
    }

    #[test]
    fn names_of_one_hash_do_not_grow_the_search() {
        let mut names = names();
        let numbers: Vec<_> = (0..20).map(|place| names.find(7, &place.to_string())).collect();
        assert_eq!(numbers.iter().flatten().count(), 16);
        assert_eq!(names.find(7, "3"), Some(3));
    }

    proptest! {
        #[test]
        fn equal_names_and_no_others_share_a_number(words in prop::collection::vec("[ab/]{0,6}", 0..40)) {
            let mut names = names();
            for (place, word) in words.iter().enumerate() {
                let number = names.number(word);
                let first = words[..=place].iter().position(|other| other == word).unwrap();
                prop_assert_eq!(number, names.number(&words[first]));
                prop_assert_eq!(names.get(number.unwrap()), word);
            }
        }
    }
}
