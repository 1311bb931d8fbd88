//! Which function goes into which layer.
//!
//! A function is named after where it was written, and a generic one after its types and closures as well; so its name
//! says for whom it was made. What has no place by its name is where the lowest of those is that refer to it.

use anyhow::{Context, Result, bail};

use super::{graph::Graph, module::Module};

/// The highest layer there may be: each is a request of its own.
const MOST: usize = 4;

/// A closure larger than this does not come out the same as another by chance.
const MOST_SHARED_BYTES: usize = 128;

/// The places in the sources that are not in the first layer: `<layer> <path>`, a line each.
pub(super) struct Rules<'a> {
    places: Vec<(usize, &'a str)>,
    /// How many layers there are, with the first.
    pub(super) count: usize,
}

impl<'a> Rules<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self> {
        let mut places = Vec::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (layer, place) = line.split_once(' ').with_context(|| format!("layers: `{line}`"))?;
            let layer: usize = layer.parse().with_context(|| format!("layers: `{line}`"))?;
            if layer > MOST {
                bail!("layers: `{line}`: a layer is a number up to {MOST}");
            }
            places.push((layer, place));
        }
        let count = places.iter().map(|(layer, _)| layer + 1).max().unwrap_or(1);
        Ok(Self { places, count })
    }

    /// The place of a function by its name: where it was written, or the highest of the places that it was made for.
    fn place(&self, name: &str, bytes: usize) -> Place {
        let name = without_hashes(name);
        if let Some(layer) = self.at(name.trim_start_matches('<')) {
            return match is_closure(&name) && bytes <= MOST_SHARED_BYTES {
                true => Place::AtMost(layer),
                false => Place::Fixed(layer),
            };
        }
        let starts = name
            .char_indices()
            .filter(|(start, _)| !continues(name[..*start].chars().next_back()));
        let highest = starts.filter_map(|(start, _)| self.at(&name[start..])).max();
        highest.map_or(Place::Free, Place::AtMost)
    }

    /// The layer of what stands at a place in a name, by the longest rule.
    fn at(&self, rest: &str) -> Option<usize> {
        let rules = self.places.iter().filter(|(_, place)| begins(rest, place));
        rules.max_by_key(|(_, place)| place.len()).map(|(layer, _)| *layer)
    }

    /// The rules that no function's name falls under: a module that was renamed would go unnoticed into the first layer.
    pub(super) fn unused(&self, names: &[&str]) -> Vec<&'a str> {
        let names: Vec<String> = names.iter().map(|name| without_hashes(name)).collect();
        let is_used = |place: &str| names.iter().any(|name| name.contains(place));
        self.places
            .iter()
            .map(|(_, place)| *place)
            .filter(|place| !is_used(place))
            .collect()
    }
}

/// A name without its crates' hashes: `core[5417ebce]::fmt` is `core::fmt`.
fn without_hashes(name: &str) -> String {
    let mut rest = name;
    let mut clean = String::with_capacity(name.len());
    while let Some((before, after)) = rest.split_once('[') {
        let (inside, behind) = after.split_once(']').unwrap_or((after, ""));
        clean.push_str(before);
        if inside.is_empty() || !behind.starts_with("::") || !inside.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            clean.push('[');
            rest = after;
        } else {
            rest = behind;
        }
    }
    clean.push_str(rest);
    clean
}

/// Whether a function is a closure, or its call: not whether it was made for one, which stands in `::<…>`.
fn is_closure(name: &str) -> bool {
    let mut depth = 0_usize;
    let mut rest = name;
    while let Some(place) = rest.find(['<', '>', '{']) {
        let is_for = rest[..place].ends_with("::") || depth > 0;
        match &rest[place..=place] {
            "<" if is_for => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            "{" if depth == 0 => return true,
            _ => {}
        }
        rest = &rest[place + 1..];
    }
    false
}

fn begins(rest: &str, place: &str) -> bool {
    rest.strip_prefix(place)
        .is_some_and(|rest| !continues(rest.chars().next()))
}

/// Whether a name goes on with, or comes from, a character beside it.
fn continues(beside: Option<char>) -> bool {
    beside.is_some_and(|beside| beside.is_ascii_alphanumeric() || beside == '_')
}

/// What holds a function, or an object in memory, in its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It was written there.
    Fixed(usize),
    /// It was made for what is there, or is a small closure. The compiler keeps one of several that came out the same, under any
    /// of their names: so whoever uses it from below is right, and not its name.
    AtMost(usize),
    /// It is where it is needed.
    Free,
}

