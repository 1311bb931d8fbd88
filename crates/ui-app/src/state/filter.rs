//! Filter of the log's rows: kinds, one process, one routing, and a text or a pattern. Text is searched here; a pattern
//! is run by the caller, with the browser's engine, and passed as a function.

use mirrord_wire::Routing;

use super::filter_terms::{self, Term};
use super::percent::{decoded, push_encoded};
use crate::state::kind::{Kind, Kinds};

/// The longest text of a link's search, bytes; a longer one is cut.
pub const MAX_TYPED_BYTES: usize = 4_096;

/// Filter as it is in the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    /// `type=FileOp,DnsQuery`: the kinds; all where it is absent.
    pub kinds: Kinds,
    /// `pid=12`: one process.
    pub pid: Option<u32>,
    /// `routing=remote`: one way of routing.
    pub routing: Option<Routing>,
    /// `q=…`: the search, as it was typed.
    pub typed: String,
    /// `is=…`, `not=…` and their kin: names and rules that are shown alone, or hidden.
    pub terms: Vec<Term>,
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
                "routing" => filter.routing = ROUTINGS.into_iter().find(|one| routing_word(*one) == value),
                "q" => {
                    let typed = decoded(value);
                    filter.typed = typed[..typed.floor_char_boundary(MAX_TYPED_BYTES)].to_owned();
                }
                _ => filter_terms::read(&mut filter.terms, name, value),
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
        if let Some(pid) = self.pid {
            put(out, "pid");
            out.push_str(&pid.to_string());
        }
        if let Some(routing) = self.routing {
            put(out, "routing");
            out.push_str(routing_word(routing));
        }
        if !self.typed.is_empty() {
            put(out, "q");
            push_encoded(out, &self.typed);
        }
        filter_terms::write(&self.terms, |name, value| {
            put(out, name);
            out.push_str(value);
        });
    }

    /// Reports a filter that lets every row pass.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.active() == 0
    }

    /// Number of active filters: the kinds count as one, each term as one.
    #[must_use]
    pub fn active(&self) -> usize {
        let ones = [
            self.kinds != Kinds::ALL,
            self.pid.is_some(),
            self.routing.is_some(),
            !self.typed.trim().is_empty(),
        ];
        ones.into_iter().filter(|is_one| *is_one).count() + self.terms.len()
    }

    /// Reports a filter that passes no row that `other` refuses: the same one, or one whose text has grown.
    #[must_use]
    pub fn narrows(&self, other: &Self) -> bool {
        let has_grown = match (Query::parse(&self.typed), Query::parse(&other.typed)) {
            (Query::Text(now), Query::Text(before)) => contains(&now, &before),
            (Query::Text(_), Query::All) => true,
            _ => false,
        };
        let same = Self {
            typed: other.typed.clone(),
            ..self.clone()
        };
        has_grown && same == *other
    }
}

/// Every way of routing, in the order in which they are offered.
pub const ROUTINGS: [Routing; 3] = [Routing::Remote, Routing::Local, Routing::NotFound];

/// The word of the wire, which is the address's too.
#[must_use]
pub fn routing_word(routing: Routing) -> &'static str {
    match routing {
        Routing::Remote => "remote",
        Routing::Local => "local",
        Routing::NotFound => "not_found",
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

/// Parsed search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Query {
    /// Nothing.
    #[default]
    All,
    /// A text, found anywhere, upper and lower case of ASCII letters alike. Kept in lower case.
    Text(String),
    /// A regular expression.
    Pattern {
        /// The expression.
        source: String,
        /// Its flags.
        flags: String,
    },
}

impl Query {
    /// Parses the search box: `/…/` and `/…/flags` are a pattern. `/etc/` could be a pattern or a path, and is a path:
    /// slashes make a pattern only where the text between them has a character that paths lack.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let typed = typed.trim();
        if typed.is_empty() {
            return Self::All;
        }
        match pattern(typed) {
            Some((source, flags)) => Self::Pattern {
                source: source.to_owned(),
                flags: flags.to_owned(),
            },
            None => Self::Text(typed.to_ascii_lowercase()),
        }
    }
}

