//! Names with counts, bounded: the most frequent are kept and the rest is a number.
//!
//! Between prunings up to twice [`Top::KEPT`] names are held, so that a new name costs a constant on average. A name that
//! was pruned and comes again starts at one: its count is then a lower bound, which is why `more` stands beside it.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    more: u64,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Shape {
    items: Vec<Count>,
    more: u64,
}

impl Top {
    /// How many names are kept and sent.
    pub const KEPT: usize = 1_000;

    /// Counts a name.
    pub fn add(&mut self, name: &str) {
        if let Some(count) = self.counts.get_mut(name) {
            *count += 1;
            return;
        }
        if self.counts.len() >= 2 * Self::KEPT {
            self.prune();
        }
        self.counts.insert(name.to_owned(), 1);
    }

    /// How many names there are, those that are no longer kept included.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        self.counts.len() as u64 + self.more
    }

    /// Gives names another form where `other` has one; names that become the same are counted together.
    pub fn rename(&mut self, other: impl Fn(&str) -> Option<String>) {
        for (name, count) in std::mem::take(&mut self.counts) {
            let name = other(&name).unwrap_or(name);
            *self.counts.entry(name).or_default() += count;
        }
    }

    /// The names, most frequent first and then by name; at most [`Top::KEPT`].
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
        items.truncate(Self::KEPT);
        items
    }

    fn prune(&mut self) {
        let kept = self.items();
        self.more += (self.counts.len() - kept.len()) as u64;
        self.counts = kept.into_iter().map(|item| (item.name, item.count)).collect();
    }
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
        let cut = items.len().saturating_sub(Self::KEPT) as u64;
        items.truncate(Self::KEPT);
        Ok(Self {
            counts: items.into_iter().map(|item| (item.name, item.count)).collect(),
            more: more + cut,
        })
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
