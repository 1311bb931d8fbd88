//! Checks of `Host` and `Origin`, for the desktop and the mirror alike.
//!
//! The `Host` check refuses a foreign page whose name resolves to this machine (DNS rebinding); the `Origin` check refuses a
//! page of another port, for which a browser sends the cookie along. Nothing is derived from a header that is missing.

use http::{HeaderMap, StatusCode, Uri, header};

use super::{Refusal, refused};

/// Returns the request's only `Host` where it is served; an absolute target must be served as well.
///
/// # Errors
/// 400 for no `Host` or more than one, 403 with `reason` for one that is not served.
pub(crate) fn check_host<'a>(
    uri: &Uri,
    headers: &'a HeaderMap,
    is_served: impl Fn(&str) -> bool,
    reason: &'static str,
) -> Result<&'a str, Refusal> {
    let mut values = headers.get_all(header::HOST).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return refused(StatusCode::BAD_REQUEST, "a request has one Host header");
    };
    let target = uri.authority().map(|authority| authority.as_str());
    match value.to_str() {
        Ok(host) if is_served(host) && target.is_none_or(&is_served) => Ok(host),
        _ => refused(StatusCode::FORBIDDEN, reason),
    }
}

/// Checks the request's only `Origin`, where it has one.
///
/// # Errors
/// 403 with `reason` for one that is not ours, and for two.
pub(crate) fn check_origin(
    headers: &HeaderMap,
    is_own: impl FnOnce(&str) -> bool,
    reason: &'static str,
) -> Result<(), Refusal> {
    let mut values = headers.get_all(header::ORIGIN).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(()),
        (Some(origin), None) if origin.to_str().is_ok_and(is_own) => Ok(()),
        _ => refused(StatusCode::FORBIDDEN, reason),
    }
}

/// Splits an authority into its name and its port. Text after the last colon that is no port belongs to the name, which
/// then is not served.
pub(crate) fn split_port(authority: &str) -> (&str, Option<u16>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            port.parse().map_or((authority, None), |port| (name, Some(port)))
        }
        _ => (authority, None),
    }
}

/// Names that the desktop listener serves.
#[derive(Debug)]
pub(crate) struct AllowedHosts {
    port: u16,
    /// Names of `--allow-host`: each with any port, or with one.
    allowed: Vec<String>,
}

const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

impl AllowedHosts {
    pub(crate) fn new(port: u16, allowed: &[String]) -> Self {
        Self {
            port,
            allowed: allowed.iter().map(|name| name.to_ascii_lowercase()).collect(),
        }
    }

    /// Returns the request's `Host` where it is served.
    pub(crate) fn check_host<'a>(&self, uri: &Uri, headers: &'a HeaderMap) -> Result<&'a str, Refusal> {
        let is_served = |authority: &str| self.is_own(authority) || self.is_allowed(authority);
        check_host(
            uri,
            headers,
            is_served,
            "this Host is not served; `--allow-host` admits another",
        )
        .inspect_err(|refusal| {
            if refusal.status == StatusCode::FORBIDDEN {
                tracing::warn!(
                    "refused a request for another Host; where a proxy rewrites it, add --allow-host NAME[:PORT]"
                );
            }
        })
    }

    /// Checks that an `Origin` is that of the page under the same `Host`, or of one under a name of `--allow-host`: a proxy
    /// may rewrite `Host`.
    pub(super) fn check_origin(&self, host: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        let reason = "this Origin is not ours; where a proxy rewrites Host, `--allow-host` admits its name";
        check_origin(headers, |origin| self.is_own_origin(origin, host), reason).inspect_err(|_| {
            // Without the origin: what a peer sends is in no log.
            tracing::warn!(
                "refused a page of another origin; where a proxy rewrites Host, add --allow-host NAME[:PORT]"
            );
        })
    }

    fn is_own(&self, authority: &str) -> bool {
        let lower = authority.to_ascii_lowercase();
        let (name, port) = split_port(&lower);
        OWN_NAMES.contains(&name) && port.unwrap_or(80) == self.port
    }

    fn is_allowed(&self, authority: &str) -> bool {
        let lower = authority.to_ascii_lowercase();
        let (name, _) = split_port(&lower);
        self.allowed.iter().any(|allowed| *allowed == lower || *allowed == name)
    }

    fn is_own_origin(&self, origin: &str, host: &str) -> bool {
        let Some((scheme @ ("http" | "https"), authority)) = origin.split_once("://") else {
            return false;
        };
        // A forwarded port may add TLS; our own listener has none.
        let is_same = authority.eq_ignore_ascii_case(host) && (scheme == "http" || !self.is_own(host));
        // Whole, with its port: other ports of an allowed name may belong to others.
        is_same
            || self
                .allowed
                .iter()
                .any(|allowed| allowed.eq_ignore_ascii_case(authority))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(port: u16, host: &str, origin: Option<&str>) -> Result<(), StatusCode> {
        let hosts = AllowedHosts::new(port, &["devbox.example".to_owned(), "localhost:8080".to_owned()]);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        let host = hosts
            .check_host(&Uri::from_static("/"), &headers)
            .map_err(|refusal| refusal.status)?;
        hosts.check_origin(host, &headers).map_err(|refusal| refusal.status)
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
        let hosts = AllowedHosts::new(9, &[]);
        let mut headers = HeaderMap::new();
        let status = |uri: &'static str, headers: &HeaderMap| {
            hosts
                .check_host(&Uri::from_static(uri), headers)
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
