//! Route of the page and filter of its log, as the URL's fragment: every place can be linked to, and back and forward
//! work. A fragment, since the page is one static file.
//!
//! `#/` the overview; `#/s/<id>/<view>` a view of a session, `#/s/<id>` its summary, with a filter its events; `#/m/<id>,<id>` several
//! sessions in one log; `#/diff/<id>/<id>` two compared; `#/history`; `#/settings`. The filter follows behind a `?`. What cannot be read is left out, never guessed.
//! `story=PATH` opens the story of a path in the view of files; `at=SEQ` shows a record as it was right after that event.

use mirrord_wire::SessionId;

use super::filter::LogFilter;
use super::percent::{decoded, push_encoded};
use super::time_range::TimeRange;

/// Most sessions in one log, limited by distinguishable colours. The rest of a link is left out.
pub const MAX_MERGED: usize = 8;
/// The longest path of a story, bytes; a longer one is left out.
const MAX_STORY_BYTES: usize = 4_096;

/// A view of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[repr(u8)]
pub enum View {
    /// Answers: what is worth a look, and the log beneath.
    #[default]
    Summary,
    /// The log.
    Events,
    /// Paths.
    Files,
    /// Destinations, and names that were looked up.
    Network,
    /// The ports that it subscribed to.
    Ports,
    /// Its variables.
    Environment,
    /// Its process tree.
    Processes,
    /// The file that was used.
    Config,
    /// Numbers over time.
    Stats,
}

impl View {
    /// Number of views.
    pub const COUNT: usize = 9;
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Summary,
        Self::Events,
        Self::Files,
        Self::Network,
        Self::Ports,
        Self::Environment,
        Self::Processes,
        Self::Config,
        Self::Stats,
    ];

    /// The word in the address.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Events => "events",
            Self::Files => "files",
            Self::Network => "network",
            Self::Ports => "ports",
            Self::Environment => "environment",
            Self::Processes => "processes",
            Self::Config => "config",
            Self::Stats => "stats",
        }
    }

    /// Reports a view with the log in it.
    #[must_use]
    pub fn has_log(self) -> bool {
        matches!(self, Self::Summary | Self::Events)
    }

    /// The view of a word; the summary where there is none of that name.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|view| view.word() == word)
            .unwrap_or_default()
    }
}

/// A place in the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// All sessions.
    #[default]
    Sessions,
    /// One view of one session.
    Session(SessionId, View),
    /// Several sessions in one log, each once.
    Merged(Vec<SessionId>),
    /// Two sessions, compared.
    Comparison(SessionId, SessionId),
    /// Sessions that were kept.
    History,
    /// The settings.
    Settings,
}

/// A place, and the filter that goes along.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// Where.
    pub place: Place,
    /// Filter of the log.
    pub filter: LogFilter,
    /// `t=…`: the only times that the log shows.
    pub range: Option<TimeRange>,
    /// `row=12`, or `row=12.1` of a log of several: the chosen row.
    pub row: Option<RowId>,
    /// `story=…`: the path whose story is open.
    pub story: Option<String>,
    /// `at=…`: the event up to which a record is shown.
    pub at: Option<u64>,
}

/// Row of a log as an address has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowId {
    /// The event's number.
    pub seq: u64,
    /// Place of its session among those of the log.
    pub source: u8,
}

impl RowId {
    fn parse(text: &str) -> Option<Self> {
        let (seq, source) = text.split_once('.').unwrap_or((text, "0"));
        let (seq, source) = (seq.parse().ok()?, source.parse().ok()?);
        Some(Self { seq, source })
    }

    fn written(self) -> String {
        match self.source {
            0 => self.seq.to_string(),
            source => [self.seq.to_string(), source.to_string()].join("."),
        }
    }
}

