//! Commands of the keyboard, and the keys that run them. Pure: the caller supplies the key's name, as the browser gives
//! it, and the previous key.

use super::route::View;
use crate::i18n::Key;

/// Time-out for the second key of a pair, milliseconds.
pub const PREFIX_MS: u64 = 1_500;
/// The key that goes somewhere, with the one that follows.
const GO: &str = "g";

/// Something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Into the search field of what is open.
    Search,
    /// To the next row.
    Down,
    /// To the row before.
    Up,
    /// The details of the row.
    Open,
    /// Closes the details.
    Close,
    /// A window further.
    PageDown,
    /// A window back.
    PageUp,
    /// To the oldest row.
    Oldest,
    /// To the newest row, and on with what comes.
    Follow,
    /// Holds the log still, or goes on.
    Pause,
    /// To the next row that was found; behind the last, to the first.
    NextMatch,
    /// To the one before.
    PreviousMatch,
    /// Shows every row again.
    ClearFilter,
    /// To the overview.
    Sessions,
    /// To a view of the open session.
    View(View),
    /// To the session before, in the order of the list.
    PreviousSession,
    /// To the next session.
    NextSession,
    /// The next theme.
    Theme,
    /// The menu of preferences.
    Preferences,
    /// The list of keys.
    Keys,
    /// The palette.
    Palette,
}

/// Meaning of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// Do this.
    Do(Command),
    /// The next key says what.
    Wait,
    /// It is none of ours.
    Nothing,
}

/// The keys without a first one.
const SINGLE: [(&str, Command); 22] = [
    ("/", Command::Search),
    ("j", Command::Down),
    ("ArrowDown", Command::Down),
    ("k", Command::Up),
    ("ArrowUp", Command::Up),
    ("Enter", Command::Open),
    ("Escape", Command::Close),
    ("PageDown", Command::PageDown),
    ("PageUp", Command::PageUp),
    ("Home", Command::Oldest),
    ("End", Command::Follow),
    ("f", Command::Follow),
    ("p", Command::Pause),
    ("x", Command::ClearFilter),
    ("n", Command::NextMatch),
    ("N", Command::PreviousMatch),
    ("[", Command::PreviousSession),
    ("]", Command::NextSession),
    ("t", Command::Theme),
    (",", Command::Preferences),
    ("?", Command::Keys),
    (":", Command::Palette),
];

/// The keys after the first one.
const AFTER_GO: [(&str, Command); 10] = [
    ("s", Command::Sessions),
    ("a", Command::View(View::Summary)),
    ("e", Command::View(View::Events)),
    ("f", Command::View(View::Files)),
    ("n", Command::View(View::Network)),
    ("p", Command::View(View::Ports)),
    ("v", Command::View(View::Environment)),
    ("r", Command::View(View::Processes)),
    ("c", Command::View(View::Config)),
    ("t", Command::View(View::Stats)),
];

/// Resolves a key. `waited` is the age of a first key, milliseconds; a key that does not complete a pair has its own
/// meaning.
#[must_use]
pub fn press(key: &str, waited_ms: Option<u64>) -> Pressed {
    let find = |keys: &[(&str, Command)]| keys.iter().find(|(own, _)| *own == key).map(|(_, command)| *command);
    let follows = waited_ms.is_some_and(|ms| ms <= PREFIX_MS);
    if let Some(command) = find(&AFTER_GO).filter(|_| follows) {
        return Pressed::Do(command);
    }
    match find(&SINGLE) {
        Some(command) => Pressed::Do(command),
        None if key == GO => Pressed::Wait,
        None => Pressed::Nothing,
    }
}

/// The keys as the list of keys shows them, in groups: a heading, and for each line the keys and what they do.
pub const LISTED: [(Key, &[(&str, Key)]); 4] = [
    (
        Key::KeysAnywhere,
        &[
            ("Ctrl K", Key::Palette),
            ("?", Key::KeysTitle),
            ("g s", Key::BackToList),
            ("[ ]", Key::KeyNeighbours),
            ("t", Key::KeyTheme),
            (",", Key::Preferences),
            ("Esc", Key::Close),
        ],
    ),
    (
        Key::KeysSession,
        &[
            ("g a", Key::TabSummary),
            ("g e", Key::TabEvents),
            ("g f", Key::TabFiles),
            ("g n", Key::TabNetwork),
            ("g p", Key::TabPorts),
            ("g v", Key::TabEnvironment),
            ("g r", Key::TabProcesses),
            ("g c", Key::TabConfig),
            ("g t", Key::TabStats),
        ],
    ),
    (
        Key::KeysLog,
        &[
            ("/", Key::SearchLabel),
            ("j k", Key::KeyMove),
            ("n N", Key::KeyMatches),
            ("Enter", Key::KeyDetails),
            ("p", Key::KeyPause),
            ("f", Key::Jump),
            ("x", Key::ClearFilter),
        ],
    ),
    (Key::KeysOverview, &[("x", Key::KeyChoose)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_or_two_ask_for_something() {
        assert_eq!(press("p", None), Pressed::Do(Command::Pause));
        assert_eq!(press("g", None), Pressed::Wait);
        assert_eq!(press("p", Some(10)), Pressed::Do(Command::View(View::Ports)));
        assert_eq!(press("p", Some(PREFIX_MS + 1)), Pressed::Do(Command::Pause), "too late");
        assert_eq!(press("j", Some(10)), Pressed::Do(Command::Down), "it follows no g");
        assert_eq!(press("q", None), Pressed::Nothing);
        assert_eq!(press("g", Some(10)), Pressed::Wait);
    }

    #[test]
    fn each_view_has_keys_and_every_key_that_is_listed_does_something() {
        for view in View::ALL {
            assert!(
                AFTER_GO.iter().any(|(_, command)| *command == Command::View(view)),
                "{view:?}"
            );
        }
        for (keys, _) in LISTED.iter().flat_map(|(_, lines)| lines.iter()) {
            let known = match keys.split_once(' ') {
                Some(("Ctrl", "K")) => true,
                Some(("g", key)) => press(key, Some(0)) != press(key, None),
                Some((one, other)) => [one, other].iter().all(|key| press(key, None) != Pressed::Nothing),
                None if *keys == "Esc" => true,
                None => press(keys, None) != Pressed::Nothing,
            };
            assert!(known, "{keys}");
        }
    }

    #[test]
    fn no_key_has_two_meanings() {
        for keys in [&SINGLE[..], &AFTER_GO[..]] {
            for (place, (key, _)) in keys.iter().enumerate() {
                assert!(keys[place + 1..].iter().all(|(other, _)| other != key), "{key}");
            }
        }
    }
}