fn pattern(typed: &str) -> Option<(&str, &str)> {
    let (source, flags) = typed.strip_prefix('/')?.rsplit_once('/')?;
    let is_flag = |character: char| matches!(character, 'i' | 's' | 'u' | 'm');
    let is_pattern = source.contains(|character: char| "\\^$*+?()[]{}|".contains(character)) || !source.contains('/');
    (!source.is_empty() && flags.len() <= 4 && flags.chars().all(is_flag) && is_pattern).then_some((source, flags))
}

/// Reports a needle, in lower case, in the text. Looks at eight bytes at a time for the needle's first: a search covers
/// megabytes while a key press waits for the answer.
#[must_use]
pub fn contains(text: &str, needle: &str) -> bool {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let Some(first) = needle.first() else {
        return true;
    };
    let Some(starts) = (text.len() + 1).checked_sub(needle.len()) else {
        return false;
    };
    let is_at = |start: usize| {
        text.get(start..start + needle.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(needle))
    };
    let (words, rest) = text[..starts].as_chunks();
    words.iter().enumerate().any(|(place, word)| {
        let mut marks = alike(u64::from_le_bytes(*word), *first);
        while marks != 0 {
            if is_at(place * 8 + marks.trailing_zeros() as usize / 8) {
                return true;
            }
            marks &= marks - 1;
        }
        false
    }) || (starts - rest.len()..starts).any(is_at)
}

/// Marks the bytes of a word that may be this one, upper and lower case alike: each that is, and few that are not.
fn alike(word: u64, byte: u8) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const CASE: u64 = ONES * 0x20;
    let differs = (word | CASE) ^ ((ONES * u64::from(byte)) | CASE);
    differs.wrapping_sub(ONES) & !differs & (ONES * 0x80)
}

/// Filter of rows with its search.
#[derive(Clone, Copy)]
pub struct Filter<'a> {
    /// The kinds.
    pub kinds: Kinds,
    /// The process; `None` for any.
    pub pid: Option<u32>,
    /// The way of routing; `None` for any.
    pub routing: Option<Routing>,
    /// Search in the row's text; `None` passes any.
    pub text: Option<&'a dyn Fn(&str) -> bool>,
    /// Names and rules that are shown alone, or hidden.
    pub terms: &'a [Term],
    /// Sessions of the log that are hidden, a bit each.
    pub hidden: u8,
}

/// Fields of a row that a filter reads.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Kind of the event; `None` for a row that is no event.
    pub kind: Option<Kind>,
    /// The place of its session among those of the log.
    pub source: u8,
    /// Whose it is.
    pub pid: Option<u32>,
    /// Routing of the event.
    pub routing: Option<Routing>,
    /// Text of the row.
    pub text: &'a str,
    /// The beginning of it that names the thing: a path, a host, a destination.
    pub name: &'a str,
    /// The rule that decided.
    pub rule: Option<&'a str>,
}

