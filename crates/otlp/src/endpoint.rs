//! Endpoint and protocol, read from a URL and the variables of the OpenTelemetry specification.
//!
//! A URL is a public thing: it is shown, logged, and an argument that other users can read. One with a password or a query is
//! refused, with the way out.

use std::fmt;

use http::Uri;
use http::uri::Authority;

use crate::error::SettingsError;

/// Port of OTLP over gRPC.
const GRPC_PORT: u16 = 4317;
/// Port of OTLP over HTTP.
const HTTP_PORT: u16 = 4318;

/// Protocol that an endpoint is spoken to in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Protobuf messages over HTTP/1.1.
    Http,
    /// gRPC.
    Grpc,
}

impl Protocol {
    /// Reads a protocol by its name in OTEL_EXPORTER_OTLP_PROTOCOL.
    ///
    /// # Errors
    /// It is neither `grpc` nor `http/protobuf`.
    pub fn parse(name: &str) -> Result<Self, SettingsError> {
        match name {
            "grpc" => Ok(Self::Grpc),
            "http/protobuf" => Ok(Self::Http),
            _ => Err(SettingsError::Protocol),
        }
    }

    /// Returns its name in OTEL_EXPORTER_OTLP_PROTOCOL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http/protobuf",
            Self::Grpc => "grpc",
        }
    }
}

/// Address of a receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub(crate) tls: bool,
    pub(crate) authority: Authority,
    /// Path before `/v1/logs`, without a slash at its end.
    pub(crate) path: String,
    pub(crate) protocol: Protocol,
}

impl Endpoint {
    /// Reads a URL: `http`, `https`, `grpc` (plain text) or `grpcs`. Where no protocol is given, the scheme `grpc` and the port
    /// 4317 mean gRPC, and everything else HTTP.
    ///
    /// # Errors
    /// It is no such URL, has a port that is none, a user, a query or a fragment, or a path where gRPC has none.
    pub fn parse(url: &str, protocol: Option<Protocol>) -> Result<Self, SettingsError> {
        let wrong = SettingsError::Endpoint;
        if url.contains(['?', '#']) {
            return Err(wrong("has a query or a fragment, which OTLP has no place for"));
        }
        let is_no_url = || wrong("is no URL such as http://localhost:4318 or grpc://localhost:4317");
        let uri: Uri = url.parse().map_err(|_| is_no_url())?;
        let authority = uri.authority().cloned().ok_or_else(is_no_url)?;
        if authority.as_str().contains('@') {
            return Err(wrong(
                "has a user or a password, which others can read among our arguments; put an authorization into \
                 OTEL_EXPORTER_OTLP_HEADERS",
            ));
        }
        if !has_port_or_none(&authority) {
            return Err(wrong(
                "is no URL: its port is no number from 1 to 65535, as in http://localhost:4318 or grpc://localhost:4317",
            ));
        }
        let (tls, by_scheme) = match uri.scheme_str() {
            Some("http") => (false, None),
            Some("https") => (true, None),
            Some("grpc") => (false, Some(Protocol::Grpc)),
            Some("grpcs") => (true, Some(Protocol::Grpc)),
            _ => return Err(is_no_url()),
        };
        if by_scheme.is_some() && protocol == Some(Protocol::Http) {
            return Err(wrong("begins with grpc, and the protocol asked for is http/protobuf"));
        }
        let by_port = match authority.port_u16() {
            Some(GRPC_PORT) => Protocol::Grpc,
            _ => Protocol::Http,
        };
        let protocol = by_scheme.or(protocol).unwrap_or(by_port);
        let path = uri.path().trim_end_matches('/').to_owned();
        if protocol == Protocol::Grpc && !path.is_empty() {
            return Err(wrong("has a path, and gRPC has none"));
        }
        if path.ends_with("/v1/logs") || path.ends_with("/v1/metrics") || path.ends_with("/v1/traces") {
            return Err(wrong("ends with the path of one signal; leave /v1/… out, it is added"));
        }
        Ok(Self {
            tls,
            authority,
            path,
            protocol,
        })
    }

