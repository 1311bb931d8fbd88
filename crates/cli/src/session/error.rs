//! Failures of `mirrord session`, each kind with its exit code, its sentence and its JSON.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use mirrord_filter::FilterError;
use mirrord_record::RecordError;
use mirrord_session_client::{ClientError, DirectoryError};
use serde_json::json;

use super::directory::SessionName;

use crate::diagnostics::{self, diagnostic};

/// Sessions that an error names; the rest is a number.
const MAX_NAMED: usize = 10;

/// Failure of a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    /// The directory has no session.
    #[error("no session runs in {}: `mirrord exec -- CMD` starts one", .0.display())]
    NoSessions(PathBuf),
    /// Sessions run, and none is meant.
    #[error("no session has `{given}` as its id, the beginning of its id, its name or its target; there {}", listed(.known))]
    NoMatch { given: String, known: Vec<SessionName> },
    /// Sessions run, and none has the key.
    #[error("no session has the key `{key}`; {}", listed_keys(.keys))]
    NoSuchKey { key: String, keys: Vec<String> },
    /// Every session of a key ended.
    #[error("every session of the key `{key}` has ended{what}")]
    AllEnded { key: String, what: &'static str },
    /// Several sessions are meant.
    #[error("{}; name one by its id: there {}", ambiguity(.given.as_deref()), listed(.matches))]
    Ambiguous {
        given: Option<String>,
        matches: Vec<SessionName>,
    },
    /// The text is no filter.
    #[error("the filter does not parse: {error}; {}\n{}", .error.hint(), marked(.text, .error))]
    Filter { text: String, error: FilterError },
    /// The session ended before the command had what it was to read.
    #[error("the session {id} has ended{what}")]
    Ended { id: String, what: &'static str },
    /// A wait is over.
    #[error("within {} {what}", humantime::format_duration(*.limit))]
    TimedOut { limit: Duration, what: String },
    /// The session is there and does not answer as one.
    #[error("the session {id} does not answer: {reason}")]
    Unresponsive { id: String, reason: String },
    /// The session cannot do what was asked for.
    #[error("the session {id} cannot do this: {reason}")]
    Unsupported { id: String, reason: String },
    /// An OpenTelemetry endpoint took nothing of what there was.
    #[error("the endpoint took nothing")]
    Endpoint,
    /// A record cannot be read or written.
    #[error("{0}")]
    Record(#[from] RecordError),
    /// The sessions directory cannot be read.
    #[error("{0}")]
    Directory(#[from] DirectoryError),
    /// The output cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
    /// Anything else.
    #[error("{}", diagnostics::with_causes(.0))]
    Other(anyhow::Error),
}

impl SessionError {
    /// Returns whether nothing that is meant is there yet, so that it may appear.
    pub(crate) fn may_appear(&self) -> bool {
        matches!(
            self,
            Self::NoSessions(_) | Self::NoMatch { .. } | Self::NoSuchKey { .. }
        )
    }

    /// Writes it to stderr: as text, or as one line of JSON.
    pub(crate) fn report(&self, is_json: bool) {
        if is_json {
            diagnostic!("{}", self.json());
        } else {
            diagnostic!("mirrord: {self}");
        }
    }

    /// Converts a failure of a request to a session.
    pub(crate) fn of_request(id: &str, error: &ClientError) -> Self {
        match error {
            ClientError::Refused | ClientError::Gone => Self::Ended {
                id: id.to_owned(),
                what: "",
            },
            error => Self::Unresponsive {
                id: id.to_owned(),
                reason: error.to_string(),
            },
        }
    }

    /// Returns the exit code and the word for programs.
    fn class(&self) -> (u8, &'static str) {
        match self {
            Self::Directory(_) | Self::Output(_) | Self::Other(_) => (1, "failed"),
            Self::NoSessions(_) => (3, "no_sessions"),
            Self::NoMatch { .. } | Self::NoSuchKey { .. } => (4, "no_match"),
            Self::Ambiguous { .. } => (5, "ambiguous"),
            Self::Filter { .. } => (6, "filter"),
            Self::Ended { .. } | Self::AllEnded { .. } => (7, "ended"),
            Self::TimedOut { .. } => (8, "timed_out"),
            Self::Unresponsive { .. } => (9, "unresponsive"),
            Self::Unsupported { .. } => (10, "unsupported"),
            Self::Record(error) => record_class(error),
            // 14 is that of `mirrord diff`.
            Self::Endpoint => (15, "endpoint"),
        }
    }

    /// Returns whether it is the end of one session.
    pub(crate) fn is_end(&self) -> bool {
        matches!(self, Self::Ended { .. })
    }

    /// Returns the exit code.
    pub(crate) fn code(&self) -> u8 {
        self.class().0
    }

    /// Returns the error as one line of JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        let (exit_code, kind) = self.class();
        let mut line = json!({"error": self.to_string(), "kind": kind, "exit_code": exit_code});
        match self {
            Self::NoMatch { known: sessions, .. } | Self::Ambiguous { matches: sessions, .. } => {
                line["sessions"] = sessions.iter().map(|session| session.id.as_str()).collect();
            }
            Self::NoSuchKey { keys, .. } => line["keys"] = keys.as_slice().into(),
            Self::Filter { error, .. } => {
                let span = error.span();
                line["error"] = format!("the filter does not parse: {error}").into();
                line["filter"] =
                    json!({"code": error.code(), "start": span.start, "end": span.end, "hint": error.hint()});
            }
            _ => {}
        }
        line
    }
}

/// Returns the exit code of a failure of a record, and the word for programs.
pub(crate) fn record_class(error: &RecordError) -> (u8, &'static str) {
    match error {
        RecordError::NotAFile { .. } | RecordError::NotARecord { .. } => (11, "not_a_record"),
        RecordError::OtherVersion { .. } => (12, "other_version"),
        RecordError::Corrupt { .. } => (13, "damaged"),
        _ => (1, "failed"),
    }
}

fn ambiguity(given: Option<&str>) -> String {
    match given {
        Some(given) => format!("`{given}` fits several sessions"),
        None => "several sessions run".to_owned(),
    }
}

fn listed_keys(keys: &[String]) -> String {
    let named: Vec<_> = keys
        .iter()
        .take(MAX_NAMED)
        .map(|key| super::output::clean(key))
        .collect();
    let omitted = keys.len().saturating_sub(MAX_NAMED);
    match (named.is_empty(), omitted) {
        (true, _) => "those that run have none: `mirrord exec --key KEY` gives one".to_owned(),
        (false, 0) => format!("there are {}", named.join(", ")),
        (false, omitted) => format!("there are {} and {omitted} more", named.join(", ")),
    }
}

fn listed(sessions: &[SessionName]) -> String {
    let named: Vec<_> = sessions.iter().take(MAX_NAMED).map(ToString::to_string).collect();
    let omitted = sessions.len().saturating_sub(MAX_NAMED);
    let rest = if omitted > 0 {
        format!(" and {omitted} more")
    } else {
        String::new()
    };
    let verb = if sessions.len() == 1 { "is" } else { "are" };
    format!("{verb} {}{rest}", named.join(", "))
}

/// Filter with a mark beneath the part that is wrong.
fn marked(text: &str, error: &FilterError) -> String {
    let clean = |part: &str| super::output::clean(part).into_owned();
    let span = error.span();
    let before = clean(text.get(..span.start).unwrap_or_default());
    let wrong = clean(text.get(span).unwrap_or_default());
    let indent = " ".repeat(unicode_width::UnicodeWidthStr::width(before.as_str()));
    let marks = "^".repeat(unicode_width::UnicodeWidthStr::width(wrong.as_str()).max(1));
    format!("  {}\n  {indent}{marks}", clean(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_error_marks_its_place_by_columns() {
        let text = "日本 prot:80";
        let error = SessionError::Filter {
            text: text.to_owned(),
            error: mirrord_filter::parse(text).unwrap_err(),
        };
        let shown = error.to_string();
        assert!(shown.ends_with("  日本 prot:80\n       ^^^^^"), "{shown}");
        assert!(shown.contains("did you mean `port:`?"), "{shown}");
        assert_eq!(error.json()["filter"]["code"], "unknown_field");
    }

    #[test]
    fn a_long_list_of_sessions_is_cut_and_counted() {
        let name = |number| SessionName {
            id: format!("s{number}"),
            label: String::new(),
        };
        let error = SessionError::Ambiguous {
            given: Some("s".to_owned()),
            matches: (0..12).map(name).collect(),
        };
        assert!(error.to_string().ends_with("s9 and 2 more"), "{error}");
        assert_eq!(error.json()["sessions"].as_array().map(Vec::len), Some(12));
    }
}