impl Route {
    /// Reads a fragment, with or without its `#`. Whatever is not a place is the overview: a link that is cut short
    /// leads somewhere useful.
    #[must_use]
    pub fn parse(fragment: &str) -> Self {
        let fragment = fragment.trim_start_matches('#').trim_start_matches('/');
        let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let mut parts = path.split('/');
        let (kind, id, last) = (parts.next(), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        // A filter is the log's: a link that has one and names no view is to be seen there.
        let view = if last.is_empty() && !query.is_empty() {
            View::Events
        } else {
            View::of_word(last)
        };
        let place = match kind {
            Some("s") => SessionId::new(id).map_or(Place::Sessions, |id| Place::Session(id, view)),
            Some("m") => merged(id),
            Some("diff") => compared(id, last),
            Some("history") => Place::History,
            Some("settings") => Place::Settings,
            _ => Place::Sessions,
        };
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('=')).rev();
            pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
        };
        Self {
            place,
            filter: LogFilter::of_query(query),
            range: value("t").and_then(TimeRange::parse),
            row: value("row").and_then(RowId::parse),
            story: value("story")
                .map(|path| decoded(path).into_owned())
                .filter(|path| is_story(path)),
            at: value("at").and_then(|seq| seq.parse().ok()),
        }
    }

    /// Writes the fragment. A session id has no character that would need an escape.
    #[must_use]
    pub fn fragment(&self) -> String {
        let mut out = String::from("#/");
        match &self.place {
            Place::Sessions => {}
            Place::Session(id, view) => {
                out.push_str("s/");
                out.push_str(id.as_str());
                out.push('/');
                out.push_str(view.word());
            }
            Place::Merged(ids) => {
                out.push_str("m/");
                for (place, id) in ids.iter().enumerate() {
                    out.push_str(if place > 0 { "," } else { "" });
                    out.push_str(id.as_str());
                }
            }
            Place::Comparison(one, other) => {
                out.push_str("diff/");
                out.push_str(one.as_str());
                out.push('/');
                out.push_str(other.as_str());
            }
            Place::History => out.push_str("history"),
            Place::Settings => out.push_str("settings"),
        }
        self.filter.push_query(&mut out);
        let own = [
            self.range.map(|range| ["t=", &range.written()].concat()),
            self.row.map(|row| ["row=", &row.written()].concat()),
            self.at.map(|seq| ["at=", &seq.to_string()].concat()),
        ];
        for pair in own.into_iter().flatten() {
            out.push(if out.contains('?') { '&' } else { '?' });
            out.push_str(&pair);
        }
        if let Some(path) = self.story.as_deref().filter(|path| is_story(path)) {
            out.push_str(if out.contains('?') { "&story=" } else { "?story=" });
            push_encoded(&mut out, path);
        }
        out
    }

    /// Route to another view of the open session with the same filter; the overview where none is open.
    #[must_use]
    pub fn with_view(&self, view: View) -> Self {
        let place = match &self.place {
            Place::Session(id, _) => Place::Session(id.clone(), view),
            _ => Place::Sessions,
        };
        Self {
            place,
            story: None,
            ..self.clone()
        }
    }

    /// The fragment of a session's summary.
    #[must_use]
    pub fn to_session(id: &str) -> String {
        ["#/s/", id].concat()
    }

    /// The session that is open.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        match &self.place {
            Place::Session(id, _) => Some(id.as_str()),
            _ => None,
        }
    }

    /// The sessions whose events are shown: the open one, or those of one log.
    #[must_use]
    pub fn sessions(&self) -> Vec<String> {
        match &self.place {
            Place::Session(id, _) => vec![id.as_str().to_owned()],
            Place::Merged(ids) => ids.iter().map(|id| id.as_str().to_owned()).collect(),
            _ => Vec::new(),
        }
    }

    /// The place of a session among those whose events are shown as they come; none for one moment of a record.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<u8> {
        match &self.place {
            Place::Session(own, _) => (own.as_str() == id && self.at.is_none()).then_some(0),
            Place::Merged(ids) => (0..)
                .zip(ids)
                .find(|(_, own)| own.as_str() == id)
                .map(|(place, _)| place),
            _ => None,
        }
    }

    /// The view of the open session.
    #[must_use]
    pub fn view(&self) -> View {
        match self.place {
            Place::Session(_, view) => view,
            _ => View::Events,
        }
    }
}