    /// Returns the protocol.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Returns whether what is sent can be read on the way: no TLS, and another machine.
    #[must_use]
    pub fn is_readable_on_the_way(&self) -> bool {
        let host = self.host();
        let address = host.parse::<std::net::IpAddr>();
        !self.tls && host != "localhost" && !address.is_ok_and(|address| address.is_loopback())
    }

    /// Host to connect to, without the brackets of an IPv6 address.
    pub(crate) fn host(&self) -> &str {
        self.authority.host().trim_start_matches('[').trim_end_matches(']')
    }

    /// Port to connect to: the scheme's where there is none, and OTLP's own for the schemes that have none.
    pub(crate) fn port(&self) -> u16 {
        let by_default = match (self.protocol, self.tls) {
            (_, true) => 443,
            (Protocol::Grpc, false) => GRPC_PORT,
            (Protocol::Http, false) => HTTP_PORT,
        };
        self.authority.port_u16().unwrap_or(by_default)
    }
}

/// Returns whether what comes after the host is nothing, or a port that can be connected to. `http` takes any text there, and says
/// of one that is no number that there is no port.
fn has_port_or_none(authority: &Authority) -> bool {
    let after_host = authority.as_str().strip_prefix(authority.host());
    after_host.is_some_and(|text| text.is_empty() || authority.port_u16().is_some_and(|port| port != 0))
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "https" } else { "http" };
        write!(formatter, "{scheme}://{}{}", self.authority, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Endpoint {
        Endpoint::parse(url, None).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    #[test]
    fn scheme_and_port_say_the_protocol_where_nothing_else_does() {
        for (url, protocol, tls, port) in [
            ("http://localhost:4318", Protocol::Http, false, 4318),
            ("http://localhost", Protocol::Http, false, 4318),
            ("http://collector:4317", Protocol::Grpc, false, 4317),
            ("https://collector/otlp/", Protocol::Http, true, 443),
            ("grpc://[::1]:9", Protocol::Grpc, false, 9),
            ("grpcs://collector", Protocol::Grpc, true, 443),
        ] {
            let endpoint = parse(url);
            let found = (endpoint.protocol, endpoint.tls, endpoint.port());
            assert_eq!(found, (protocol, tls, port), "{url}");
        }
        assert_eq!(parse("grpc://[::1]:9").host(), "::1");
        assert_eq!(parse("https://collector/otlp/").path, "/otlp");
        let asked = Endpoint::parse("http://c:4317", Some(Protocol::Http)).unwrap();
        assert_eq!(asked.protocol, Protocol::Http);
    }

    #[test]
    fn what_is_no_endpoint_is_refused_without_being_repeated() {
        for wrong in [
            "",
            "collector:4317",
            "ftp://collector",
            "http://",
            "http://me:s3cret@collector",
            "http://collector?key=s3cret",
            "grpc://collector/path",
            "http://collector/v1/logs",
        ] {
            let error = Endpoint::parse(wrong, None).unwrap_err().to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
        assert!(Endpoint::parse("grpc://collector", Some(Protocol::Http)).is_err());
    }

    #[test]
    fn a_port_that_is_none_is_not_taken_for_one_that_is_left_out() {
        for port in ["99999", "65536", "0", "abc", "", "-1", "4318x"] {
            for url in [
                format!("http://127.0.0.1:{port}"),
                format!("grpc://[::1]:{port}"),
                format!("https://c:{port}/a"),
            ] {
                let error = Endpoint::parse(&url, None).unwrap_err().to_string();
                assert!(error.contains("is no URL"), "{url}: {error}");
            }
        }
        assert_eq!(parse("http://[::1]:65535").port(), 65_535);
        assert_eq!(parse("http://[::1]").port(), HTTP_PORT);
    }

    #[test]
    fn only_plain_text_to_another_machine_is_readable_on_the_way() {
        for (url, readable) in [
            ("http://localhost:4318", false),
            ("http://127.0.0.1:4318", false),
            ("grpc://[::1]:4317", false),
            ("https://collector", false),
            ("http://collector", true),
        ] {
            assert_eq!(parse(url).is_readable_on_the_way(), readable, "{url}");
        }
    }
}
