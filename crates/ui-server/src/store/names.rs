//! Names that a person gave to sessions. Of each session one, found by its id and its start: another session that takes the
//! id later has none. Pure; [`crate::session_names`] keeps them in a file.

use mirrord_wire::SessionId;
use mirrord_wire::api::SessionName;
use serde::{Deserialize, Serialize};

/// The most names; beyond them those of sessions that are not known any more go, and then a new one is refused.
pub(crate) const MAX_NAMES: usize = 1_000;
/// Longest start of a session that is kept, bytes: it is a session's own text.
const MAX_START_BYTES: usize = 64;

/// Name of one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenName {
    pub(crate) session_id: String,
    pub(crate) started_at: String,
    pub(crate) name: String,
}

impl GivenName {
    /// Returns whether this is a name that could have been given, for what was read from a file.
    pub(crate) fn is_valid(&self) -> bool {
        let is_session = SessionId::new(self.session_id.as_str()).is_ok() && self.started_at.len() <= MAX_START_BYTES;
        is_session && checked(&self.name).is_ok_and(|name| name == self.name && !name.is_empty())
    }

    fn is_of(&self, id: &str, started_at: &str) -> bool {
        self.session_id == id && self.started_at == start(started_at)
    }
}

fn start(started_at: &str) -> &str {
    &started_at[..started_at.floor_char_boundary(MAX_START_BYTES)]
}

/// Names, the one given first at the front.
#[derive(Debug, Default)]
pub(crate) struct Names {
    given: Vec<GivenName>,
    /// Goes up with every change.
    revision: u64,
}

impl Names {
    /// Takes names from a file, at most [`MAX_NAMES`].
    pub(crate) fn load(&mut self, mut given: Vec<GivenName>) {
        given.retain(GivenName::is_valid);
        given.truncate(MAX_NAMES);
        self.given = given;
    }

    pub(crate) fn get(&self, id: &str, started_at: &str) -> Option<&str> {
        let found = self.given.iter().find(|own| own.is_of(id, started_at));
        found.map(|own| own.name.as_str())
    }

    /// Gives a session a name in place of the one before; an empty one removes it. `is_known` answers for the sessions whose
    /// names stay where there is no room. Returns false where there is none even then.
    pub(crate) fn set(
        &mut self,
        id: &str,
        started_at: &str,
        name: &str,
        is_known: impl Fn(&GivenName) -> bool,
    ) -> bool {
        let before = self.get(id, started_at).unwrap_or_default();
        if before == name {
            return true;
        }
        if before.is_empty() && self.given.len() >= MAX_NAMES {
            self.given.retain(is_known);
            if self.given.len() >= MAX_NAMES {
                return false;
            }
        }
        self.given.retain(|own| !own.is_of(id, started_at));
        if !name.is_empty() {
            self.given.push(GivenName {
                session_id: id.to_owned(),
                started_at: start(started_at).to_owned(),
                name: name.to_owned(),
            });
        }
        self.revision += 1;
        true
    }

    /// All names, and the revision that they are.
    pub(crate) fn all(&self) -> (Vec<GivenName>, u64) {
        (self.given.clone(), self.revision)
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }
}

/// Returns a name as it is kept: without blanks at its ends.
///
/// # Errors
/// Why a text is no name, in words.
pub(crate) fn checked(name: &str) -> Result<&str, String> {
    let name = name.trim();
    let max = SessionName::MAX_CHARS;
    if name.chars().count() > max {
        return Err(format!("a name has at most {max} characters"));
    }
    if name.chars().any(is_unprintable) {
        return Err("a name has no control characters".to_owned());
    }
    Ok(name)
}

/// Control characters, ends of lines, and the formatting that would reorder the text around the name.
fn is_unprintable(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &mut Names, id: &str, started_at: &str, name: &str) -> bool {
        names.set(id, started_at, name, |_| true)
    }

    #[test]
    fn a_name_is_that_of_one_session_until_it_is_empty() {
        let mut names = Names::default();
        assert!(set(&mut names, "a", "1", "shop") && set(&mut names, "a", "2", "other"));
        assert_eq!(
            (names.get("a", "1"), names.get("a", "2")),
            (Some("shop"), Some("other"))
        );
        assert_eq!(names.get("a", "3"), None, "another session of that id");
        let revision = names.revision();
        assert!(set(&mut names, "a", "1", "shop"));
        assert_eq!(names.revision(), revision, "nothing changed");
        assert!(set(&mut names, "a", "1", ""));
        assert_eq!((names.get("a", "1"), names.all().0.len()), (None, 1));
    }

    #[test]
    fn where_there_is_no_room_names_of_gone_sessions_go_and_then_none_is_taken() {
        let mut names = Names::default();
        for number in 0..MAX_NAMES {
            assert!(set(&mut names, &number.to_string(), "1", "x"));
        }
        assert!(!set(&mut names, "new", "1", "x"));
        assert!(set(&mut names, "5", "1", "y"), "a name can be changed all the same");
        assert!(names.set("new", "1", "x", |own| own.session_id != "0"));
        assert_eq!((names.get("0", "1"), names.get("new", "1")), (None, Some("x")));
        assert_eq!(names.all().0.len(), MAX_NAMES);
    }

    #[test]
    fn what_is_no_name_is_refused() {
        assert_eq!(checked("  shop, api \n"), Ok("shop, api"));
        assert_eq!(checked(" \t"), Ok(""));
        assert!(checked(&"ä".repeat(100)).is_ok() && checked(&"ä".repeat(101)).is_err());
        for wrong in ["a\nb", "a\u{1b}[2J", "\u{202e}gpj", "a\u{2066}"] {
            assert!(checked(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn of_a_file_only_what_could_have_been_given_is_taken() {
        let given = |session_id: &str, name: &str| GivenName {
            session_id: session_id.to_owned(),
            started_at: "1".to_owned(),
            name: name.to_owned(),
        };
        let mut names = Names::default();
        names.load(vec![
            given("a", "shop"),
            given("../x", "y"),
            given("b", ""),
            given("c", " d"),
            given("e", "\u{7}"),
        ]);
        assert_eq!(names.all(), (vec![given("a", "shop")], 0));
    }
}
