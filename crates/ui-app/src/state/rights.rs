//! What the reader may do, as `GET /api/me` says. Before it has said anything, nothing but reading; what the page does not
//! offer the server refuses all the same.

use crate::codec::json::Json;

/// The rights that change what the page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights {
    /// Ending a session.
    pub end: bool,
    /// Dismissing an ended one.
    pub dismiss: bool,
    /// Saying what mirrors show: this is the desktop.
    pub arrange: bool,
}

impl Rights {
    /// Reads the answer; `None` where it is none. A right that this version does not know is passed over.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut own = Self::default();
        let mut json = Json::new(text);
        json.object(&mut |name, json| {
            if name != "may" {
                return json.skip().map(drop);
            }
            json.array(&mut |json| {
                match json.string()?.as_ref() {
                    "end_sessions" => own.end = true,
                    "dismiss_sessions" => own.dismiss = true,
                    "arrange_sidebar" => own.arrange = true,
                    _ => {}
                }
                Some(())
            })
        })?;
        Some(own)
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::mirror::{Me, Right};

    use super::*;

    #[test]
    fn what_the_wire_grants_is_offered_and_nothing_else() {
        let of = |may: Vec<Right>| {
            let me = Me { may, ..Me::default() };
            Rights::read(&serde_json::to_string(&me).unwrap()).unwrap()
        };
        assert_eq!(of(vec![Right::Read, Right::SeeSecrets]), Rights::default());
        assert!(of(vec![Right::EndSessions]).end && of(vec![Right::DismissSessions]).dismiss);
        assert!(of(vec![Right::ArrangeSidebar]).arrange);
        assert_eq!(Rights::read("{\"may\":[\"fly\"]}"), Some(Rights::default()));
        assert_eq!(Rights::read("{\"may\":\"all\"}"), None);
    }
}
