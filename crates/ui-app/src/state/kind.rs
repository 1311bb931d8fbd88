//! Kinds of events: one colour, one word and one filter each.

use std::collections::BTreeMap;

/// A kind of row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A file operation.
    File,
    /// A name look-up.
    Dns,
    /// An outgoing connection.
    Connect,
    /// A port subscription.
    Port,
    /// An incoming request.
    Request,
    /// Environment variables.
    Env,
    /// A process started or ended.
    Process,
    /// An event of a type that this version does not know.
    Other,
    /// News of a connection: a row among the connections, and none of their number.
    Update,
    /// News of a socket that listens: a row among the ports, and none of their number.
    Listener,
}

impl Kind {
    /// Number of kinds that have a filter of their own.
    pub const COUNT: usize = 8;
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; Self::COUNT] = [
        Self::File,
        Self::Dns,
        Self::Connect,
        Self::Port,
        Self::Request,
        Self::Env,
        Self::Process,
        Self::Other,
    ];

    /// The kind of a `type` on the wire.
    #[must_use]
    pub fn of_type(name: &str) -> Self {
        match name {
            "FileOp" => Self::File,
            "DnsQuery" => Self::Dns,
            "OutgoingConnection" => Self::Connect,
            "ConnectionUpdate" => Self::Update,
            "ListenerUpdate" => Self::Listener,
            "PortSubscription" => Self::Port,
            "IncomingRequest" => Self::Request,
            "EnvVar" => Self::Env,
            "LayerConnected" | "LayerDisconnected" => Self::Process,
            _ => Self::Other,
        }
    }

    /// The name in the markup (style hooks, test hooks): that of the wire, where one type makes the kind.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::File => "FileOp",
            Self::Dns => "DnsQuery",
            Self::Connect | Self::Update => "OutgoingConnection",
            Self::Port | Self::Listener => "PortSubscription",
            Self::Request => "IncomingRequest",
            Self::Env => "EnvVar",
            Self::Process => "Process",
            Self::Other => "Other",
        }
    }

    /// The kind whose filter and colour it has.
    #[must_use]
    pub fn shown_as(self) -> Self {
        if self == Self::Update { Self::Connect } else { self }
    }
}

/// A number for each kind, updates apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Counts(pub [u64; Kind::COUNT + 2]);

impl Counts {
    /// Folds numbers by `type` into numbers by kind.
    #[must_use]
    pub fn of_types(counts: &BTreeMap<String, u64>) -> Self {
        let mut folded = Self::default();
        for (name, count) in counts {
            folded.0[Kind::of_type(name) as usize] += count;
        }
        folded
    }

    /// The number of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u64 {
        self.0[kind as usize]
    }

    /// The number of a kind's rows, updates included.
    #[must_use]
    pub fn rows_of(&self, kind: Kind) -> u64 {
        let updates = [Kind::Update, Kind::Listener].into_iter();
        let own = updates.filter(|update| update.shown_as() == kind);
        self.of(kind) + own.map(|update| self.of(update)).sum::<u64>()
    }

    /// Counts all that another counted.
    pub fn add_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, count)| *sum += count);
    }

    /// All kinds together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Counts one.
    pub fn add(&mut self, kind: Kind) {
        self.0[kind as usize] += 1;
    }
}

/// Some of the kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u8);

impl Default for Kinds {
    fn default() -> Self {
        Self::ALL
    }
}

impl Kinds {
    /// Every kind.
    pub const ALL: Self = Self(u8::MAX);

    /// No kind.
    pub const NONE: Self = Self(0);

    /// Adds a kind.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u8)
    }

    /// Reports a kind in the set.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind.shown_as() as u8) != 0
    }

    /// Adds or removes a kind.
    #[must_use]
    pub fn toggled(self, kind: Kind) -> Self {
        Self(self.0 ^ (1 << kind as u8))
    }

    /// This kind alone; all again where it stood alone already.
    #[must_use]
    pub fn only(self, kind: Kind) -> Self {
        let alone = Self(1 << kind as u8);
        if self == alone { Self::ALL } else { alone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_fold_into_kinds_and_none_is_lost() {
        let types = [
            ("FileOp", 5),
            ("LayerConnected", 2),
            ("LayerDisconnected", 1),
            ("Novelty", 4),
        ];
        let counts = Counts::of_types(&types.map(|(name, count)| (name.to_owned(), count)).into());
        assert_eq!(
            (counts.of(Kind::File), counts.of(Kind::Process), counts.of(Kind::Other)),
            (5, 3, 4)
        );
        assert_eq!(counts.total(), 12);
    }

    #[test]
    fn an_update_is_shown_with_the_connections_and_is_none_of_their_number() {
        let types = [("OutgoingConnection", 2), ("ConnectionUpdate", 5)];
        let counts = Counts::of_types(&types.map(|(name, count)| (name.to_owned(), count)).into());
        assert_eq!(
            (counts.of(Kind::Connect), counts.rows_of(Kind::Connect), counts.total()),
            (2, 7, 7)
        );
        let kinds = Kinds::ALL.only(Kind::Connect);
        assert!(kinds.has(Kind::Update) && !Kinds::ALL.toggled(Kind::Connect).has(Kind::Update));
    }

    #[test]
    fn a_kind_alone_is_asked_for_and_given_up_by_the_same_gesture() {
        let alone = Kinds::ALL.only(Kind::Dns);
        assert!(alone.has(Kind::Dns) && !alone.has(Kind::File));
        assert_eq!(alone.only(Kind::Dns), Kinds::ALL);
        assert_eq!(Kinds::ALL.toggled(Kind::File).toggled(Kind::File), Kinds::ALL);
    }
}