/// The layer of every function, imported ones with them in the first.
pub(super) fn assign(module: &Module<'_>, rules: &Rules<'_>) -> Vec<usize> {
    let functions = module.type_of.len();
    let mut places: Vec<Place> = (0..functions)
        .map(|function| rules.place(module.names[function], module.bytes(function)))
        .collect();
    for function in (0..module.imported).chain(module.pinned.iter().copied()) {
        places[function as usize] = Place::Fixed(0);
    }
    let graph = Graph::of(module);
    places.resize(graph.referrers.len(), Place::Free);
    // What has no place of its own goes to the lowest of those who refer to it: from the top down, so that those who
    // refer to each other alone stay together.
    let mut layers: Vec<usize> = places.iter().map(|place| place.start(rules.count)).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for (node, place) in places.iter().enumerate() {
            let referrers = match place {
                Place::Fixed(_) => continue,
                Place::AtMost(_) => &graph.users[node],
                Place::Free => &graph.referrers[node],
            };
            let lowest = referrers.iter().map(|from| layers[*from]).min();
            let lowest = lowest.unwrap_or(if *place == Place::Free { 0 } else { layers[node] });
            if lowest < layers[node] {
                layers[node] = lowest;
                changed = true;
            }
        }
    }
    layers.truncate(functions);
    // Those that refer to each other alone: then nobody knows who calls them.
    layers
        .iter()
        .map(|layer| if *layer < rules.count { *layer } else { 0 })
        .collect()
}

impl Place {
    fn start(self, count: usize) -> usize {
        match self {
            Self::Fixed(layer) | Self::AtMost(layer) => layer,
            Self::Free => count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "# A comment\n1 app::pages::session\n2 app::views::stats\n\n1 app::views\n0 app::views::near\n";

    #[test]
    fn a_name_tells_where_a_function_was_written_or_what_it_was_made_for() {
        let rules = Rules::parse(RULES).unwrap();
        assert_eq!(rules.count, 3);
        for (name, layer) in [
            ("app[606e]::start", Place::Free),
            ("app[606e]::pages::session::Events", Place::Fixed(1)),
            ("app[606e]::pages::session::Events::{closure#0}", Place::AtMost(1)),
            ("app::pages::session_list::Row", Place::Free),
            ("my_app::views", Place::Free),
            (
                "<app[606e]::views::stats::Chart as core[1]::fmt::Debug>::fmt",
                Place::Fixed(2),
            ),
            (
                "a[0]::memo::<app[6]::Model, app[6]::views::files::view::{closure#1}>",
                Place::AtMost(1),
            ),
            (
                "a[0]::memo::<app[6]::views::Row, app[6]::views::stats::Chart>",
                Place::AtMost(2),
            ),
            ("<[app[6]::views::near::Row]>::sort", Place::AtMost(0)),
            ("app[6]::views::near::row", Place::Fixed(0)),
            ("dlmalloc[2]::malloc", Place::Free),
            ("", Place::Free),
        ] {
            assert_eq!(rules.place(name, 10), layer, "{name}");
        }
    }

    #[test]
    fn a_closure_is_told_from_what_was_made_for_one() {
        for name in [
            "app::views::view::{closure#0}",
            "app::views::figure::<app::views::figures::{closure#2}>::{closure#0}",
            "<app::views::view::{closure#0} as core::ops::FnOnce<()>>::call_once",
            "<app::Api>::ask::<<app::Api>::me::{closure#1}>::{closure#0}",
        ] {
            assert!(is_closure(name), "{name}");
        }
        for name in [
            "app::views::view",
            "app::memo::<app::Row, app::views::row::{closure#0}>",
            "<app::Log>::step::<<app::Log>::end::{closure#0}>",
        ] {
            assert!(!is_closure(name), "{name}");
        }
    }

    #[test]
    fn a_rule_for_what_is_gone_is_told() {
        let rules = Rules::parse(RULES).unwrap();
        let names = ["app[6]::pages::session::Events", "app[6]::views::near"];
        assert_eq!(rules.unused(&names), ["app::views::stats"]);
    }

    #[test]
    fn a_rule_that_cannot_be_read_is_an_error() {
        for text in ["pages", "x pages", "9 pages"] {
            assert!(Rules::parse(text).is_err(), "{text}");
        }
    }
}
