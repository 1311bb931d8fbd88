//! Sorting of lists of any type by one compiled sort, over their places. The standard library's is compiled for each type,
//! 6 KB of wasm a time; collecting into a `BTreeSet` or a `BTreeMap` sorts, too, and inserting one by one does not.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Sorts numbers of rows or places, stably.
pub fn sort_places(places: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    places.sort_by(|one, other| compare(*one, *other));
}

/// Sorts items by a key that is computed once for each, stably.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let mut places: Vec<u32> = (0..).take(items.len()).collect();
    sort_places(&mut places, &|one, other| {
        keys.get(one as usize).cmp(&keys.get(other as usize))
    });
    let mut unsorted: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(
        places
            .iter()
            .filter_map(|place| unsorted.get_mut(*place as usize)?.take()),
    );
}

/// Collects a set.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(items in prop::collection::vec((0_u8..9, any::<String>()), 0..99)) {
            let (mut own, mut expected) = (items.clone(), items);
            sort_by_key(&mut own, |item| item.0);
            expected.sort_by_key(|item| item.0);
            prop_assert_eq!(own, expected);
        }
    }
}
