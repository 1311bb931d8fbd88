//! Who may ask for what, in one table: a route by a method takes a right, and a role has rights.
//!
//! On the mirror, what is not in the table is closed, for every role and every method. The desktop, once its token is
//! right, may do everything; the table says to it which routes are the mirror's alone.

use http::Method;
use mirrord_wire::mirror::{ListenerKind, Right, Role};

/// What a route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing: it holds no secret.
    Nothing,
    /// Nothing, and it is there on the mirror alone: the ways to sign in.
    NothingOnMirror,
    /// To be signed in on the mirror.
    Device,
    /// A right.
    Right(Right),
}

/// A route by its methods. In a pattern, `:id` is one segment and a last `*` is all that follows.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) pattern: &'static str,
    pub(crate) methods: &'static [Method],
    pub(crate) takes: Takes,
}

const GET: &[Method] = &[Method::GET, Method::HEAD];
const POST: &[Method] = &[Method::POST];
const PUT: &[Method] = &[Method::PUT];
const DELETE: &[Method] = &[Method::DELETE];

const fn row(pattern: &'static str, methods: &'static [Method], takes: Takes) -> Row {
    Row {
        pattern,
        methods,
        takes,
    }
}

/// The table.
pub(crate) const TABLE: &[Row] = &[
    row("/health", GET, Takes::Nothing),
    row("/assets/*", GET, Takes::Nothing),
    row("/mirror/authority.pem", GET, Takes::Nothing),
    row("/mirror/sign-in", GET, Takes::NothingOnMirror),
    row("/mirror/sign-in", POST, Takes::NothingOnMirror),
    row("/mirror/pair", GET, Takes::NothingOnMirror),
    row("/mirror/pair", POST, Takes::NothingOnMirror),
    row("/mirror/trust", GET, Takes::NothingOnMirror),
    row("/mirror/door.css", GET, Takes::NothingOnMirror),
    row("/mirror/door.svg", GET, Takes::NothingOnMirror),
    row("/mirror/door.js", GET, Takes::NothingOnMirror),
    row("/mirror/sign-out", POST, Takes::Device),
    row("/", GET, Takes::Right(Right::Read)),
    row("/api/me", GET, Takes::Right(Right::Read)),
    row("/api/version", GET, Takes::Right(Right::Read)),
    row("/api/operator/sessions", GET, Takes::Right(Right::Read)),
    row("/api/sessions", GET, Takes::Right(Right::Read)),
    row("/api/sessions/:id", GET, Takes::Right(Right::Read)),
    row("/api/sessions/:id", DELETE, Takes::Right(Right::DismissSessions)),
    row("/api/sessions/:id/events", GET, Takes::Right(Right::Read)),
    row("/api/sessions/:id/kill", POST, Takes::Right(Right::EndSessions)),
    row("/mirror/sidebar", GET, Takes::Right(Right::Read)),
    row("/mirror/sidebar", PUT, Takes::Right(Right::ArrangeSidebar)),
    row("/ws", &[Method::GET], Takes::Right(Right::Read)),
    row("/ws/:id", &[Method::GET], Takes::Right(Right::Read)),
    row("/api/mirror", GET, Takes::Right(Right::ManageMirror)),
    row("/api/mirror/settings", PUT, Takes::Right(Right::ManageMirror)),
    row("/api/mirror/pair", POST, Takes::Right(Right::ManageMirror)),
    row("/api/mirror/devices", GET, Takes::Right(Right::ManageMirror)),
    row("/api/mirror/devices", DELETE, Takes::Right(Right::ManageMirror)),
    row(
        "/api/mirror/devices/:id",
        &[Method::PATCH],
        Takes::Right(Right::ManageMirror),
    ),
    row("/api/mirror/devices/:id", DELETE, Takes::Right(Right::ManageMirror)),
    row("/api/mirror/audit", GET, Takes::Right(Right::ManageMirror)),
];

/// Who asks, once that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Whoever sits at the machine: the token was right.
    Desktop,
    /// A device that is signed in.
    Device(Role),
    /// Nobody yet, on the mirror.
    Stranger,
}

impl Who {
    /// The listener that this one comes through.
    pub(crate) fn listener(self) -> ListenerKind {
        match self {
            Self::Desktop => ListenerKind::Desktop,
            Self::Device(_) | Self::Stranger => ListenerKind::Mirror,
        }
    }

    /// What this one may do.
    pub(crate) fn rights(self) -> &'static [Right] {
        match self {
            Self::Desktop => &[
                Right::Read,
                Right::EndSessions,
                Right::DismissSessions,
                Right::SeeSecrets,
                Right::ArrangeSidebar,
                Right::ManageMirror,
            ],
            Self::Device(Role::Controller) => &[Right::Read, Right::EndSessions],
            Self::Device(Role::Viewer) => &[Right::Read],
            Self::Stranger => &[],
        }
    }

    /// Whether this one has a right.
    pub(crate) fn may(self, right: Right) -> bool {
        self.rights().contains(&right)
    }
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// 401: signing in may help.
    SignIn,
    /// 403: it does not.
    Forbidden,
    /// 404: it is not there on this listener.
    Missing,
}

