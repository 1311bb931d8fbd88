//! Permissions, in one table: a route by a method requires a right, and a role has rights.
//!
//! On the mirror, a route without a rule is closed, for every role and every method. The desktop, once its token is right,
//! has every right; the table has the routes that exist on the mirror alone.

use http::Method;
use mirrord_wire::mirror::Permission::{
    ArrangeSidebar, DismissSessions, EndSessions, ManageMirror, NameSessions, Read, SeeSecrets,
};
use mirrord_wire::mirror::{ListenerKind, Permission, Role};

use self::Requirement::{Device, Nothing, NothingOnMirror};

/// Requirement of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Requirement {
    /// Nothing: it holds no secret.
    Nothing,
    /// Nothing, on the mirror alone: the routes for signing in.
    NothingOnMirror,
    /// A signed-in device of the mirror.
    Device,
    /// A right.
    Permission(Permission),
}

/// Rule for a route and its methods. In a pattern, `:id` is one segment and a last `*` is all that follows.
#[derive(Debug)]
pub(crate) struct RouteRule {
    pub(crate) pattern: &'static str,
    pub(crate) methods: &'static [Method],
    pub(crate) requirement: Requirement,
}

const GET: &[Method] = &[Method::GET, Method::HEAD];
const POST: &[Method] = &[Method::POST];
const PUT: &[Method] = &[Method::PUT];
const PATCH: &[Method] = &[Method::PATCH];
const DELETE: &[Method] = &[Method::DELETE];

const fn rule(pattern: &'static str, methods: &'static [Method], requirement: Requirement) -> RouteRule {
    RouteRule {
        pattern,
        methods,
        requirement,
    }
}

/// Rule for a route that takes a right.
const fn right(pattern: &'static str, methods: &'static [Method], permission: Permission) -> RouteRule {
    rule(pattern, methods, Requirement::Permission(permission))
}

/// Rules of all routes.
pub(crate) const TABLE: &[RouteRule] = &[
    rule("/health", GET, Nothing),
    rule("/assets/*", GET, Nothing),
    rule("/mirror/authority.pem", GET, Nothing),
    rule("/mirror/sign-in", GET, NothingOnMirror),
    rule("/mirror/sign-in", POST, NothingOnMirror),
    rule("/mirror/pair", GET, NothingOnMirror),
    rule("/mirror/pair", POST, NothingOnMirror),
    rule("/mirror/trust", GET, NothingOnMirror),
    rule("/mirror/login.css", GET, NothingOnMirror),
    rule("/mirror/login.svg", GET, NothingOnMirror),
    rule("/mirror/login.js", GET, NothingOnMirror),
    rule("/mirror/sign-out", POST, Device),
    right("/", GET, Read),
    right("/api/me", GET, Read),
    right("/api/version", GET, Read),
    right("/api/operator/sessions", GET, Read),
    // The address of a server, and whether what goes there is redacted.
    right("/api/otlp", GET, SeeSecrets),
    right("/api/search", GET, Read),
    right("/api/sessions", GET, Read),
    right("/api/sessions/:id", GET, Read),
    right("/api/sessions/:id", DELETE, DismissSessions),
    right("/api/sessions/:id/events", GET, Read),
    right("/api/sessions/:id/connections", GET, Read),
    right("/api/sessions/:id/summary", GET, Read),
    // A change repeats the config.
    right("/api/sessions/:id/suggestions", GET, SeeSecrets),
    // It is drawn on the desktop alone, as is a session as it was.
    right("/api/sessions/:id/timeline", GET, SeeSecrets),
    // A device is shown no key.
    right("/api/keys", GET, SeeSecrets),
    right("/api/keys/:id/state", GET, SeeSecrets),
    right("/api/keys/:id/events", GET, SeeSecrets),
    right("/api/keys/:id/kill", POST, SeeSecrets),
    right("/api/sessions/:id/kill", POST, EndSessions),
    right("/api/sessions/:id/name", PUT, NameSessions),
    right("/mirror/sidebar", GET, Read),
    right("/mirror/sidebar", PUT, ArrangeSidebar),
    right("/ws", &[Method::GET], Read),
    right("/ws/:id", &[Method::GET], Read),
    right("/api/mirror", GET, ManageMirror),
    right("/api/mirror/settings", PUT, ManageMirror),
    right("/api/mirror/pair", POST, ManageMirror),
    right("/api/mirror/devices", GET, ManageMirror),
    right("/api/mirror/devices", DELETE, ManageMirror),
    right("/api/mirror/devices/:id", PATCH, ManageMirror),
    right("/api/mirror/devices/:id", DELETE, ManageMirror),
    right("/api/mirror/audit", GET, ManageMirror),
];

/// Identity of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// User of this machine: the token was right.
    Desktop,
    /// Signed-in device.
    Device(Role),
    /// Caller on the mirror that is not signed in.
    Anonymous,
}

impl Identity {
    /// Returns the listener that it comes through.
    pub(crate) fn listener(self) -> ListenerKind {
        match self {
            Self::Desktop => ListenerKind::Desktop,
            Self::Device(_) | Self::Anonymous => ListenerKind::Mirror,
        }
    }