fn is_story(path: &str) -> bool {
    !path.is_empty() && path.len() <= MAX_STORY_BYTES
}

fn compared(one: &str, other: &str) -> Place {
    match (SessionId::new(one), SessionId::new(other)) {
        (Ok(one), Ok(other)) => Place::Comparison(one, other),
        _ => Place::Sessions,
    }
}

fn merged(list: &str) -> Place {
    let mut ids: Vec<SessionId> = Vec::new();
    for id in list.split(',').filter_map(|id| SessionId::new(id).ok()) {
        if ids.len() < MAX_MERGED && !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        Place::Sessions
    } else {
        Place::Merged(ids)
    }
}

/// The token that an IDE's webview gives in the fragment: `#token=…`, or `#/token=…`.
#[must_use]
pub fn token(fragment: &str) -> Option<&str> {
    let rest = fragment.trim_start_matches('#').trim_start_matches('/');
    plain(rest.strip_prefix("token=")?.split('&').next()?)
}

/// The one-time code in the query of the page's address: `?code=…`.
#[must_use]
pub fn code(query: &str) -> Option<&str> {
    let mut pairs = query.trim_start_matches('?').split('&');
    plain(pairs.find_map(|pair| pair.strip_prefix("code="))?)
}

/// A secret that can stand in a header as it is.
fn plain(text: &str) -> Option<&str> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-._~".contains(character);
    (!text.is_empty() && text.len() <= 256 && text.chars().all(allowed)).then_some(text)
}

#[cfg(test)]
mod tests {
    use crate::state::routing::Routing;
    use proptest::prelude::*;

    use super::*;
    use crate::state::kind::{Kind, Kinds};

    fn place() -> impl Strategy<Value = Place> {
        let id = || "[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}".prop_map(|id| SessionId::new(id).unwrap());
        let ids = prop::collection::vec(id(), 1..MAX_MERGED).prop_map(|mut ids| {
            ids.sort_by(|one, other| one.as_str().cmp(other.as_str()));
            ids.dedup();
            Place::Merged(ids)
        });
        prop_oneof![
            Just(Place::Sessions),
            Just(Place::Settings),
            (id(), 0..View::COUNT).prop_map(|(id, view)| Place::Session(id, View::ALL[view])),
            ids,
            (id(), id()).prop_map(|(one, other)| Place::Comparison(one, other)),
            Just(Place::History),
        ]
    }

    fn filter() -> impl Strategy<Value = LogFilter> {
        let routing = prop::option::of(prop::sample::select(vec![
            Routing::Remote,
            Routing::Local,
            Routing::NotFound,
        ]));
        let kinds = prop::collection::vec(prop::sample::select(Kind::ALL.to_vec()), 0..9);
        let pid = || prop::option::of(any::<u32>());
        let parts = (kinds, pid(), pid(), routing, any::<String>());
        parts.prop_map(|(kinds, pid, tree, routing, typed)| LogFilter {
            kinds: kinds.into_iter().fold(Kinds::ALL, Kinds::toggled),
            pid,
            tree,
            routing,
            typed,
        })
    }

    proptest! {
        #[test]
        fn a_place_and_its_filter_are_read_back_from_their_link(
            place in place(), filter in filter(), range in any::<Option<(u64, u64)>>(), row in any::<Option<(u64, u8)>>(),
            story in any::<Option<String>>(), at in any::<Option<u64>>(),
        ) {
            let range = range.and_then(|(from, to)| TimeRange::new(from, to));
            let row = row.map(|(seq, source)| RowId { seq, source });
            let story = story.filter(|path| is_story(path));
            let route = Route { place, filter, range, row, story, at };
            let fragment = route.fragment();
            prop_assert!(fragment.bytes().all(|byte| byte.is_ascii_graphic()), "{fragment} is an address as it stands");
            prop_assert_eq!(Route::parse(&fragment), route);
        }

        #[test]
        fn any_fragment_leads_somewhere_and_is_stable_from_then_on(fragment in any::<String>(), tail in "[sm/?&=,%a-f0-9]{0,60}") {
            for fragment in [fragment, tail] {
                let route = Route::parse(&fragment);
                prop_assert_eq!(Route::parse(&route.fragment()), route);
            }
        }
    }