/// Whether asking is an action that the log is to have: not a browser's own look for what might be there.
pub(crate) fn is_action(method: &Method, path: &str) -> bool {
    let looks = matches!(*method, Method::GET | Method::HEAD);
    !looks || TABLE.iter().any(|row| matches(row.pattern, path))
}

/// What becomes of a request for a path by a method.
pub(crate) fn decide(who: Who, method: &Method, path: &str) -> Verdict {
    let mut rows = TABLE.iter().filter(|row| matches(row.pattern, path));
    let found = rows.find(|row| row.methods.contains(method));
    let closed = if who == Who::Stranger {
        Verdict::SignIn
    } else {
        Verdict::Forbidden
    };
    match (found.map(|row| row.takes), who) {
        (Some(Takes::NothingOnMirror), Who::Desktop) => Verdict::Missing,
        (Some(Takes::Device), Who::Desktop) => Verdict::Missing,
        // Routes that the table does not know, and methods that a route does not take, are the router's to refuse.
        (_, Who::Desktop) | (Some(Takes::Nothing | Takes::NothingOnMirror), _) => Verdict::Allowed,
        (Some(Takes::Device), Who::Device(_)) => Verdict::Allowed,
        (Some(Takes::Right(right)), who) if who.may(right) => Verdict::Allowed,
        _ => closed,
    }
}

/// Compared segment by segment and to the letter: nothing is decoded, merged or cut, as the router does not either.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), segments.next()) {
            (None, None) => return true,
            (Some("*"), Some(first)) => return !first.is_empty(),
            (Some(":id"), Some(segment)) if !segment.is_empty() => {}
            (Some(own), Some(segment)) if own == segment => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Who; 4] = [
        Who::Desktop,
        Who::Device(Role::Controller),
        Who::Device(Role::Viewer),
        Who::Stranger,
    ];

    #[test]
    fn a_stranger_may_sign_in_and_nothing_else() {
        let open: Vec<_> = TABLE
            .iter()
            .filter(|row| {
                row.methods
                    .iter()
                    .all(|method| decide(Who::Stranger, method, row.pattern) == Verdict::Allowed)
            })
            .map(|row| row.pattern)
            .collect();
        assert_eq!(
            open,
            [
                "/health",
                "/assets/*",
                "/mirror/authority.pem",
                "/mirror/sign-in",
                "/mirror/sign-in",
                "/mirror/pair",
                "/mirror/pair",
                "/mirror/trust",
                "/mirror/door.css",
                "/mirror/door.svg",
                "/mirror/door.js",
            ]
        );
    }

    #[test]
    fn a_viewer_changes_nothing_and_a_controller_ends_sessions_alone() {
        let mut extra = Vec::new();
        for row in TABLE {
            let path = row.pattern.replace(":id", "x");
            for method in row.methods {
                let is = |who| decide(who, method, &path);
                let changes = !matches!(*method, Method::GET | Method::HEAD);
                let viewer = is(Who::Device(Role::Viewer));
                let door = matches!(row.takes, Takes::NothingOnMirror | Takes::Device);
                assert!(!changes || door || viewer == Verdict::Forbidden, "{method} {path}");
                if is(Who::Device(Role::Controller)) != viewer {
                    extra.push(format!("{method} {path}"));
                }
                assert_eq!(is(Who::Desktop) == Verdict::Missing, door, "{method} {path}");
            }
        }
        assert_eq!(extra, ["POST /api/sessions/x/kill"]);
    }

    #[test]
    fn what_is_not_in_the_table_is_closed() {
        let methods = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::PATCH,
            Method::OPTIONS,
            Method::TRACE,
            Method::CONNECT,
            Method::from_bytes(b"PROPFIND").unwrap(),
        ];
        let odd = [
            "",
            "//",
            "/ws/",
            "/ws/a/b",
            "/api",
            "/api/",
            "/api/me/",
            "//api/me",
            "/API/me",
            "/api//me",
            "/api/%6de",
            "/api/sessions/",
            "/api/sessions/x/",
            "/api/sessions//kill",
            "/assets/",
            "/assets",
            "/health/",
            "/./api/me",
            "/mirror",
            "/mirror/",
            "/api/mirror/devices/x/y",
            "/api/new",
            "*",
        ];
        for path in odd {
            for method in &methods {
                for who in [Who::Device(Role::Controller), Who::Device(Role::Viewer)] {
                    assert_eq!(decide(who, method, path), Verdict::Forbidden, "{who:?} {method} {path}");
                }
                assert_eq!(decide(Who::Stranger, method, path), Verdict::SignIn, "{method} {path}");
            }
        }
        for row in TABLE {
            let path = row.pattern.replace(":id", "x").replace('*', "x");
            for method in methods.iter().filter(|method| {
                !TABLE
                    .iter()
                    .any(|other| other.pattern == row.pattern && other.methods.contains(method))
            }) {
                assert_eq!(
                    decide(Who::Device(Role::Controller), method, &path),
                    Verdict::Forbidden,
                    "{method} {path}"
                );
            }
        }
    }

    #[test]
    fn secrets_are_the_desktops_alone() {
        let see: Vec<_> = ALL.into_iter().filter(|who| who.may(Right::SeeSecrets)).collect();
        assert_eq!(see, [Who::Desktop]);
    }
}
