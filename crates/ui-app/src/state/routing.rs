//! Decision about an event, as the page shows it: a routing, or the reason why there is none.

/// Side that an operation goes to, its result, or why neither is known. The absence of all of it is `None` around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routing {
    /// The cluster.
    Remote,
    /// This machine.
    Local,
    /// Answered as "no such file" by a rule.
    NotFound,
    /// Answered at once, and nothing is connected.
    Mock,
    /// It would fail.
    Error,
    /// It depends on facts that are not known.
    Depends,
    /// Call of a static executable, which a released mirrord never sees.
    Static,
    /// Call of the loader itself, which it never sees.
    Loader,
}

impl Routing {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Remote,
        Self::Local,
        Self::NotFound,
        Self::Mock,
        Self::Error,
        Self::Depends,
        Self::Static,
        Self::Loader,
    ];

    /// Returns its word in filters and addresses; those of the wire are the wire's.
    #[must_use]
    pub fn word(self) -> &'static str {
        let mut decided = mirrord_wire::Routing::ALL.into_iter();
        match decided.find(|own| Self::from(*own) == self) {
            Some(decided) => decided.name(),
            None if self == Self::Static => "static",
            None if self == Self::Loader => "loader",
            None => "depends",
        }
    }

    /// Reports one that an event's `routing` has as its word.
    #[must_use]
    pub fn is_decided(self) -> bool {
        !matches!(self, Self::Depends | Self::Static | Self::Loader)
    }

    /// Returns its class in the styles, behind a space.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Remote => " remote",
            Self::Local => " local",
            Self::NotFound | Self::Error => " not-found",
            Self::Mock => " mocked",
            Self::Depends => " depends",
            Self::Static | Self::Loader => " unhooked",
        }
    }

    /// Reads the JSON of `routing`, and else of `unhooked`, of an event that may depend on facts.
    #[must_use]
    pub fn read(routing: Option<&str>, unhooked: Option<&str>, depends: bool) -> Option<Self> {
        let mut decided = mirrord_wire::Routing::ALL.into_iter();
        let decided = routing.and_then(|text| decided.find(|own| text.trim_matches('"') == own.name()));
        decided.map(Self::from).or(match unhooked {
            Some("\"static\"") => Some(Self::Static),
            Some("\"loader\"") => Some(Self::Loader),
            _ => depends.then_some(Self::Depends),
        })
    }

    /// Bit of a set of them.
    #[must_use]
    pub fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl From<mirrord_wire::Routing> for Routing {
    fn from(routing: mirrord_wire::Routing) -> Self {
        match routing {
            mirrord_wire::Routing::Remote => Self::Remote,
            mirrord_wire::Routing::Local => Self::Local,
            mirrord_wire::Routing::NotFound => Self::NotFound,
            mirrord_wire::Routing::Mock => Self::Mock,
            mirrord_wire::Routing::Error => Self::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_word_and_a_bit_of_its_own() {
        let bits = Routing::ALL.iter().fold(0, |bits, own| bits | own.bit());
        assert_eq!(bits, u8::MAX);
        for own in Routing::ALL {
            assert_eq!(
                Routing::ALL.iter().filter(|other| other.word() == own.word()).count(),
                1
            );
        }
    }
}
