//! Commands of the keyboard, and the keys that run them. Pure: the caller supplies the key's name, as the browser gives
//! it, and the previous key.

use super::copies::Form;
use super::route::View;
use crate::i18n::Key;

/// Time-out for the second key of a pair, milliseconds.
pub const PREFIX_MS: u64 = 1_500;
/// The keys that go somewhere, or copy something, with the one that follows.
const FIRST: [&str; 2] = ["g", "c"];

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
    /// Copies the chosen row.
    Copy(Form),
    /// The second before and behind the chosen row.
    Around,
    /// All times again.
    AllTimes,
    /// Repeats as one row each, or all.
    Fold,
    /// Each row of the chosen one's repeats.
    Expand,
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
    /// The next key says what; this is the first one.
    Wait(&'static str),
    /// It is none of ours.
    Nothing,
}

/// The keys without a first one.
const SINGLE: [(&str, Command); 26] = [
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
    ("a", Command::Around),
    ("z", Command::AllTimes),
    ("r", Command::Fold),
    ("ArrowRight", Command::Expand),
    ("[", Command::PreviousSession),
    ("]", Command::NextSession),
    ("t", Command::Theme),
    (",", Command::Preferences),
    ("?", Command::Keys),
    (":", Command::Palette),
];

/// The keys after the one that copies.
const AFTER_COPY: [(&str, Command); 4] = [
    ("p", Command::Copy(Form::Subject)),
    ("r", Command::Copy(Form::Row)),
    ("j", Command::Copy(Form::Json)),
    ("c", Command::Copy(Form::Command)),
];

/// The keys after the one that goes somewhere.
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

/// Resolves a key. `first` is the key before, where it waits for this one, and its age, milliseconds; a key that does not
/// complete a pair has its own meaning.
#[must_use]
pub fn press(key: &str, first: Option<(&str, u64)>) -> Pressed {
    let find = |keys: &[(&str, Command)]| keys.iter().find(|(own, _)| *own == key).map(|(_, command)| *command);
    let second = match first.filter(|(_, ms)| *ms <= PREFIX_MS) {
        Some(("g", _)) => find(&AFTER_GO),
        Some(_) => find(&AFTER_COPY),
        None => None,
    };
    let waits = || FIRST.into_iter().find(|first| *first == key);
    match (second.or_else(|| find(&SINGLE)), waits()) {
        (Some(command), _) => Pressed::Do(command),
        (None, Some(first)) => Pressed::Wait(first),
        (None, None) => Pressed::Nothing,
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
            ("a", Key::Around),
            ("z", Key::AllTimes),
            ("r", Key::FoldRepeats),
            ("c p", Key::CopyPath),
            ("c r", Key::CopyRow),
            ("c j", Key::CopyJson),
            ("c c", Key::CopyCommand),
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
        assert_eq!(press("g", None), Pressed::Wait("g"));
        let after = |key| Some((key, 10));
        assert_eq!(press("p", after("g")), Pressed::Do(Command::View(View::Ports)));
        assert_eq!(press("p", after("c")), Pressed::Do(Command::Copy(Form::Subject)));
        assert_eq!(
            press("p", Some(("g", PREFIX_MS + 1))),
            Pressed::Do(Command::Pause),
            "too late"
        );
        assert_eq!(press("k", after("g")), Pressed::Do(Command::Up), "it follows no g");
        assert_eq!(press("q", None), Pressed::Nothing);
        assert_eq!(press("g", after("g")), Pressed::Wait("g"));
        assert_eq!(press("c", after("c")), Pressed::Do(Command::Copy(Form::Command)));
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
                Some((first @ ("g" | "c"), key)) => press(key, Some((first, 0))) != press(key, None),
                Some((one, other)) => [one, other].iter().all(|key| press(key, None) != Pressed::Nothing),
                None if *keys == "Esc" => true,
                None => press(keys, None) != Pressed::Nothing,
            };
            assert!(known, "{keys}");
        }
    }

    #[test]
    fn no_key_has_two_meanings() {
        for keys in [&SINGLE[..], &AFTER_GO[..], &AFTER_COPY[..]] {
            for (place, (key, _)) in keys.iter().enumerate() {
                assert!(keys[place + 1..].iter().all(|(other, _)| other != key), "{key}");
            }
        }
    }
}
