//! Shapes that a value of mirrord.json may have.

/// Allowed values of a key. `null` is allowed everywhere and means that the key is not set.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// Anything; what the cluster's side reads.
    Any,
    Bool,
    Text,
    /// Whole number from 0 to a maximum.
    Integer(u64),
    /// One of some words.
    Word(&'static [&'static str]),
    /// Object with known keys.
    Object(&'static [Key]),
    /// Object with any keys, and values of one shape.
    Map(&'static Self),
    /// List of values of one shape.
    List(&'static Self),
    /// One value or a list of them.
    OneOrMore(&'static Self),
    /// List of two-item lists of ports.
    PortPairs,
    /// A target: a path as text, an object of one kind, or `path` and `namespace`.
    Target,
    /// Filter with either `local` or `remote`, each one text or a list.
    SidedFilter,
    /// The first shape that fits the value's type.
    Either(&'static [Self]),
}

/// Key of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
}

pub(crate) const PORT: Shape = Shape::Integer(65_535);
