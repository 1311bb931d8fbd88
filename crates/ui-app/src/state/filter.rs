//! Filter of the log's rows: kinds, one process, one routing, and what was typed, in the filter language.

use crate::state::routing::Routing;
use mirrord_filter::{Scope, parse_leniently};

use super::filter_edit::with_earlier_pair;
use super::filter_row::FilterRow;
pub use super::filter_row::{Known, ROUTINGS, Subject, routing_word};
use super::percent::{decoded, push_encoded};
use crate::state::kind::{Kind, Kinds};

/// Search for a text in another, in any case.
pub use mirrord_filter::contains;

/// The longest text of a link's search, bytes; a longer one is cut.
pub const MAX_TYPED_BYTES: usize = 4_096;

/// Filter as it is in the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    /// `type=FileOp,DnsQuery`: the kinds; all where it is absent.
    pub kinds: Kinds,
    /// `pid=12`: one process.
    pub pid: Option<u32>,
    /// `tree=12`: one process and its descendants, in every view.
    pub tree: Option<u32>,
    /// `routing=remote`: one way of routing.
    pub routing: Option<Routing>,
    /// `q=…`: the search, as it was typed.
    pub typed: String,
}

impl LogFilter {
    /// Parses the part of an address behind `?`. Unknown names and invalid values are left out.
    #[must_use]
    pub fn of_query(query: &str) -> Self {
        let mut filter = Self::default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "type" => filter.kinds = kinds(value),
                "pid" => filter.pid = value.parse().ok(),
                "tree" => filter.tree = value.parse().ok(),
                "routing" => filter.routing = ROUTINGS.into_iter().find(|one| routing_word(*one) == value),
                "q" => {
                    let typed = decoded(value);
                    filter.typed = typed[..typed.floor_char_boundary(MAX_TYPED_BYTES)].to_owned();
                }
                _ => {
                    let added = with_earlier_pair(&filter.typed, name, &decoded(value));
                    if let Some(typed) = added.filter(|typed| typed.len() <= MAX_TYPED_BYTES) {
                        filter.typed = typed;
                    }
                }
            }
        }
        filter
    }

    /// Writes the same behind an address, its `?` included; nothing where everything is shown.
    pub fn push_query(&self, out: &mut String) {
        let mut sign = '?';
        let mut put = |out: &mut String, name: &str| {
            out.push(std::mem::replace(&mut sign, '&'));
            out.push_str(name);
            out.push('=');
        };
        if self.kinds != Kinds::ALL {
            put(out, "type");
            let chosen: Vec<_> = Kind::ALL
                .into_iter()
                .filter(|kind| self.kinds.has(*kind))
                .map(Kind::slug)
                .collect();
            out.push_str(&chosen.join(","));
        }
        for (name, pid) in [("pid", self.pid), ("tree", self.tree)] {
            if let Some(pid) = pid {
                put(out, name);
                out.push_str(&pid.to_string());
            }
        }
        if let Some(routing) = self.routing {
            put(out, "routing");
            out.push_str(routing_word(routing));
        }
        if !self.typed.is_empty() {
            put(out, "q");
            push_encoded(out, &self.typed);
        }
    }

    /// Reports a filter that lets every row pass.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.active() == 0
    }

    /// Number of active filters: the kinds count as one, and so does what was typed.
    #[must_use]
    pub fn active(&self) -> usize {
        let ones = [
            self.kinds != Kinds::ALL,
            self.pid.is_some(),
            self.tree.is_some(),
            self.routing.is_some(),
            !self.typed.trim().is_empty(),
        ];
        ones.into_iter().filter(|is_one| *is_one).count()
    }

    /// Reports a filter that differs from another in nothing but what was typed.
    #[must_use]
    pub fn is_but_for_text(&self, other: &Self) -> bool {
        (self.kinds, self.pid, self.tree, self.routing) == (other.kinds, other.pid, other.tree, other.routing)
    }
}

/// An empty list is no kind at all; one that names only what is not known is all of them.
fn kinds(value: &str) -> Kinds {
    let known = |name: &str| Kind::ALL.into_iter().find(|kind| kind.slug() == name);
    let chosen = value.split(',').filter_map(known).fold(Kinds::NONE, Kinds::with);
    if chosen == Kinds::NONE && !value.is_empty() {
        Kinds::ALL
    } else {
        chosen
    }
}

/// Parsed search, with the moment and the zone in which its times are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    filter: mirrord_filter::Filter,
    scope: Scope,
}

impl Query {
    /// Parses what was typed, without the words that are wrong or not finished; `None` where every row matches.
    #[must_use]
    pub fn parse(typed: &str, scope: Scope) -> Option<Self> {
        let filter = parse_leniently(typed);
        (!filter.is_open()).then_some(Self { filter, scope })
    }

    /// The parsed filter.
    #[must_use]
    pub fn filter(&self) -> &mirrord_filter::Filter {
        &self.filter
    }

    /// Reports a search that finds nothing that another did not. Times before now move with it.
    #[must_use]
    pub fn narrows(&self, before: &Self) -> bool {
        let is_one_moment = self.scope == before.scope || !before.filter.is_relative();
        is_one_moment && self.filter.narrows(&before.filter)
    }

    fn finds(&self, row: Subject<'_>, known: Known<'_>) -> bool {
        self.filter.matches(&FilterRow { row, known }, &self.scope)
    }
}

