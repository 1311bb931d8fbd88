//! Access: every route, every method, every kind of credentials.

use http::Method;
use serde_json::{Value, json};

use crate::support::host::Host;
use crate::support::{Answer, Home};

const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::PATCH,
    Method::OPTIONS,
];

/// Status of each route for an authenticated caller, by method; a method without one is 405.
const ROUTES: [(&str, &[(Method, u16)]); 42] = [
    ("/", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/assets/none.js", &[(Method::GET, 404), (Method::HEAD, 404)]),
    ("/health", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/tickets", &[(Method::POST, 201)]),
    ("/api/operator/sessions", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/version", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/openapi.json", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/sessions", &[(Method::GET, 200), (Method::HEAD, 200)]),
    (
        "/api/sessions/one",
        &[(Method::GET, 200), (Method::HEAD, 200), (Method::DELETE, 409)],
    ),
    (
        "/api/sessions/none",
        &[(Method::GET, 404), (Method::HEAD, 404), (Method::DELETE, 404)],
    ),
    ("/api/sessions/one/events", &[(Method::GET, 200), (Method::HEAD, 200)]),
    (
        "/api/sessions/one/connections",
        &[(Method::GET, 200), (Method::HEAD, 200)],
    ),
    ("/api/sessions/one/summary", &[(Method::GET, 200), (Method::HEAD, 200)]),
    (
        "/api/sessions/one/suggestions",
        &[(Method::GET, 200), (Method::HEAD, 200)],
    ),
    ("/api/sessions/one/timeline", &[(Method::GET, 404), (Method::HEAD, 404)]),
    ("/api/sessions/one/name", &[(Method::PUT, 400)]),
    ("/api/sessions/one/kill", &[(Method::POST, 202)]),
    ("/api/sessions/one/record", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/sessions/one/recording", &[(Method::PUT, 400)]),
    ("/api/keys", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/keys/one/state", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/keys/one/events", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/keys/one/kill", &[(Method::POST, 202)]),
    // A record is no JSON.
    ("/api/records", &[(Method::POST, 415)]),
    (
        "/api/history",
        &[(Method::GET, 200), (Method::HEAD, 200), (Method::PUT, 400)],
    ),
    ("/api/history/one", &[(Method::DELETE, 404)]),
    ("/api/history/one/open", &[(Method::POST, 404)]),
    ("/api/diff", &[(Method::GET, 400), (Method::HEAD, 400)]),
    ("/api/otlp", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/search", &[(Method::GET, 400), (Method::HEAD, 400)]),
    ("/api/me", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/mirror", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/mirror/audit", &[(Method::GET, 200), (Method::HEAD, 200)]),
    ("/api/mirror/settings", &[(Method::PUT, 400)]),
    ("/api/mirror/pair", &[(Method::POST, 409)]),
    (
        "/api/mirror/devices",
        &[(Method::GET, 200), (Method::HEAD, 200), (Method::DELETE, 204)],
    ),
    (
        "/api/mirror/devices/none",
        &[(Method::PATCH, 400), (Method::DELETE, 404)],
    ),
    (
        "/mirror/sidebar",
        &[(Method::GET, 200), (Method::HEAD, 200), (Method::PUT, 400)],
    ),
    ("/ws", &[(Method::GET, 426)]),
    ("/ws/one", &[(Method::GET, 426)]),
    ("/nowhere", &[]),
    // Its credential is a code, which the token is not.
    ("/api/sign-in", &[(Method::POST, 401)]),
];

/// Headers that are not the right ones: others, or none of that name.
type Changed<'a> = &'a [(&'a str, Option<&'a str>)];

/// A request without its token.
pub(crate) const NO_TOKEN: (&str, Option<&str>) = ("authorization", None);

pub(crate) struct Asker<'a> {
    home: &'a Home,
    host: String,
    bearer: String,
}

impl<'a> Asker<'a> {
    pub(crate) fn new(home: &'a Home) -> Self {
        Self {
            home,
            host: format!("localhost:{}", home.port),
            bearer: format!("Bearer {}", home.token),
        }
    }

    /// Asks with the right headers but for those that are given.
    pub(crate) async fn ask(&self, method: &Method, target: &str, changed: Changed<'_>) -> Answer {
        let mut headers = vec![
            ("host", self.host.as_str()),
            ("authorization", &self.bearer),
            ("content-type", "application/json"),
        ];
        headers.retain(|(name, _)| !changed.iter().any(|(own, _)| own == name));
        headers.extend(changed.iter().filter_map(|(name, value)| Some((*name, (*value)?))));
        let answer = self.home.send(method.clone(), target, &headers).await;
        check_headers(&answer, method, target);
        answer
    }

    pub(crate) async fn status(&self, method: &Method, target: &str, changed: Changed<'_>) -> u16 {
        self.ask(method, target, changed).await.status.as_u16()
    }
}

/// Both halves of a browser's credentials.
pub(crate) struct Browser {
    pub(crate) cookie: String,
    pub(crate) page_key: String,
}

impl Asker<'_> {
    /// Does what a browser and its page do with an address: follows it, keeps the cookie, exchanges the code.
    pub(crate) async fn sign_in(&self, target: &str) -> Browser {
        let redirect = self.ask(&Method::GET, target, &[("authorization", None)]).await;
        assert_eq!(redirect.status.as_u16(), 303);
        let cookie = redirect.headers["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let location = redirect.headers["location"].to_str().unwrap();
        let code = location.strip_prefix("/?code=").unwrap();
        let answer = self.exchange(code, Some(&cookie)).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        let page_key = answer.json()["page_key"].as_str().unwrap().to_owned();
        Browser { cookie, page_key }
    }

    pub(crate) async fn exchange(&self, code: &str, cookie: Option<&str>) -> Answer {
        let code = format!("Ticket {code}");
        let headers = [("authorization", Some(code.as_str())), ("cookie", cookie)];
        self.ask(&Method::POST, "/api/sign-in", &headers).await
    }
}

/// Every answer, whatever it says, bears the headers; an error is JSON.
fn check_headers(answer: &Answer, method: &Method, target: &str) {
    let header = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap());
    assert_eq!(
        header("content-security-policy"),
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        "{method} {target}"
    );
    assert_eq!(header("x-content-type-options"), "nosniff", "{method} {target}");
    assert_eq!(header("referrer-policy"), "no-referrer", "{method} {target}");
    assert_eq!(header("x-frame-options"), "DENY", "{method} {target}");
    if answer.status.as_u16() >= 400 {
        assert_eq!(header("content-type"), "application/json", "{method} {target}");
        let is_error = |body: &Value| body["error"].is_string();
        assert!(
            *method == Method::HEAD || is_error(&answer.json()),
            "{method} {target}: {answer:?}"
        );
    }
}

fn is_open(target: &str, method: &Method) -> bool {
    let open = target == "/" || target == "/health" || target.starts_with("/assets/");
    open && (method == Method::GET || method == Method::HEAD)
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

/// Status for an authenticated caller.
fn expected(target: &str, answers: &[(Method, u16)], method: &Method) -> u16 {
    let named = answers.iter().find(|(own, _)| own == method).map(|(_, status)| *status);
    named.unwrap_or(if target == "/nowhere" { 404 } else { 405 })
}

/// Status for one that sends another type of body. Of what is no page, a method that is not taken is named before it.
fn expected_of_plain(target: &str, method: &Method, allowed: u16) -> u16 {
    let is_page = target == "/" || target.starts_with("/assets/");
    match changes(method) {
        true if is_page || allowed != 405 => 415,
        _ => allowed,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_closed_but_for_those_that_were_opened() {
    let home = Home::new().await;
    let _host = Host::configured(&home.sessions, "one", json!({"key": "one"}));
    home.until("one", "live").await;
    let asker = Asker::new(&home);
    let own_origin = format!("http://{}", asker.host);
    let other_port = "http://localhost:1";
    let browser = asker.sign_in(&format!("/?token={}", home.token)).await;
    let page_key = browser.page_key.as_str();
    let own_cookie = format!("a=b; {}", browser.cookie);
    let wrong_cookie = format!("mirrord_ui_{}={}", home.port, "0".repeat(64));
    let token_cookie = format!("mirrord_ui_{}={}", home.port, home.token);
    let cookie = |own| ("cookie", Some(own));
    let key = |own| ("mirrord-page-key", Some(own));
    let (wrong_key, key_as_bearer) = ("0".repeat(64), format!("Bearer {page_key}"));
    let cookie_as_bearer = format!("Bearer {}", browser.cookie.split_once('=').unwrap().1);
    for (target, answers) in ROUTES {
        for method in &METHODS {
            let allowed = expected(target, answers, method);
            let closed = if is_open(target, method) { allowed } else { 401 };
            let foreign_page = if changes(method) || target.starts_with("/ws") {
                403
            } else {
                allowed
            };
            let plain = expected_of_plain(target, method, allowed);
            let cases: [(&str, u16, Changed<'_>); 21] = [
                ("a right token", allowed, &[]),
                (
                    "a right cookie and the page's key",
                    allowed,
                    &[NO_TOKEN, cookie(own_cookie.as_str()), key(page_key)],
                ),
                ("a right cookie alone", closed, &[NO_TOKEN, cookie(own_cookie.as_str())]),
                (
                    "a right cookie and a wrong key",
                    closed,
                    &[NO_TOKEN, cookie(own_cookie.as_str()), key(wrong_key.as_str())],
                ),
                ("the page's key alone", closed, &[NO_TOKEN, key(page_key)]),
                (
                    "a wrong cookie and the page's key",
                    closed,
                    &[NO_TOKEN, cookie(wrong_cookie.as_str()), key(page_key)],
                ),
                (
                    "the token as a cookie, with the page's key",
                    closed,
                    &[NO_TOKEN, cookie(token_cookie.as_str()), key(page_key)],
                ),
                (
                    "the page's key as a token",
                    closed,
                    &[("authorization", Some(&key_as_bearer))],
                ),
                (
                    "the cookie as a token",
                    closed,
                    &[("authorization", Some(&cookie_as_bearer))],
                ),
                ("no token", closed, &[NO_TOKEN]),
                ("a wrong token", closed, &[("authorization", Some("Bearer 0000"))]),
                (
                    "another scheme",
                    closed,
                    &[("authorization", Some("Basic bWlycm9yZDp4"))],
                ),
                ("our own page", allowed, &[("origin", Some(&own_origin))]),
                (
                    "a foreign page",
                    foreign_page,
                    &[("origin", Some("http://evil.example"))],
                ),
                ("a page of nobody", foreign_page, &[("origin", Some("null"))]),
                ("a page of another port", foreign_page, &[("origin", Some(other_port))]),
                ("a foreign host", 403, &[("host", Some("evil.example"))]),
                ("another port's host", 403, &[("host", Some("localhost:1"))]),
                ("no host", 400, &[("host", None)]),
                ("a plain text", plain, &[("content-type", Some("text/plain"))]),
                ("no type", plain, &[("content-type", None)]),
            ];
            for (what, status, changed) in cases {
                let told = asker.status(method, target, changed).await;
                assert_eq!(told, status, "{method} {target} with {what}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_a_route_lacks_is_told_which_it_has() {
    let home = Home::new().await;
    let asker = Asker::new(&home);
    for (target, allowed) in [
        ("/api/sessions/x", "GET, HEAD, DELETE"),
        ("/api/sessions/x/kill", "POST"),
        ("/health", "GET, HEAD"),
    ] {
        let answer = asker.ask(&Method::PUT, target, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.headers["allow"].to_str().unwrap()),
            (405, allowed)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_were_allowed_and_our_other_spellings_are_served() {
    let home = Home::new().await;
    let asker = Asker::new(&home);
    let own = [
        format!("127.0.0.1:{}", home.port),
        format!("[::1]:{}", home.port),
        "devbox.example:8443".to_owned(),
    ];
    for host in &own {
        assert_eq!(
            asker
                .status(&Method::GET, "/api/sessions", &[("host", Some(host))])
                .await,
            200,
            "{host}"
        );
        let same = format!("http://{host}");
        let page = [("host", Some(host.as_str())), ("origin", Some(same.as_str()))];
        assert_eq!(asker.status(&Method::GET, "/ws", &page).await, 426, "{host}");
        // The page of one spelling is not that of another.
        let page = [("host", Some(host.as_str())), ("origin", Some("http://localhost"))];
        assert_eq!(asker.status(&Method::GET, "/ws", &page).await, 403, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_a_get_without_its_body() {
    let home = Home::new().await;
    let asker = Asker::new(&home);
    for target in ["/", "/health", "/api/version", "/api/sessions"] {
        let get = asker.ask(&Method::GET, target, &[]).await;
        let head = asker.ask(&Method::HEAD, target, &[]).await;
        assert!(!get.body.is_empty() && head.body.is_empty());
        for name in ["content-type", "content-length", "cache-control"] {
            assert_eq!(get.headers.get(name), head.headers.get(name), "{target} {name}");
        }
    }
    let version = asker.ask(&Method::GET, "/api/version", &[]).await.json();
    assert_eq!(
        (&version["version"], &version["edition"]),
        (&"1.2.3".into(), &"unknown".into())
    );
    let host = Host::start(&home.sessions, "one");
    home.until("one", "live").await;
    for target in [
        "/",
        "/api/version",
        "/api/sessions",
        "/api/sessions/one",
        "/api/sessions/one/events",
    ] {
        let first = asker.ask(&Method::GET, target, &[]).await;
        let tag = first.headers["etag"].to_str().unwrap();
        for method in [Method::GET, Method::HEAD] {
            let again = asker.ask(&method, target, &[("if-none-match", Some(tag))]).await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{method} {target}");
            assert_eq!(again.headers["etag"], tag, "{method} {target}");
        }
        let other = asker
            .ask(&Method::GET, target, &[("if-none-match", Some("\"0\""))])
            .await;
        assert_eq!((other.status.as_u16(), other.body), (200, first.body), "{target}");
    }
    let before = asker.ask(&Method::GET, "/api/sessions/one", &[]).await;
    host.emit();
    home.until_seq("one", 1).await;
    let tag = before.headers["etag"].to_str().unwrap();
    let after = asker
        .ask(&Method::GET, "/api/sessions/one", &[("if-none-match", Some(tag))])
        .await;
    assert_eq!(after.status.as_u16(), 200, "it has changed");
    // A refusal has no tag, and what cannot be read is not `not modified`.
    let missing = asker
        .ask(&Method::GET, "/api/sessions/none", &[("if-none-match", Some("*"))])
        .await;
    assert_eq!((missing.status.as_u16(), missing.headers.get("etag")), (404, None));
}

/// The table above, against the routes' own.
#[test]
fn every_route_is_in_the_table() {
    let routes = include_str!("../../src/routes.rs");
    let named = routes.lines().filter_map(|line| line.strip_prefix("//! | `/"));
    let mut found = 0;
    for line in named {
        let (paths, _) = line.split_once(" |").unwrap();
        for path in paths
            .split(", ")
            .map(|path| path.trim_matches('`').trim_start_matches('/'))
        {
            let path = format!("/{}", path.replace(":id", "one").replace(":key", "one"));
            let stem = path.trim_end_matches('*');
            let is_there = |(own, _): &(&str, &[(Method, u16)])| *own == path || stem != path && own.starts_with(stem);
            assert!(ROUTES.iter().any(is_there), "{path} is asked for by nobody");
            found += 1;
        }
    }
    assert!(found > 10, "the routes' own table was not found");
}
