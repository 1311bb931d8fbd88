//! Permissions of this client, from `GET /api/me`; before its answer, reading only. The server refuses what the page
//! does not offer.

use mirrord_wire::mirror::{Me, Permission};

/// The rights that change what the page offers of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions {
    /// Ending a session.
    pub end: bool,
    /// Dismissing an ended one.
    pub dismiss: bool,
    /// Giving one a name.
    pub rename: bool,
    /// Saying what mirrors show: this is the desktop.
    pub arrange: bool,
}

impl Permissions {
    /// Permissions of a client.
    #[must_use]
    pub fn of(me: &Me) -> Self {
        let may = |right| me.permissions.contains(&right);
        Self {
            end: may(Permission::EndSessions),
            dismiss: may(Permission::DismissSessions),
            rename: may(Permission::NameSessions),
            arrange: may(Permission::ArrangeSidebar),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_wire_grants_is_offered_and_nothing_else() {
        let of = |permissions: Vec<Permission>| {
            Permissions::of(&Me {
                permissions,
                ..Me::default()
            })
        };
        assert_eq!(
            of(vec![Permission::Read, Permission::SeeSecrets, Permission::ManageMirror]),
            Permissions::default()
        );
        assert!(of(vec![Permission::EndSessions]).end && of(vec![Permission::DismissSessions]).dismiss);
        assert!(of(vec![Permission::ArrangeSidebar]).arrange && of(vec![Permission::NameSessions]).rename);
    }
}
