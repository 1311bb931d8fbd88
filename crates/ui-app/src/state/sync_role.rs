//! Role in the synchronization of the arrangement: the desktop's page publishes it, a device's page follows. The server
//! reports the role, perhaps later than the first arrangement: until then the newest one waits. A page keeps its role,
//! since each of the two has a listener of its own.

use super::order::Arrangement;

/// Arrangement and selection of the desktop.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Followed {
    /// Arrangement of the sessions there.
    pub arrangement: Arrangement,
    /// The session that is open there.
    pub selected: Option<String>,
}

/// Role of this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncRole {
    /// Not known yet, and what came meanwhile: the newest.
    Unknown(Option<Box<Followed>>),
    /// The desktop's: its reader arranges.
    Desktop,
    /// A device's: it shows what the desktop does.
    Device,
}

impl Default for SyncRole {
    fn default() -> Self {
        Self::Unknown(None)
    }
}

impl SyncRole {
    /// Receives an arrangement; returns it where it is to be shown.
    #[must_use]
    pub fn receive(&mut self, followed: Followed) -> Option<Followed> {
        match self {
            Self::Unknown(newest) => *newest = Some(Box::new(followed)),
            Self::Desktop => {}
            Self::Device => return Some(followed),
        }
        None
    }

    /// Sets the role from the permission to arrange; returns a waiting arrangement where it is to be shown.
    #[must_use]
    pub fn set_permission(&mut self, arranges: bool) -> Option<Followed> {
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
        let mut early = SyncRole::default();
        assert_eq!(early.receive(of("old")), None, "not before it is known who this is");
        assert_eq!(early.set_permission(true), None);
        assert_eq!((early.receive(of("old")), early), (None, SyncRole::Desktop));
        let mut late = SyncRole::default();
        assert_eq!((late.set_permission(true), late.receive(of("old"))), (None, None));
    }

    #[test]
    fn a_device_ends_with_the_newest_whatever_comes_first() {
        let mut early = SyncRole::default();
        assert_eq!((early.receive(of("old")), early.receive(of("new"))), (None, None));
        assert_eq!(early.set_permission(false), Some(of("new")));
        assert_eq!(early.set_permission(false), None, "it waited once");
        assert_eq!(early.receive(of("next")), Some(of("next")));
        let mut late = SyncRole::default();
        assert_eq!(
            (late.set_permission(false), late.receive(of("new"))),
            (None, Some(of("new")))
        );
    }
}
