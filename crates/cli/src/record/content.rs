//! Parts of a session that go into a record: all, all but values of variables, or what a device would be shown.

use std::borrow::Cow;

use mirrord_ui_server::redaction;
use mirrord_wire::{EventLine, SessionInfo};

use crate::args::RecordContent;

/// Content of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Everything.
    Whole,
    /// Everything but values of environment variables.
    WithoutValues,
    /// As for a device of the mirror.
    Redacted,
}

impl From<RecordContent> for Content {
    fn from(given: RecordContent) -> Self {
        match given {
            RecordContent { redact: true, .. } => Self::Redacted,
            RecordContent { with_values: true, .. } => Self::Whole,
            RecordContent { .. } => Self::WithoutValues,
        }
    }
}

impl Content {
    /// Returns the description as the record has it.
    pub(crate) fn info(self, mut info: SessionInfo) -> SessionInfo {
        match self {
            Self::Whole => {}
            Self::WithoutValues => info.remove_values(),
            Self::Redacted => redaction::info(&mut info),
        }
        info
    }

    /// Returns an event's line as the record has it.
    pub(crate) fn line<'a>(self, line: &EventLine, text: &'a str) -> Cow<'a, str> {
        match self {
            Self::Whole => Cow::Borrowed(text),
            Self::WithoutValues if line.has_values() => {
                // An event can be written: it was read.
                Cow::Owned(serde_json::to_string(&line.clone().without_values()).unwrap_or_default())
            }
            Self::WithoutValues => Cow::Borrowed(text),
            Self::Redacted => redaction::line(text),
        }
    }
}
