//! Query of the events of one session: a filter with the processes that it names, and the form in which an event is shown.
//!
//! Invariant: the filter sees an event as it is shown, so that none finds a value that is left out.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use mirrord_filter::{LineFilter, Scope};
use mirrord_wire::{EventLine, MonitorEvent, SessionInfo, SessionState};
use serde_json::Value;

use super::error::SessionError;

/// Query of the events of one session.
#[derive(Debug)]
pub(crate) struct EventQuery {
    filter: LineFilter,
    with_values: bool,
    /// Events up to this number do not match: a number that is yet to come is waited for.
    since: u64,
    /// Number of the newest event that was looked at.
    position: u64,
    /// Events that were looked at.
    looked_at: u64,
}

/// Event in the form in which it may be shown.
#[derive(Debug, Clone)]
pub(crate) struct ShownEvent<'a> {
    pub(crate) line: Cow<'a, EventLine>,
    /// Its JSON as it came; `None` where values were left out.
    text: Option<Cow<'a, str>>,
}

impl<'a> ShownEvent<'a> {
    /// Makes the form of an event that came, without values of environment variables unless they are wanted.
    pub(crate) fn new(line: &'a EventLine, text: &'a str, with_values: bool) -> Self {
        if with_values || !line.has_values() {
            Self {
                line: Cow::Borrowed(line),
                text: Some(Cow::Borrowed(text)),
            }
        } else {
            Self {
                line: Cow::Owned(line.clone().without_values()),
                text: None,
            }
        }
    }

    /// Returns its JSON, in one line.
    pub(crate) fn json(&self) -> Cow<'_, str> {
        match &self.text {
            Some(text) => Cow::Borrowed(text),
            // An event can be written: it was read.
            None => Cow::Owned(serde_json::to_string(&*self.line).unwrap_or_default()),
        }
    }

    /// Returns its JSON, parsed.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.json()).unwrap_or_default()
    }

    /// Copies what is borrowed.
    pub(crate) fn into_owned(self) -> ShownEvent<'static> {
        ShownEvent {
            line: Cow::Owned(self.line.into_owned()),
            text: self.text.map(|text| Cow::Owned(text.into_owned())),
        }
    }
}

impl EventQuery {
    /// Parses a filter, and creates the query of what matches it after event number `since`.
    ///
    /// # Errors
    /// The text is no filter.
    pub(crate) fn new(filter: &str, with_values: bool, since: u64) -> Result<Self, SessionError> {
        let parsed = mirrord_filter::parse(filter).map_err(|error| SessionError::Filter {
            text: filter.to_owned(),
            error,
        })?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let scope = Scope {
            now: u64::try_from(now.as_micros()).unwrap_or(u64::MAX),
            zone_minutes: 0,
        };
        Ok(Self {
            filter: LineFilter::new(parsed, scope),
            with_values,
            since,
            position: since,
            looked_at: 0,
        })
    }

    /// Takes in the processes that the session knows already; a session without a state has those of its description.
    pub(crate) fn learn(&mut self, info: &SessionInfo, state: Option<&SessionState>) {
        let counted = state.into_iter().flat_map(|state| state.processes.iter());
        for process in info.processes.iter().chain(counted.map(|process| &process.info)) {
            self.filter
                .learn(process.pid, process.process_name.clone(), process.parent_pid);
        }
    }

    /// Looks at an event; returns the form in which it is shown where it matches.
    pub(crate) fn look_at<'a>(&mut self, line: &'a EventLine, text: &'a str) -> Option<ShownEvent<'a>> {
        if let MonitorEvent::LayerConnected {
            pid,
            parent_pid,
            process_name,
            ..
        } = line.event()
        {
            let name = process_name.clone().unwrap_or_default();
            self.filter.learn(*pid, name, *parent_pid);
        }
        if line.seq <= self.since {
            return None;
        }
        self.looked_at += 1;
        self.position = line.seq;
        let shown = ShownEvent::new(line, text, self.with_values);
        self.matches(&shown).then_some(shown)
    }

    /// Tests an event, as it is shown.
    pub(crate) fn matches(&self, shown: &ShownEvent<'_>) -> bool {
        self.filter.is_open() || self.filter.matches(&shown.value())
    }

    /// Takes in a gap that ends with event number `to`; returns the number of events that are missing in it.
    pub(crate) fn skip_to(&mut self, to: u64) -> u64 {
        let missed = to.saturating_sub(self.position);
        self.position = to.max(self.position);
        missed
    }

    /// Number of the newest event that was looked at, or is missing; in the beginning that after which to look.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Number of events that were looked at.
    pub(crate) fn looked_at(&self) -> u64 {
        self.looked_at
    }

    /// Returns the name of a process, where it is known.
    pub(crate) fn process_name(&self, pid: u32) -> Option<&str> {
        self.filter.process_name(pid).filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(query: &mut EventQuery, text: &str) -> Option<String> {
        let line: EventLine = serde_json::from_str(text).unwrap();
        query.look_at(&line, text).map(|shown| shown.json().into_owned())
    }

    #[test]
    fn no_filter_finds_a_value_that_is_left_out() {
        let event = r#"{"seq":1,"ts":2,"type":"EnvVar","vars":[["KEY","s3cret"]]}"#;
        let query = |filter, with_values| EventQuery::new(filter, with_values, 0).unwrap();
        assert_eq!(look(&mut query("s3cret", false), event), None);
        let shown = look(&mut query("KEY", false), event).unwrap();
        assert!(shown.contains(r#"["KEY",null]"#), "{shown}");
        assert_eq!(look(&mut query("s3cret", true), event).as_deref(), Some(event));
    }

    #[test]
    fn what_comes_before_a_number_that_is_yet_to_come_is_none() {
        let mut query = EventQuery::new("", false, 7).unwrap();
        let event = |seq| format!(r#"{{"seq":{seq},"ts":2,"type":"DnsQuery","host":"db"}}"#);
        assert_eq!(look(&mut query, &event(7)), None);
        assert_eq!((query.position(), query.looked_at()), (7, 0));
        assert!(look(&mut query, &event(8)).is_some());
    }

    #[test]
    fn processes_are_known_by_the_events_before() {
        let mut query = EventQuery::new("tree:1 process:child", false, 0).unwrap();
        let start = r#"{"seq":1,"ts":2,"type":"LayerConnected","pid":2,"parent_pid":1,"process_name":"child"}"#;
        assert!(look(&mut query, start).is_some());
        assert!(look(&mut query, r#"{"seq":2,"ts":2,"type":"DnsQuery","host":"db","pid":2}"#).is_some());
        assert!(look(&mut query, r#"{"seq":3,"ts":2,"type":"DnsQuery","host":"db","pid":3}"#).is_none());
        assert_eq!((query.position(), query.skip_to(9), query.looked_at()), (3, 6, 3));
        assert_eq!(query.process_name(2), Some("child"));
    }
}