impl Filter<'_> {
    /// The filter that lets every row through.
    pub const OPEN: Self = Self {
        kinds: Kinds::ALL,
        pid: None,
        routing: None,
        text: None,
        terms: &[],
        hidden: 0,
    };

    /// Reports a filter that lets every row pass.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.hidden == 0 && self.lets_every_event()
    }

    /// Reports a filter that passes every event of the sessions that are not hidden.
    fn lets_every_event(&self) -> bool {
        self.kinds == Kinds::ALL
            && self.pid.is_none()
            && self.routing.is_none()
            && self.text.is_none()
            && self.terms.is_empty()
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
            && (self.routing.is_none() || self.routing == row.routing)
            && filter_terms::let_through(self.terms, row.name, row.rule)
            && self.text.is_none_or(|found| found(row.text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_pattern(typed: &str) -> bool {
        matches!(Query::parse(typed), Query::Pattern { .. })
    }

    #[test]
    fn slashes_make_a_pattern_but_a_path_stays_a_path() {
        assert!(
            ["/hosts$/", "/a|b/i", "/hosts/", "/etc/.*conf$/"]
                .into_iter()
                .all(is_pattern)
        );
        assert!(
            [
                "/",
                "//",
                "/etc",
                "/etc/hosts",
                "/etc/app/",
                "hosts/",
                "/etc/ssl/certs/x",
                "/usr/lib/is"
            ]
            .iter()
            .all(|typed| !is_pattern(typed))
        );
        assert_eq!(Query::parse("  "), Query::All);
        assert_eq!(Query::parse(" Hosts "), Query::Text("hosts".to_owned()));
    }

    #[test]
    fn a_link_s_filter_is_read_and_nonsense_in_it_is_left_out() {
        let filter = LogFilter::of_query("type=FileOp,DnsQuery&pid=12&routing=not_found&q=%2Fa%26b");
        assert!(filter.kinds.has(Kind::File) && filter.kinds.has(Kind::Dns) && !filter.kinds.has(Kind::Port));
        assert_eq!((filter.pid, filter.routing), (Some(12), Some(Routing::NotFound)));
        assert_eq!(filter.typed, "/a&b");
        assert_eq!(filter.active(), 4);
        assert_eq!(LogFilter::of_query("is=a&not=b&q=%20&type=DnsQuery").active(), 3);
        for nonsense in ["", "type=Nonsense", "pid=-1", "routing=up", "q=", "x=1", "type", "&&=&"] {
            assert!(LogFilter::of_query(nonsense).is_open(), "{nonsense}");
        }
        assert_eq!(LogFilter::of_query("type=").kinds, Kinds::NONE);
        let long = ["q=", &"é".repeat(MAX_TYPED_BYTES)].concat();
        assert_eq!(LogFilter::of_query(&long).typed.len(), MAX_TYPED_BYTES);
    }

    #[test]
    fn a_text_that_grows_narrows_and_nothing_else_does() {
        let of = LogFilter::of_query;
        for (now, before, narrows) in [
            ("q=etc", "q=et", true),
            ("q=/etc", "q=Etc", true),
            ("q=etc&pid=1", "pid=1", true),
            ("q=et", "q=etc", false),
            ("q=etc&pid=1", "q=et", false),
            ("q=etc", "q=et&type=FileOp", false),
            // Becomes a pattern, and was one.
            ("q=/et$/", "q=/et$", false),
            ("q=/et$/x", "q=/et$/", false),
        ] {
            assert_eq!(of(now).narrows(&of(before)), narrows, "{before} to {now}");
        }
    }

    #[test]
    fn a_row_that_says_what_was_missed_passes_no_filter() {
        let row = Subject {
            kind: None,
            source: 1,
            pid: None,
            routing: None,
            text: "",
            name: "",
            rule: None,
        };
        let (all, terms) = (|_: &str| true, [Term::of_name("a", true)]);
        let open = Filter::OPEN;
        let filters = [
            Filter {
                text: Some(&all),
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
            Filter { terms: &terms, ..open },
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
            source: 0,
            pid,
            routing,
            text: "",
            name: "",
            rule: None,
        };
        assert!(!filter.is_open());
        assert!(filter.lets(row(Some(7), Some(Routing::Remote))));
        assert!(!filter.lets(row(Some(8), Some(Routing::Remote))));
        assert!(!filter.lets(row(Some(7), Some(Routing::Local))));
        assert!(!filter.lets(row(None, None)));
    }

    proptest! {
        #[test]
        fn the_search_finds_what_the_plain_way_finds(text in "[aAbB@`/é]{0,40}", needle in "[aAbB@`/é]{0,4}") {
            let needle = needle.to_ascii_lowercase();
            prop_assert_eq!(contains(&text, &needle), text.to_ascii_lowercase().contains(&needle));
        }
    }
}
