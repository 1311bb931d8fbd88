//! What is made anew: a part of a page between two marks, and rows by their keys.

use leptos::prelude::Owner;
use web_sys::Node;

use super::{AnyView, fragment, react, text};

/// What stands between two empty texts, which are moved with it.
pub(super) struct Part {
    start: Node,
    end: Node,
}

impl Part {
    /// An empty one, behind what `parent` has.
    pub(super) fn new(parent: &AnyView) -> Self {
        let (start, end) = (text(""), text(""));
        parent.append(&start);
        parent.append(&end);
        Self { start, end }
    }

    /// Shows `view` in place of what is there.
    pub(super) fn show(&self, view: &AnyView) {
        self.clear();
        self.put(&view.0);
    }

    /// Puts a node behind what is there.
    fn put(&self, node: &Node) {
        if let Some(parent) = self.end.parent_node() {
            drop(parent.insert_before(node, Some(&self.end)));
        }
    }

    fn clear(&self) {
        while let Some(node) = self.start.next_sibling().filter(|node| *node != self.end) {
            detach(&node);
        }
    }

    fn remove(&self) {
        self.clear();
        detach(&self.start);
        detach(&self.end);
    }

    /// Moves all of it behind a node.
    fn follow(&self, last: &Node) {
        let (Some(parent), next) = (last.parent_node(), last.next_sibling()) else {
            return;
        };
        let mut node = Some(self.start.clone());
        while let Some(own) = node {
            node = own.next_sibling().filter(|_| own != self.end);
            drop(parent.insert_before(&own, next.as_ref()));
        }
    }
}

fn detach(node: &Node) {
    if let Some(parent) = node.parent_node() {
        drop(parent.remove_child(node));
    }
}

/// A row: its key, what it reacts with, and where it is.
struct Row<K> {
    key: K,
    owner: Owner,
    part: Part,
}

/// A row for each item, made once for each key, and moved where the order changes.
pub(crate) fn rows<T, K: PartialEq + 'static, I: IntoIterator<Item = T>>(
    each: impl Fn() -> I + 'static,
    key: impl Fn(&T) -> K + 'static,
    made: impl Fn(T) -> AnyView + 'static,
) -> AnyView {
    let own = fragment();
    let list = Part::new(&own);
    let mut rows: Vec<Row<K>> = Vec::new();
    let Some(outer) = Owner::current() else { return own };
    react(Box::new(move || {
        let mut before = std::mem::take(&mut rows);
        for item in each() {
            let key = key(&item);
            let known = before.iter().position(|row| row.key == key);
            let row = match known {
                Some(place) => before.remove(place),
                None => outer.with(|| {
                    let owner = Owner::new();
                    let view = owner.with(|| leptos::prelude::untrack(|| made(item)));
                    let holder = fragment();
                    let part = Part::new(&holder);
                    part.show(&view);
                    Row { key, owner, part }
                }),
            };
            rows.push(row);
        }
        for row in before {
            row.owner.cleanup();
            row.part.remove();
        }
        place(&list, rows.iter().map(|row| &row.part));
    }));
    own
}

/// Puts the parts in their order; one that is where it should be is not touched, so that the focus in it stays.
fn place<'a>(list: &Part, parts: impl Iterator<Item = &'a Part>) {
    let mut last = list.start.clone();
    for part in parts {
        if last.next_sibling().as_ref() != Some(&part.start) {
            part.follow(&last);
        }
        last = part.end.clone();
    }
}
