//! Which names the server answers to, and which pages may act through it.
//!
//! The `Host` check keeps out a foreign page whose name was made to point at this machine; the `Origin` check keeps out
//! a page of another port, for which a browser sends the cookie along. Without either header nothing is guessed.

use http::{HeaderMap, StatusCode, Uri, header};

use super::{Refusal, refused};

/// The names that are ours.
#[derive(Debug)]
pub(crate) struct Hosts {
    port: u16,
    /// `--allow-host`: a name with any port, or a name with one.
    allowed: Vec<String>,
}

/// The `Host` that a request was sent to, checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Host<'a> {
    authority: &'a str,
    /// It is one that was allowed by hand: what forwards it may add TLS.
    forwarded: bool,
    /// The names that were allowed by hand: a page under one of them is ours, also where a proxy rewrites `Host`.
    allowed: &'a [String],
}

const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

impl Hosts {
    pub(crate) fn new(port: u16, allowed: &[String]) -> Self {
        Self {
            port,
            allowed: allowed.iter().map(|name| name.to_ascii_lowercase()).collect(),
        }
    }

    /// The request's one `Host`, if it is ours; an absolute target must name ours as well.
    pub(crate) fn check<'a>(&'a self, uri: &Uri, headers: &'a HeaderMap) -> Result<Host<'a>, Refusal> {
        let mut values = headers.get_all(header::HOST).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            let reason = "a request has one Host header";
            return Err(Refusal {
                status: StatusCode::BAD_REQUEST,
                reason,
            });
        };
        let foreign = Refusal {
            status: StatusCode::FORBIDDEN,
            reason: "this Host is not served; `--allow-host` admits another",
        };
        let Some(host) = value.to_str().ok().and_then(|value| self.find(value)) else {
            tracing::warn!(
                "refused a request for another Host; where a proxy rewrites it, add --allow-host NAME[:PORT]"
            );
            return Err(foreign);
        };
        if let Some(authority) = uri.authority() {
            self.find(authority.as_str()).ok_or(foreign)?;
        }
        Ok(host)
    }

    fn find<'a>(&'a self, authority: &'a str) -> Option<Host<'a>> {
        let lower = authority.to_ascii_lowercase();
        let (name, port) = split_port(&lower);
        let own = OWN_NAMES.contains(&name) && (port.unwrap_or(80) == self.port);
        (own || is_allowed(&self.allowed, authority)).then_some(Host {
            authority,
            forwarded: !own,
            allowed: &self.allowed,
        })
    }
}

/// Whether an authority, or its name with any port, is among those allowed by hand.
fn is_allowed(allowed: &[String], authority: &str) -> bool {
    let lower = authority.to_ascii_lowercase();
    let (name, _) = split_port(&lower);
    allowed.iter().any(|allowed| *allowed == lower || *allowed == name)
}

/// A name and a port; what follows the last colon and is no port belongs to the name, which then is nobody's.
fn split_port(authority: &str) -> (&str, Option<u16>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            port.parse().map_or((authority, None), |port| (name, Some(port)))
        }
        _ => (authority, None),
    }
}

/// Refuses an `Origin` that is not that of the page served under the same `Host`, nor of one under a name allowed by hand.
pub(super) fn check(host: Host<'_>, headers: &HeaderMap) -> Result<(), Refusal> {
    let mut values = headers.get_all(header::ORIGIN).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(()),
        (Some(origin), None) if origin.to_str().is_ok_and(|origin| is_own(origin, host)) => Ok(()),
        _ => {
            // Not which: what a peer sends is in no log.
            tracing::warn!(
                "refused a page of another origin; where a proxy rewrites Host, add --allow-host NAME[:PORT]"
            );
            refused(
                StatusCode::FORBIDDEN,
                "this Origin is not ours; where a proxy rewrites Host, `--allow-host` admits its name",
            )
        }
    }
}

fn is_own(origin: &str, host: Host<'_>) -> bool {
    let Some((scheme @ ("http" | "https"), authority)) = origin.split_once("://") else {
        return false;
    };
    let is_same = authority.eq_ignore_ascii_case(host.authority) && (scheme == "http" || host.forwarded);
    // Whole, with its port: other ports of an allowed name may be anybody's.
    is_same
        || host
            .allowed
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(port: u16, host: &str, origin: Option<&str>) -> Result<(), StatusCode> {
        let hosts = Hosts::new(port, &["devbox.example".to_owned(), "localhost:8080".to_owned()]);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        let found = hosts
            .check(&Uri::from_static("/"), &headers)
            .map_err(|refusal| refusal.status)?;
        check(found, &headers).map_err(|refusal| refusal.status)
    }

    #[test]
    fn only_our_names_with_our_port_are_ours() {
        for host in [
            "localhost:9",
            "LocalHost:9",
            "127.0.0.1:9",
            "[::1]:9",
            "devbox.example",
            "devbox.example:1",
            "localhost:8080",
        ] {
            assert_eq!(verdict(9, host, None), Ok(()), "{host}");
        }
        for host in [
            "localhost",
            "localhost:",
            "localhost:8",
            "127.0.0.2:9",
            "::1:9",
            "evil.example:9",
            "localhost.evil.example:9",
            "localhost:9:9",
            "user@localhost:9",
            "localhost:00009x",
            "127.0.0.1:8080",
            "",
        ] {
            assert_eq!(verdict(9, host, None), Err(StatusCode::FORBIDDEN), "{host}");
        }
        assert_eq!(verdict(80, "localhost", None), Ok(()), "80 is the port of no port");
    }

    #[test]
    fn an_origin_is_that_of_the_host_that_was_asked() {
        assert_eq!(verdict(9, "localhost:9", Some("http://localhost:9")), Ok(()));
        assert_eq!(verdict(9, "127.0.0.1:9", Some("http://127.0.0.1:9")), Ok(()));
        assert_eq!(verdict(9, "devbox.example", Some("https://devbox.example")), Ok(()));
        // A proxy that rewrites Host to ours: the page is still under the name that was allowed.
        assert_eq!(verdict(9, "localhost:9", Some("http://localhost:8080")), Ok(()));
        assert_eq!(verdict(9, "127.0.0.1:9", Some("https://devbox.example")), Ok(()));
        for origin in [
            "http://devbox.example:3000",
            "null",
            "",
            "http://localhost",
            "http://localhost:8",
            "https://localhost:9",
            "http://127.0.0.1:9",
            "http://localhost:9.evil.example",
            "http://evil.example",
            "localhost:9",
            "http://localhost:9/",
        ] {
            assert_eq!(
                verdict(9, "localhost:9", Some(origin)),
                Err(StatusCode::FORBIDDEN),
                "{origin}"
            );
        }
    }

    #[test]
    fn two_hosts_none_and_a_foreign_target_are_refused() {
        let hosts = Hosts::new(9, &[]);
        let mut headers = HeaderMap::new();
        let status = |uri: &'static str, headers: &HeaderMap| {
            hosts
                .check(&Uri::from_static(uri), headers)
                .map(|_| ())
                .map_err(|refusal| refusal.status)
        };
        assert_eq!(status("/", &headers), Err(StatusCode::BAD_REQUEST));
        headers.append(header::HOST, "localhost:9".parse().unwrap());
        assert_eq!(status("http://localhost:9/", &headers), Ok(()));
        assert_eq!(status("http://evil.example/", &headers), Err(StatusCode::FORBIDDEN));
        headers.append(header::HOST, "localhost:9".parse().unwrap());
        assert_eq!(status("/", &headers), Err(StatusCode::BAD_REQUEST));
    }
}