    #[test]
    fn a_session_opens_with_its_summary_and_a_filter_with_its_events() {
        let summary = Route::parse("#/s/a8f3");
        assert_eq!(Route::parse("#/s/a8f3/summary"), summary);
        assert_eq!(Route::parse("#/s/a8f3/nonsense"), summary);
        assert_eq!((summary.session(), summary.view()), (Some("a8f3"), View::Summary));
        assert_eq!(Route::parse("#/s/a8f3?q=x"), Route::parse("#/s/a8f3/events?q=x"));
        assert_eq!(Route::parse("#/s/a8f3/summary?q=x").view(), View::Summary);
        assert_eq!(Route::parse("#/s/a8f3/files?q=x").view(), View::Files);
    }

    #[test]
    fn what_is_no_place_is_the_overview() {
        for fragment in [
            "",
            "#",
            "#/s",
            "#/s/",
            "#/s/../x",
            "#/s/%2e%2e",
            "#/x/a",
            "#token=abc",
            "#/m/",
            "#/m/,,",
        ] {
            assert_eq!(Route::parse(fragment).place, Place::Sessions, "{fragment}");
        }
    }

    #[test]
    fn a_merged_log_holds_each_session_once_and_not_too_many() {
        assert_eq!(Route::parse("#/m/a,b,a,../c").fragment(), "#/m/a,b");
        let many: Vec<String> = (0..50).map(|number| number.to_string()).collect();
        let Place::Merged(ids) = Route::parse(&["#/m/", &many.join(",")].concat()).place else {
            panic!("a merged log")
        };
        assert_eq!(ids.len(), MAX_MERGED);
    }

    #[test]
    fn the_filter_goes_along_to_another_view() {
        let route = Route::parse("#/s/a?type=DnsQuery&q=db");
        assert_eq!(
            route.with_view(View::Network).fragment(),
            "#/s/a/network?type=DnsQuery&q=db"
        );
        assert_eq!(Route::parse(&Route::to_session("a")).view(), View::Summary);
        let followed = Route::parse("#/s/a/files?tree=12");
        assert_eq!(followed.filter.tree, Some(12));
        assert_eq!(followed.with_view(View::Summary).fragment(), "#/s/a/summary?tree=12");
    }

    #[test]
    fn a_story_stays_in_its_view_and_has_a_bound() {
        let route = Route::parse("#/s/a/files?story=/etc/a%20b%26c");
        assert_eq!(route.story.as_deref(), Some("/etc/a b&c"));
        assert_eq!(route.fragment(), "#/s/a/files?story=/etc/a%20b%26c");
        assert_eq!(route.with_view(View::Network).fragment(), "#/s/a/network");
        let long = ["#/s/a/files?story=", &"a".repeat(MAX_STORY_BYTES + 1)].concat();
        assert_eq!(
            (Route::parse(&long).story, Route::parse("#/s/a/files?story=").story),
            (None, None)
        );
    }

    #[test]
    fn a_token_is_taken_from_the_fragment_and_nothing_else_is() {
        assert_eq!(token("#token=abc-DEF_1"), Some("abc-DEF_1"));
        assert_eq!(token("#/token=abc&x=1"), Some("abc"));
        assert_eq!(code("?code=0f"), Some("0f"));
        assert_eq!(code("?a=b&code=0f&c=d"), Some("0f"));
        for query in ["", "?", "?code=", "?code=a b", "?acode=1", "?code=a%0Ab"] {
            assert_eq!(code(query), None, "{query}");
        }
        for fragment in ["#/s/token", "#token=", "#token=a b", "#token=<x>"] {
            assert_eq!(token(fragment), None, "{fragment}");
        }
    }
}