/// Filter of rows with its search.
#[derive(Clone, Copy)]
pub struct Filter<'a> {
    /// The kinds.
    pub kinds: Kinds,
    /// The process; `None` for any.
    pub pid: Option<u32>,
    /// The process that it is or descends from; `None` for any.
    pub tree: Option<u32>,
    /// The way of routing; `None` for any.
    pub routing: Option<Routing>,
    /// Search in the row; `None` passes any.
    pub query: Option<&'a Query>,
    /// Processes that the search may ask about.
    pub known: Known<'a>,
    /// Sessions of the log that are hidden, a bit each.
    pub hidden: u8,
}

impl Filter<'_> {
    /// The filter that lets every row through.
    pub const OPEN: Self = Self {
        kinds: Kinds::ALL,
        pid: None,
        tree: None,
        routing: None,
        query: None,
        known: Known {
            names: None,
            processes: None,
        },
        hidden: 0,
    };

    /// Reports a filter that lets every row pass.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.hidden == 0 && self.lets_every_event()
    }

    /// Reports a filter that passes every event of the sessions that are not hidden.
    fn lets_every_event(&self) -> bool {
        let is_any_process = self.pid.is_none() && self.tree.is_none();
        self.kinds == Kinds::ALL && is_any_process && self.routing.is_none() && self.query.is_none()
    }

    /// Tests a row. A row that is no event (events were missed here) passes only an open filter of its session.
    #[must_use]
    pub fn lets(&self, row: Subject<'_>) -> bool {
        if self.hidden.checked_shr(row.source.into()).unwrap_or(0) & 1 == 1 {
            return false;
        }
        let Some(kind) = row.kind else {
            return self.lets_every_event();
        };
        self.kinds.has(kind)
            && (self.pid.is_none() || self.pid == row.pid)
            && self.tree.is_none_or(|root| self.known.descends(row.pid, root))
            && (self.routing.is_none() || self.routing == row.routing)
            && self.query.is_none_or(|query| query.finds(row, self.known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(typed: &str) -> Query {
        Query::parse(typed, Scope::default()).unwrap()
    }

    #[test]
    fn a_link_s_filter_is_read_and_nonsense_in_it_is_left_out() {
        let filter = LogFilter::of_query("type=FileOp,DnsQuery&pid=12&routing=not_found&q=%2Fa%26b");
        assert!(filter.kinds.has(Kind::File) && filter.kinds.has(Kind::Dns) && !filter.kinds.has(Kind::Port));
        assert_eq!((filter.pid, filter.routing), (Some(12), Some(Routing::NotFound)));
        assert_eq!(filter.typed, "/a&b");
        assert_eq!(filter.active(), 4);
        for nonsense in ["", "type=Nonsense", "pid=-1", "routing=up", "q=", "x=1", "type", "&&=&"] {
            assert!(LogFilter::of_query(nonsense).is_open(), "{nonsense}");
        }
        assert_eq!(LogFilter::of_query("type=").kinds, Kinds::NONE);
        let long = ["q=", &"é".repeat(MAX_TYPED_BYTES)].concat();
        assert_eq!(LogFilter::of_query(&long).typed.len(), MAX_TYPED_BYTES);
    }

    #[test]
    fn a_link_of_an_earlier_page_is_read_into_the_search() {
        let filter = LogFilter::of_query("q=x&not=%2Fa%20b&is=%2Fc");
        assert_eq!(filter.typed, "x -name:=\"/a b\" name:=\"/c\"");
        let long = [
            "is=",
            &"é".repeat(MAX_TYPED_BYTES),
            "&not=",
            &"é".repeat(MAX_TYPED_BYTES),
        ]
        .concat();
        assert!(LogFilter::of_query(&long).typed.len() <= MAX_TYPED_BYTES);
    }

    #[test]
    fn a_search_that_grows_narrows_unless_its_times_have_moved() {
        let now = |now, typed| {
            let scope = Scope { now, zone_minutes: 0 };
            Query::parse(typed, scope).unwrap()
        };
        assert!(now(2, "etc a").narrows(&now(1, "et")));
        assert!(!now(2, "et").narrows(&now(2, "etc")));
        assert!(now(2, "a before:-5m").narrows(&now(2, "before:-5m")));
        assert!(!now(3, "a before:-5m").narrows(&now(2, "before:-5m")));
    }

    #[test]
    fn a_row_that_says_what_was_missed_passes_no_filter() {
        let row = Subject {
            source: 1,
            ..Subject::default()
        };
        let all = query("-nowhere");
        let open = Filter::OPEN;
        let filters = [
            Filter {
                query: Some(&all),
                ..open
            },
            Filter {
                kinds: Kinds::ALL.toggled(Kind::Dns),
                ..open
            },
            Filter { pid: Some(1), ..open },
            Filter {
                routing: Some(Routing::Local),
                ..open
            },
            Filter { hidden: 0b10, ..open },
        ];
        assert!(filters.iter().all(|filter| !filter.lets(row)));
        assert!(open.lets(row) && Filter { hidden: 0b01, ..open }.lets(row));
    }

    #[test]
    fn one_process_and_one_way_of_routing_are_shown_alone() {
        let filter = Filter {
            pid: Some(7),
            routing: Some(Routing::Remote),
            ..Filter::OPEN
        };
        let row = |pid, routing| Subject {
            kind: Some(Kind::File),
            pid,
            routing,
            ..Subject::default()
        };
        assert!(filter.lets(row(Some(7), Some(Routing::Remote))));
        for other in [
            row(Some(8), Some(Routing::Remote)),
            row(Some(7), Some(Routing::Local)),
            row(Some(7), None),
            row(None, Some(Routing::Remote)),
        ] {
            assert!(!filter.lets(other));
        }
    }
}
