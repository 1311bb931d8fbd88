//! Names with counts, bounded in number and in bytes: the most frequent are kept and the rest is a number.
//!
//! Between prunings up to twice [`Top::KEPT`] names and [`Top::KEPT_BYTES`] are held, so that a new name costs a constant
//! on average. A name that was pruned and comes again starts at one: its count is then a lower bound, which is why `more`
//! stands beside it.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bounded;
use crate::lenient;

/// A name and how often it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The name: a path, a host, a destination, a variable.
    pub name: String,
    /// How often.
    pub count: u64,
}

/// The most frequent names. On the wire: `{"items":[{"name":…,"count":…},…],"more":N}`, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Top {
    counts: HashMap<String, u64>,
    /// Those of all names.
    bytes: usize,
    more: u64,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Shape {
    #[serde(deserialize_with = "bounded::list::<{ 2 * Top::KEPT }, _, _>")]
    items: Vec<Count>,
    #[serde(deserialize_with = "lenient::or_default")]
    more: u64,
}

impl Top {
    /// How many names are kept and sent.
    pub const KEPT: usize = 1_000;

    /// How many bytes of names are kept and sent. A name that is longer by itself is in `more` each time it comes.
    pub const KEPT_BYTES: usize = 128 * 1024;

    /// Counts a name.
    pub fn add(&mut self, name: &str) {
        if let Some(count) = self.counts.get_mut(name) {
            *count = count.saturating_add(1);
        } else if name.len() > Self::KEPT_BYTES {
            self.more = self.more.saturating_add(1);
        } else {
            if self.counts.len() >= 2 * Self::KEPT || self.bytes + name.len() > 2 * Self::KEPT_BYTES {
                self.keep(self.items());
            }
            self.bytes += name.len();
            self.counts.insert(name.to_owned(), 1);
        }
    }

    /// How many names there are, those that are no longer kept included.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        self.more.saturating_add(self.counts.len() as u64)
    }

    /// Gives names another form where `other` has one; names that become the same are counted together.
    pub fn rename(&mut self, other: impl Fn(&str) -> Option<String>) {
        for (name, count) in std::mem::take(&mut self.counts) {
            let name = other(&name).unwrap_or(name);
            let own = self.counts.entry(name).or_default();
            *own = own.saturating_add(count);
        }
        self.bytes = self.counts.keys().map(String::len).sum();
    }

    /// The names, most frequent first and then by name; at most [`Top::KEPT`], and [`Top::KEPT_BYTES`] of them.
    #[must_use]
    pub fn items(&self) -> Vec<Count> {
        let mut items: Vec<_> = self
            .counts
            .iter()
            .map(|(name, count)| Count {
                name: name.clone(),
                count: *count,
            })
            .collect();
        items.sort_unstable_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
        bound(&mut items);
        items
    }

    /// Gives up all names but these, which are among them.
    fn keep(&mut self, items: Vec<Count>) {
        self.more = self.more.saturating_add((self.counts.len() - items.len()) as u64);
        self.bytes = items.iter().map(|item| item.name.len()).sum();
        self.counts = items.into_iter().map(|item| (item.name, item.count)).collect();
    }
}

/// Leaves out what is beyond the bounds, from the end.
fn bound(items: &mut Vec<Count>) {
    let mut room = Top::KEPT_BYTES;
    items.retain(|item| {
        let left = room.checked_sub(item.name.len());
        room = left.unwrap_or(room);
        left.is_some()
    });
    items.truncate(Top::KEPT);
}

impl Serialize for Top {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let items = self.items();
        let more = self.distinct() - items.len() as u64;
        Shape { items, more }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Top {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Shape { mut items, more } = Shape::deserialize(deserializer)?;
        let sent = items.len();
        bound(&mut items);
        let mut top = Self {
            more: more.saturating_add((sent - items.len()) as u64),
            ..Self::default()
        };
        top.bytes = items.iter().map(|item| item.name.len()).sum();
        top.counts = items.into_iter().map(|item| (item.name, item.count)).collect();
        Ok(top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_names_stays_bounded_and_keeps_the_frequent_ones() {
        let mut top = Top::default();
        for _ in 0..5 {
            top.add("/often");
        }
        for number in 0..10_000 {
            top.add(&format!("/once/{number}"));
        }
        assert!(top.counts.len() <= 2 * Top::KEPT);
        assert_eq!(
            top.items()[0],
            Count {
                name: "/often".to_owned(),
                count: 5
            }
        );
        assert_eq!(top.distinct(), 10_001);
    }

    #[test]
    fn long_names_are_bounded_in_bytes_and_the_frequent_ones_stay() {
        let mut top = Top::default();
        let name = |number: usize, length: usize| format!("{number:07}{}", "x".repeat(length - 7));
        for number in 0..400 {
            let length = [7, 100, 4_000, Top::KEPT_BYTES][number % 4];
            (0..2).for_each(|_| top.add("/often"));
            top.add(&name(number, length));
            let held: usize = top.counts.keys().map(String::len).sum();
            assert_eq!(top.bytes, held);
            assert!(held <= 2 * Top::KEPT_BYTES, "{held}");
        }
        let items = top.items();
        assert_eq!((items[0].name.as_str(), items[0].count), ("/often", 800));
        assert!(items.iter().map(|item| item.name.len()).sum::<usize>() <= Top::KEPT_BYTES);
        assert_eq!(top.distinct(), 401);
        top.add(&name(0, Top::KEPT_BYTES + 1));
        assert_eq!((top.distinct(), top.items()), (402, items), "too long by itself");
        let json = serde_json::to_string(&top).unwrap();
        let back = serde_json::from_str::<Top>(&json).unwrap();
        assert_eq!((back.distinct(), back.items()), (402, top.items()));
    }

    #[test]
    fn what_a_peer_sends_is_bounded_as_well() {
        let items: Vec<_> = (0..9)
            .map(|number| Count {
                name: format!("{number}{}", "x".repeat(Top::KEPT_BYTES / 4)),
                count: 1,
            })
            .collect();
        let json = serde_json::to_string(&Shape { items, more: 5 }).unwrap();
        let top = serde_json::from_str::<Top>(&json).unwrap();
        assert_eq!((top.counts.len(), top.distinct()), (3, 14));
    }

    #[test]
    fn what_is_read_back_is_what_was_written() {
        let mut top = Top::default();
        ["/b", "/a", "/b"].iter().for_each(|name| top.add(name));
        let json = serde_json::to_string(&top).unwrap();
        assert_eq!(
            json,
            r#"{"items":[{"name":"/b","count":2},{"name":"/a","count":1}],"more":0}"#
        );
        assert_eq!(serde_json::from_str::<Top>(&json).unwrap(), top);
    }
}
