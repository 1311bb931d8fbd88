//! The words for the kinds of events.

use crate::i18n::{Key, t};
use crate::state::kind::Kind;

/// The word for many: on a filter.
pub(crate) fn many(kind: Kind) -> &'static str {
    t(match kind {
        Kind::File => Key::KindFile,
        Kind::Dns => Key::KindDns,
        Kind::Connect | Kind::Update => Key::KindConnect,
        Kind::Port | Kind::Listener => Key::KindPort,
        Kind::Request => Key::KindRequest,
        Kind::Env => Key::KindEnv,
        Kind::Process => Key::KindProcess,
        Kind::Other => Key::KindOther,
    })
}

/// The word for one: on a row.
pub(crate) fn one(kind: Kind) -> &'static str {
    t(match kind {
        Kind::File => Key::OneFile,
        Kind::Dns => Key::OneDns,
        Kind::Connect | Kind::Update => Key::OneConnect,
        Kind::Port | Kind::Listener => Key::OnePort,
        Kind::Request => Key::OneRequest,
        Kind::Env => Key::OneEnv,
        Kind::Process => Key::OneProcess,
        Kind::Other => Key::OneOther,
    })
}