    /// Returns its rights.
    pub(crate) fn rights(self) -> &'static [Permission] {
        match self {
            Self::Desktop => &[
                Read,
                EndSessions,
                DismissSessions,
                NameSessions,
                SeeSecrets,
                ArrangeSidebar,
                ManageMirror,
            ],
            Self::Device(Role::Controller) => &[Read, EndSessions, NameSessions],
            Self::Device(Role::Viewer) => &[Read],
            Self::Anonymous => &[],
        }
    }

    /// Returns whether it has a right.
    pub(crate) fn may(self, right: Permission) -> bool {
        self.rights().contains(&right)
    }
}

/// Decision on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Allowed,
    /// 401: signing in may help.
    SignIn,
    /// 403: it does not.
    Forbidden,
    /// 404: the route does not exist on this listener.
    Missing,
}

/// Returns whether a refused request is logged: not a browser's own request for a file that might exist.
pub(crate) fn is_action(method: &Method, path: &str) -> bool {
    let looks = matches!(*method, Method::GET | Method::HEAD);
    !looks || TABLE.iter().any(|rule| matches(rule.pattern, path))
}

/// Decides on a request for a path by a method.
pub(crate) fn decide(identity: Identity, method: &Method, path: &str) -> Decision {
    let mut rows = TABLE.iter().filter(|rule| matches(rule.pattern, path));
    let found = rows.find(|rule| rule.methods.contains(method));
    let closed = if identity == Identity::Anonymous {
        Decision::SignIn
    } else {
        Decision::Forbidden
    };
    match (found.map(|rule| rule.requirement), identity) {
        (Some(NothingOnMirror), Identity::Desktop) => Decision::Missing,
        (Some(Device), Identity::Desktop) => Decision::Missing,
        // Routes that the table does not know, and methods that a route does not take, are the router's to refuse.
        (_, Identity::Desktop) | (Some(Nothing | NothingOnMirror), _) => Decision::Allowed,
        (Some(Device), Identity::Device(_)) => Decision::Allowed,
        (Some(Requirement::Permission(right)), identity) if identity.may(right) => Decision::Allowed,
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

    const ALL: [Identity; 4] = [
        Identity::Desktop,
        Identity::Device(Role::Controller),
        Identity::Device(Role::Viewer),
        Identity::Anonymous,
    ];

    #[test]
    fn a_stranger_may_sign_in_and_nothing_else() {
        let open: Vec<_> = TABLE
            .iter()
            .filter(|rule| {
                rule.methods
                    .iter()
                    .all(|method| decide(Identity::Anonymous, method, rule.pattern) == Decision::Allowed)
            })
            .map(|rule| rule.pattern)
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
                "/mirror/login.css",
                "/mirror/login.svg",
                "/mirror/login.js",
            ]
        );
    }

    #[test]
    fn a_viewer_changes_nothing_and_a_controller_ends_and_names_sessions_alone() {
        let mut extra = Vec::new();
        for rule in TABLE {
            let path = rule.pattern.replace(":id", "x");
            for method in rule.methods {
                let is = |who| decide(who, method, &path);
                let changes = !matches!(*method, Method::GET | Method::HEAD);
                let viewer = is(Identity::Device(Role::Viewer));
                let is_of_mirror = matches!(rule.requirement, NothingOnMirror | Device);
                assert!(
                    !changes || is_of_mirror || viewer == Decision::Forbidden,
                    "{method} {path}"
                );
                if is(Identity::Device(Role::Controller)) != viewer {
                    extra.push(format!("{method} {path}"));
                }
                assert_eq!(
                    is(Identity::Desktop) == Decision::Missing,
                    is_of_mirror,
                    "{method} {path}"
                );
            }
        }
        assert_eq!(extra, ["POST /api/sessions/x/kill", "PUT /api/sessions/x/name"]);
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
            "/api/records",
            "/api/sessions/x/record",
            "/api/sessions/x/recording",
            "/api/history",
            "/api/history/x",
            "/api/history/x/open",
            "/api/diff",
            // What a device may do, its page has; the description is for programs, which sign in with the token.
            "/api/openapi.json",
            "*",
        ];
        for path in odd {
            for method in &methods {
                for who in [Identity::Device(Role::Controller), Identity::Device(Role::Viewer)] {
                    assert_eq!(
                        decide(who, method, path),
                        Decision::Forbidden,
                        "{who:?} {method} {path}"
                    );
                }
                assert_eq!(
                    decide(Identity::Anonymous, method, path),
                    Decision::SignIn,
                    "{method} {path}"
                );
            }
        }
        for rule in TABLE {
            let path = rule.pattern.replace(":id", "x").replace('*', "x");
            for method in methods.iter().filter(|method| {
                !TABLE
                    .iter()
                    .any(|other| other.pattern == rule.pattern && other.methods.contains(method))
            }) {
                assert_eq!(
                    decide(Identity::Device(Role::Controller), method, &path),
                    Decision::Forbidden,
                    "{method} {path}"
                );
            }
        }
    }

    #[test]
    fn secrets_are_the_desktops_alone() {
        let see: Vec<_> = ALL.into_iter().filter(|who| who.may(SeeSecrets)).collect();
        assert_eq!(see, [Identity::Desktop]);
    }
}
