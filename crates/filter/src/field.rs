//! The fields of the language, their names and the kinds of their values.

use strsim::osa_distance;

/// A field of `field:value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Field {
    /// `type:`, the event's type.
    Type,
    /// `op:`, the file operation.
    Op,
    /// `path:`, a file's path or a request's.
    Path,
    /// `host:`, a name that was looked up, a request's host or a connection's address.
    Host,
    /// `address:`, a connection's address, with or without its port.
    Address,
    /// `name:`, the thing that the event is about: a path, a host, a destination, a command.
    Name,
    /// `port:`, a port.
    Port,
    /// `pid:`, the process's number.
    Pid,
    /// `tree:`, a process and all that descend from it.
    Tree,
    /// `process:`, the process's name.
    Process,
    /// `outcome:`, the outcome of the call.
    Outcome,
    /// `routing:`, to the cluster or not.
    Routing,
    /// `rule:`, the config rule that decided the routing.
    Rule,
    /// `direction:`, of a connection.
    Direction,
    /// `size:`, bytes of a connection, both ways together.
    Size,
    /// `time:`, the event's time; `after:` and `before:` are ways to write it.
    Time,
}

/// Kind of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text: a part of it, `*` wildcards, `=` the whole, a pattern.
    Text,
    /// One of some words: whole words, with commas between them, and `*` wildcards.
    Names,
    /// A number, a range, with commas between them.
    Number,
    /// A number of bytes: the same with units.
    Bytes,
    /// A process's number.
    Process,
    /// A time or a range of times.
    Time,
}

/// Fields with their kinds and names; the first name is the one that is written.
const FIELDS: [(Field, FieldKind, &[&str]); 16] = [
    (Field::Type, FieldKind::Names, &["type", "kind"]),
    (Field::Op, FieldKind::Names, &["op", "operation"]),
    (Field::Path, FieldKind::Text, &["path", "file"]),
    (Field::Host, FieldKind::Text, &["host"]),
    (Field::Address, FieldKind::Text, &["address", "addr"]),
    (Field::Name, FieldKind::Text, &["name"]),
    (Field::Port, FieldKind::Number, &["port"]),
    (Field::Pid, FieldKind::Number, &["pid"]),
    (Field::Tree, FieldKind::Process, &["tree"]),
    (Field::Process, FieldKind::Text, &["process", "proc"]),
    (Field::Outcome, FieldKind::Names, &["outcome"]),
    (Field::Routing, FieldKind::Names, &["routing"]),
    (Field::Rule, FieldKind::Text, &["rule"]),
    (Field::Direction, FieldKind::Names, &["direction", "dir"]),
    (Field::Size, FieldKind::Bytes, &["size", "bytes"]),
    (Field::Time, FieldKind::Time, &["time"]),
];

/// Ways to write the lower and the upper end of a time.
pub(crate) const AFTER: &str = "after";
pub(crate) const BEFORE: &str = "before";

impl Field {
    /// Every field, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        FIELDS.into_iter().map(|(field, ..)| field)
    }

    fn row(self) -> (Self, FieldKind, &'static [&'static str]) {
        FIELDS
            .into_iter()
            .find(|(field, ..)| *field == self)
            .unwrap_or(FIELDS[0])
    }

    /// The name, without its colon.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().2[0]
    }

    /// The kind of its values.
    #[must_use]
    pub fn kind(self) -> FieldKind {
        self.row().1
    }

    /// The field of a name, in any case.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let has = |names: &[&str]| names.iter().any(|own| own.eq_ignore_ascii_case(name));
        if has(&[AFTER, BEFORE]) {
            return Some(Self::Time);
        }
        FIELDS
            .into_iter()
            .find(|(.., names)| has(names))
            .map(|(field, ..)| field)
    }
}

/// Every name of a field, aliases among them.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let of_fields = FIELDS.into_iter().flat_map(|(.., names)| names.iter().copied());
    of_fields.chain([AFTER, BEFORE])
}

/// The name that was probably meant: a letter or two differ, more of a longer name.
pub(crate) fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_ascii_lowercase();
    let most = match typed.len() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    names
        .map(|name| (osa_distance(&typed, name), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_its_names_in_any_case() {
        for field in Field::all() {
            assert_eq!(Field::of_name(&field.name().to_uppercase()), Some(field));
        }
        assert_eq!(Field::of_name("after"), Some(Field::Time));
        assert_eq!(Field::of_name("http"), None);
    }

    #[test]
    fn the_nearest_name_is_near() {
        for (typed, meant) in [
            ("prot", Some("port")),
            ("pth", Some("path")),
            ("Hots", Some("host")),
            ("proccess", Some("process")),
            ("outcme", Some("outcome")),
            ("http", None),
            ("db", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, names()), meant, "{typed}");
        }
    }
}
