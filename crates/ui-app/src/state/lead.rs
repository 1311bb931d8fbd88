//! Who leads: the desktop's page says how the sessions are arranged, a device's page follows. Which of the two a page is
//! the server says, and that may come later than the first arrangement: until it has, the newest one waits and changes
//! nothing. A page stays what it is: each of the two has a listener of its own.

use super::order::Arrangement;

/// What the desktop shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Followed {
    /// How the sessions are arranged there.
    pub arrangement: Arrangement,
    /// The session that is open there.
    pub selected: Option<String>,
}

/// What this page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// Not known yet, and what came meanwhile: the newest.
    Unknown(Option<Box<Followed>>),
    /// The desktop's: its reader arranges.
    Desktop,
    /// A device's: it shows what the desktop does.
    Device,
}

impl Default for Lead {
    fn default() -> Self {
        Self::Unknown(None)
    }
}

impl Lead {
    /// An arrangement came. Gives it back where it is to be shown.
    #[must_use]
    pub fn told(&mut self, followed: Followed) -> Option<Followed> {
        match self {
            Self::Unknown(newest) => *newest = Some(Box::new(followed)),
            Self::Desktop => {}
            Self::Device => return Some(followed),
        }
        None
    }

    /// The server said whether this page may arrange. Gives the arrangement that waited for it, where it is to be shown.
    #[must_use]
    pub fn known(&mut self, arranges: bool) -> Option<Followed> {
        let now = if arranges { Self::Desktop } else { Self::Device };
        match std::mem::replace(self, now) {
            Self::Unknown(newest) if !arranges => newest.map(|newest| *newest),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(selected: &str) -> Followed {
        Followed {
            selected: Some(selected.to_owned()),
            ..Followed::default()
        }
    }

    #[test]
    fn a_desktop_is_never_led_whatever_comes_first() {
        let mut early = Lead::default();
        assert_eq!(early.told(of("old")), None, "not before it is known who this is");
        assert_eq!(early.known(true), None);
        assert_eq!((early.told(of("old")), early), (None, Lead::Desktop));
        let mut late = Lead::default();
        assert_eq!((late.known(true), late.told(of("old"))), (None, None));
    }

    #[test]
    fn a_device_ends_with_the_newest_whatever_comes_first() {
        let mut early = Lead::default();
        assert_eq!((early.told(of("old")), early.told(of("new"))), (None, None));
        assert_eq!(early.known(false), Some(of("new")));
        assert_eq!(early.known(false), None, "it waited once");
        assert_eq!(early.told(of("next")), Some(of("next")));
        let mut late = Lead::default();
        assert_eq!((late.known(false), late.told(of("new"))), (None, Some(of("new"))));
    }
}
