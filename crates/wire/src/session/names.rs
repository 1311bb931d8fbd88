//! Bounded tables of names: paths, hosts, destinations, variables. Session, server and page count in them.
//!
//! One text holds all names of a table, and a name that is there costs a look-up and no allocation. A name for which there
//! is no room gets no entry, and that is counted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Names of one hash that get entries; more are made on purpose, and get none.
const MAX_PROBES: u64 = 16;

/// Hasher for keys that are hashes already.
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

/// Hashes a text: eight bytes a step, and the bits mixed at the end, as hash tables look at both ends of them.
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

/// Bounds of a [`NameTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameLimits {
    /// The most names.
    pub names: usize,
    /// The most bytes of all names together.
    pub bytes: usize,
    /// The most bytes of one name. Of a longer one both ends are kept, and all of it decides which name it is.
    pub name_bytes: usize,
}

/// Names, each with a value, numbered from 0 in the order in which they came.
#[derive(Debug, Clone)]
pub struct NameTable<T> {
    names: Names,
    values: Vec<T>,
}

impl<T: Default> NameTable<T> {
    /// Creates an empty table; allocates nothing.
    #[must_use]
    pub fn new(limits: NameLimits) -> Self {
        Self {
            names: Names {
                text: String::new(),
                ends: Vec::new(),
                numbers: HashMap::default(),
                limits,
                refused: 0,
            },
            values: Vec::new(),
        }
    }

    /// Returns a name's number and value, inserting the default for a new one; `None` where there is no room.
    pub fn entry(&mut self, name: &str) -> Option<(u32, &mut T)> {
        let number = self.names.number(name)?;
        if number as usize == self.values.len() {
            self.values.push(T::default());
        }
        Some((number, self.values.get_mut(number as usize)?))
    }
}

impl<T> NameTable<T> {
    /// Returns the number of a name that is there.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        self.names.find(hash(name.as_bytes()), &self.names.shortened(name))
    }

    /// Returns the name of a number; an empty one for a number that there is not.
    #[must_use]
    pub fn name(&self, number: u32) -> &str {
        self.names.get(number)
    }

    /// Returns the value of a number.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&T> {
        self.values.get(number as usize)
    }

    /// Returns the value of a number, to be changed.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.values.get_mut(number as usize)
    }

    /// Names with their values, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        (0..).map(|number| self.name(number)).zip(&self.values)
    }

    /// Values, in the order of their numbers.
    #[must_use]
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// Number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Reports that there are no names.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Bytes of all names together.
    pub(crate) fn bytes(&self) -> usize {
        self.names.text.len()
    }

    /// Number of calls of [`NameTable::entry`] for which there was no room.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.names.refused
    }
}

#[derive(Debug, Clone)]
struct Names {
    text: String,
    ends: Vec<u32>,
    numbers: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    limits: NameLimits,
    refused: u64,
}

impl Names {
    fn number(&mut self, name: &str) -> Option<u32> {
        let first = hash(name.as_bytes());
        let name = self.shortened(name);
        self.find_or_insert(first, &name)
    }

    fn find_or_insert(&mut self, first: u64, name: &str) -> Option<u32> {
        for probe in 0..MAX_PROBES {
            let key = first.wrapping_add(probe);
            match self.numbers.get(&key) {
                Some(number) if self.get(*number) == name => return Some(*number),
                Some(_) => {}
                None if self.has_room(name) => {
                    let number = u32::try_from(self.ends.len()).ok()?;
                    let end = u32::try_from(self.text.len() + name.len()).ok()?;
                    self.text.push_str(name);
                    self.ends.push(end);
                    self.numbers.insert(key, number);
                    return Some(number);
                }
                None => break,
            }
        }
        self.refused = self.refused.saturating_add(1);
        None
    }

    fn find(&self, first: u64, name: &str) -> Option<u32> {
        (0..MAX_PROBES)
            .map_while(|probe| self.numbers.get(&first.wrapping_add(probe)))
            .copied()
            .find(|number| self.get(*number) == name)
    }

    fn has_room(&self, name: &str) -> bool {
        self.ends.len() < self.limits.names && self.text.len() + name.len() <= self.limits.bytes
    }

    fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Returns both ends of a name that is too long.
    fn shortened<'a>(&self, name: &'a str) -> Cow<'a, str> {
        let most = self.limits.name_bytes;
        if name.len() <= most {
            return Cow::Borrowed(name);
        }
        let head = name.floor_char_boundary(most * 2 / 3);
        let tail = name.ceil_char_boundary(name.len() - most / 4);
        Cow::Owned([&name[..head], "…", &name[tail..]].concat())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(names: usize, bytes: usize) -> NameTable<u64> {
        NameTable::new(NameLimits {
            names,
            bytes,
            name_bytes: 4_096,
        })
    }

    fn number(table: &mut NameTable<u64>, name: &str) -> Option<u32> {
        table.entry(name).map(|(number, _)| number)
    }

    #[test]
    fn a_name_keeps_its_number_its_text_and_its_value() {
        let mut names = table(100, 100_000);
        for (name, expected) in [("/a", 0), ("/b", 1), ("/a", 0), ("", 2)] {
            let (number, count) = names.entry(name).unwrap();
            *count += 1;
            assert_eq!(number, expected);
        }
        assert_eq!((names.name(1), names.name(2), names.name(9)), ("/b", "", ""));
        assert_eq!((names.find("/b"), names.find("/c")), (Some(1), None));
        assert_eq!(names.iter().collect::<Vec<_>>(), [("/a", &2), ("/b", &1), ("", &1)]);
    }

    #[test]
    fn names_beyond_the_bounds_are_counted_and_those_known_go_on() {
        let mut names = table(2, 5);
        assert_eq!(
            ["/ab", "/c", "/d", "/ab"].map(|name| number(&mut names, name)),
            [Some(0), Some(1), None, Some(0)]
        );
        let mut small = table(9, 5);
        assert_eq!(
            ["/abc", "/de", "/"].map(|name| number(&mut small, name)),
            [Some(0), None, Some(1)]
        );
        assert_eq!((names.refused(), small.refused()), (1, 1));
    }

    #[test]
    fn long_names_are_kept_by_their_ends_and_told_apart_by_all() {
        let mut names = table(100, 100_000);
        let one = "é".repeat(600_000);
        let mut other = one.clone();
        other.insert(600_000, 'x');
        let (first, second) = (number(&mut names, &one), number(&mut names, &other));
        assert_eq!((first, second), (Some(0), Some(1)));
        assert_eq!((number(&mut names, &one), names.find(&other)), (first, second));
        assert!(names.name(0).len() <= 4_096);
    }

    #[test]
    fn names_of_one_hash_do_not_grow_the_search() {
        let mut names = table(100, 100_000).names;
        let numbers: Vec<_> = (0..20)
            .map(|place| names.find_or_insert(7, &place.to_string()))
            .collect();
        assert_eq!(numbers.iter().flatten().count(), 16);
        assert_eq!(names.find(7, "3"), Some(3));
    }

    proptest! {
        #[test]
        fn equal_names_and_no_others_share_a_number(words in prop::collection::vec("[ab/]{0,6}", 0..40)) {
            let mut names = table(100, 100_000);
            for (place, word) in words.iter().enumerate() {
                let own = number(&mut names, word);
                let first = words[..=place].iter().position(|other| other == word).unwrap();
                prop_assert_eq!(own, number(&mut names, &words[first]));
                prop_assert_eq!(names.name(own.unwrap()), word);
            }
        }
    }
}
