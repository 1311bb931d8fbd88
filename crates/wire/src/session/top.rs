//! Names with counts, bounded in number and in bytes: the most frequent are kept and the rest is a number.
//!
//! Between prunings up to twice [`Top::KEPT`] names and [`Top::KEPT_BYTES`] are held, so that a new name costs a constant
//! on average. A name that was pruned and comes again starts at one: its count is then a lower bound, which is why the
//! number of omitted names is sent with it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bounded;
use super::names::{NameLimits, NameTable};
use crate::openapi::described_as;

/// A name and its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Count {
    /// The name: a path, a host, a destination, a variable.
    pub name: String,
    /// Number of times that it came.
    pub count: u64,
}

/// The most frequent names. On the wire: `{"items":[{"name":…,"count":…},…],"more":N}`, most frequent first; `more` is
/// how many names are omitted, and `omitted` is read as well.
#[derive(Debug, Clone)]
pub struct Top {
    counts: NameTable<u64>,
    /// Names that are not kept.
    pruned: u64,
}

described_as!(Top, Shape);

const LIMITS: NameLimits = NameLimits {
    names: 2 * Top::KEPT,
    bytes: 2 * Top::KEPT_BYTES,
    name_bytes: Top::KEPT_BYTES,
};

#[derive(Serialize, Deserialize, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
struct Shape {
    #[serde(deserialize_with = "bounded::list::<{ 2 * Top::KEPT }, _, _>")]
    items: Vec<Count>,
    #[serde(rename = "more", alias = "omitted")]
    omitted: u64,
}

impl Default for Top {
    fn default() -> Self {
        Self {
            counts: NameTable::new(LIMITS),
            pruned: 0,
        }
    }
}

impl Top {
    /// The most names that are kept and sent.
    pub const KEPT: usize = 1_000;

    /// The most bytes of names that are kept and sent. A name that is longer by itself is counted as omitted each time it comes.
    pub const KEPT_BYTES: usize = 128 * 1024;

    /// Counts a name.
    pub fn add(&mut self, name: &str) {
        self.add_count(name, 1);
    }

    fn add_count(&mut self, name: &str, by: u64) {
        let fits = name.len() <= Self::KEPT_BYTES;
        if fits && (self.try_add(name, by) || (self.is_full(name) && self.prune().try_add(name, by))) {
            return;
        }
        self.pruned = self.pruned.saturating_add(1);
    }

    fn is_full(&self, name: &str) -> bool {
        self.counts.len() >= LIMITS.names || self.counts.bytes() + name.len() > LIMITS.bytes
    }

    fn try_add(&mut self, name: &str, by: u64) -> bool {
        let entry = self.counts.entry(name);
        entry.is_some_and(|(_, count)| {
            *count = count.saturating_add(by);
            true
        })
    }

    /// Returns the number of names, those that are no longer kept included.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        self.pruned.saturating_add(self.counts.len() as u64)
    }

    /// Gives names another form where `other` has one; names that become the same are counted together.
    pub fn rename(&mut self, other: impl Fn(&str) -> Option<String>) {
        let before = std::mem::replace(&mut self.counts, NameTable::new(LIMITS));
        for (name, count) in before.iter() {
            self.add_count(other(name).as_deref().unwrap_or(name), *count);
        }
    }

    /// The names, most frequent first and then by name; at most [`Top::KEPT`], and [`Top::KEPT_BYTES`] of them.
    #[must_use]
    pub fn items(&self) -> Vec<Count> {
        let most_frequent = self.most_frequent().into_iter();
        most_frequent
            .map(|(name, count)| Count {
                name: name.to_owned(),
                count,
            })
            .collect()
    }

    /// [`Top::items`], borrowed.
    #[must_use]
    pub fn most_frequent(&self) -> Vec<(&str, u64)> {
        let mut items: Vec<_> = self.counts.iter().map(|(name, count)| (name, *count)).collect();
        items.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        bound(&mut items, |item| item.0);
        items
    }

    /// Returns the number of names that [`Top::items`] leaves out.
    #[must_use]
    pub fn omitted(&self) -> u64 {
        self.distinct() - self.most_frequent().len() as u64
    }

    /// Makes a list of counts, the most frequent first, each name once; what does not fit is counted with what was `pruned`.
    pub(super) fn of_counts(counts: Vec<(String, u64)>, pruned: u64) -> Self {
        let mut kept: Vec<_> = counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        bound(&mut kept, |item| item.0);
        let mut top = Self {
            pruned: pruned.saturating_add((counts.len() - kept.len()) as u64),
            ..Self::default()
        };
        for (name, count) in kept {
            top.add_count(name, count);
        }
        top
    }

    /// Names that are held, in no order: more than are sent.
    pub(super) fn held(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(name, count)| (name, *count))
    }

    /// Number of names that are no longer held.
    pub(super) fn pruned(&self) -> u64 {
        self.pruned
    }

    /// Gives up all names but the most frequent.
    fn prune(&mut self) -> &mut Self {
        self.pruned = self.omitted();
        let mut counts = NameTable::new(LIMITS);
        for (name, count) in self.most_frequent() {
            if let Some((_, own)) = counts.entry(name) {
                *own = count;
            }
        }
        self.counts = counts;
        self
    }
}

impl PartialEq for Top {
    fn eq(&self, other: &Self) -> bool {
        self.distinct() == other.distinct() && self.most_frequent() == other.most_frequent()
    }
}

impl Eq for Top {}

/// Leaves out what is beyond the bounds, from the end.
fn bound<T>(items: &mut Vec<T>, name: impl Fn(&T) -> &str) {
    let mut room = Top::KEPT_BYTES;
    items.retain(|item| {
        let left = room.checked_sub(name(item).len());
        room = left.unwrap_or(room);
        left.is_some()
    });
    items.truncate(Top::KEPT);
}

impl Serialize for Top {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let items = self.items();
        let omitted = self.distinct() - items.len() as u64;
        Shape { items, omitted }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Top {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Shape { mut items, omitted } = Shape::deserialize(deserializer)?;
        let sent = items.len();
        bound(&mut items, |item| &item.name);
        let mut top = Self {
            pruned: omitted.saturating_add((sent - items.len()) as u64),
            ..Self::default()
        };
        for item in items {
            top.add_count(&item.name, item.count);
        }
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
            let held = top.counts.bytes();
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
        let json = serde_json::to_string(&Shape { items, omitted: 5 }).unwrap();
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
