//! Types of the settings.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::Serialize;

use super::filter::AddressFilter;
use super::patterns::{EnvMapping, FsPatterns, PathMapping, UnixStreams};
use crate::node::Position;

/// Environment variables of mirrord's own, by name; never read from the process here.
pub type Variables = BTreeMap<String, String>;

/// Source of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// Value that a released mirrord has where nothing is set.
    Default,
    /// The file, at a place.
    File(Position),
    /// Environment variable.
    Variable(&'static str),
    /// Follows from another key, which is named.
    Because(&'static str),
}

/// Value of a key, as it applies.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ResolvedValue {
    /// Path of the key.
    pub path: String,
    /// The value.
    pub value: serde_json::Value,
    /// Source of the value.
    pub origin: Origin,
}

/// Target of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// None is given.
    None,
    /// `"targetless"`, in so many words.
    Targetless,
    /// Path of a target.
    Path(String),
}

/// `feature.fs.mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FsMode {
    Read,
    Write,
    Local,
    LocalWithOverrides,
}

impl FsMode {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Local => "local",
            Self::LocalWithOverrides => "localwithoverrides",
        }
    }
}

/// `feature.network.incoming.mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IncomingMode {
    Mirror,
    Steal,
    Off,
}

impl IncomingMode {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Mirror => "mirror",
            Self::Steal => "steal",
            Self::Off => "off",
        }
    }
}

/// All that decides.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) target: Target,
    pub(crate) skip: Skip,
    pub(crate) magic: Magic,
    pub(crate) fs: Fs,
    pub(crate) env: Env,
    pub(crate) incoming: Incoming,
    pub(crate) outgoing: Outgoing,
    pub(crate) dns: Dns,
    pub(crate) ipv6: bool,
    pub(crate) tcp_ping4_mock: bool,
    /// `MIRRORD_IGNORE_DEBUGGER_PORTS`.
    pub(crate) debugger_ports: Vec<RangeInclusive<u16>>,
}

/// Processes that are left alone.
#[derive(Debug, Clone)]
pub(crate) struct Skip {
    pub(crate) build_tools: bool,
    pub(crate) extra_build_tools: Vec<String>,
    pub(crate) processes: Vec<String>,
}

/// `feature.magic`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Magic {
    pub(crate) aws: bool,
    pub(crate) auto_mount: bool,
    pub(crate) turbo: bool,
}

/// `feature.fs`.
#[derive(Debug, Clone)]
pub(crate) struct Fs {
    pub(crate) mode: FsMode,
    pub(crate) patterns: FsPatterns,
    pub(crate) mapping: PathMapping,
}

/// `feature.env`.
#[derive(Debug, Clone)]
pub(crate) struct Env {
    pub(crate) include: Option<Vec<wildmatch::WildMatch>>,
    pub(crate) exclude: Vec<wildmatch::WildMatch>,
    pub(crate) mapping: EnvMapping,
    pub(crate) overrides: BTreeMap<String, String>,
    pub(crate) unset: Vec<String>,
    pub(crate) env_file: Option<String>,
}

/// `feature.network.incoming`.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) mode: IncomingMode,
    pub(crate) ignore_localhost: bool,
    pub(crate) ports: Option<Vec<u16>>,
    pub(crate) ignore_ports: Vec<u16>,
    pub(crate) port_mapping: Vec<(u16, u16)>,
    pub(crate) listen_ports: Vec<(u16, u16)>,
    /// HTTP filter in words, where there is one.
    pub(crate) http_filter: Option<String>,
    pub(crate) http_filter_ports: Option<Vec<u16>>,
}

/// `feature.network.outgoing`.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) tcp: bool,
    pub(crate) udp: bool,
    pub(crate) ignore_localhost: bool,
    pub(crate) filter: Option<AddressFilter>,
    pub(crate) unix_streams: UnixStreams,
}

/// `feature.network.dns`.
#[derive(Debug, Clone)]
pub(crate) struct Dns {
    pub(crate) enabled: bool,
    pub(crate) filter: Option<AddressFilter>,
}
