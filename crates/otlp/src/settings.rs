//! Settings of an exporter, from arguments and the variables of the OpenTelemetry specification.
//!
//! Headers are secrets: they come from a variable alone, never from an argument, and `Debug` prints their number.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use crate::endpoint::{Endpoint, Protocol};
use crate::error::SettingsError;
use crate::limits;

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
const TIMEOUT: &str = "OTEL_EXPORTER_OTLP_TIMEOUT";
const CERTIFICATE: &str = "OTEL_EXPORTER_OTLP_CERTIFICATE";
const SERVICE_NAME: &str = "OTEL_SERVICE_NAME";
const RESOURCE_ATTRIBUTES: &str = "OTEL_RESOURCE_ATTRIBUTES";

/// Endpoint where neither an argument nor a variable names one.
const DEFAULT_ENDPOINT: &str = "http://localhost:4318";
/// Attributes that [`RESOURCE_ATTRIBUTES`] may add; more are an error.
const MAX_RESOURCE_ATTRIBUTES: usize = 64;

/// Headers of every request.
#[derive(Clone, Default)]
pub(crate) struct Headers(pub(crate) Vec<(HeaderName, HeaderValue)>);

impl fmt::Debug for Headers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} headers", self.0.len())
    }
}

/// Times of an exporter.
#[derive(Debug, Clone)]
pub struct Timing {
    /// See [`limits::BATCH_INTERVAL`].
    pub batch_interval: Duration,
    /// See [`limits::REQUEST_TIMEOUT`].
    pub request_timeout: Duration,
    /// See [`limits::FIRST_RETRY_DELAY`].
    pub first_retry_delay: Duration,
    /// See [`limits::MAX_RETRY_TIME`].
    pub max_retry_time: Duration,
    /// See [`limits::SHUTDOWN_TIMEOUT`].
    pub shutdown_timeout: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            batch_interval: limits::BATCH_INTERVAL,
            request_timeout: limits::REQUEST_TIMEOUT,
            first_retry_delay: limits::FIRST_RETRY_DELAY,
            max_retry_time: limits::MAX_RETRY_TIME,
            shutdown_timeout: limits::SHUTDOWN_TIMEOUT,
        }
    }
}

/// Settings of an exporter.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The receiver.
    pub endpoint: Endpoint,
    /// Redaction of what is sent, as for a device of the mirror, by the caller; for [`Exporter::info`](crate::Exporter::info).
    pub redacted: bool,
    /// Values of environment variables are sent, where a line has them.
    pub env_values: bool,
    /// Version of the program, in the scope of records and metrics.
    pub version: String,
    /// Name of this machine, where it is to be sent.
    pub host_name: Option<String>,
    /// Times.
    pub timing: Timing,
    pub(crate) headers: Headers,
    pub(crate) certificates: Option<PathBuf>,
    pub(crate) service_name: Option<String>,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Settings {
    /// Reads settings: arguments first, then variables, by the OpenTelemetry specification; an empty variable counts as none.
    ///
    /// # Errors
    /// The endpoint, the protocol or a variable cannot be used.
    pub fn read(
        endpoint: Option<&str>,
        protocol: Option<Protocol>,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Self, SettingsError> {
        let variable = |name| variable(name).filter(|value: &String| !value.trim().is_empty());
        let protocol = match (protocol, variable(PROTOCOL)) {
            (None, Some(name)) => Some(Protocol::parse(&name).map_err(|error| wrong(PROTOCOL, error))?),
            (given, _) => given,
        };
        let endpoint = match (endpoint, variable(ENDPOINT)) {
            (Some(url), _) => Endpoint::parse(url, protocol)?,
            (None, Some(url)) => Endpoint::parse(&url, protocol).map_err(|error| wrong(ENDPOINT, error))?,
            (None, None) => Endpoint::parse(DEFAULT_ENDPOINT, protocol)?,
        };
        let mut timing = Timing::default();
        if let Some(text) = variable(TIMEOUT) {
            let millis = text.trim().parse().ok().filter(|millis| *millis > 0);
            let millis = millis.ok_or_else(|| wrong(TIMEOUT, "it is a number of milliseconds"))?;
            timing.request_timeout = Duration::from_millis(millis);
        }
        Ok(Self {
            endpoint,
            redacted: true,
            env_values: false,
            version: String::new(),
            host_name: None,
            timing,
            headers: headers(variable(HEADERS).as_deref().unwrap_or_default())?,
            certificates: variable(CERTIFICATE).map(PathBuf::from),
            service_name: variable(SERVICE_NAME),
            attributes: attributes(variable(RESOURCE_ATTRIBUTES).as_deref().unwrap_or_default())?,
        })
    }

    /// Returns whether headers, which are secrets, are sent so that others on the way can read them.
    #[must_use]
    pub fn exposes_headers(&self) -> bool {
        !self.headers.0.is_empty() && self.endpoint.is_readable_on_the_way()
    }
}

fn wrong(name: &'static str, reason: impl ToString) -> SettingsError {
    let reason = reason.to_string();
    SettingsError::Variable { name, reason }
}

/// Reads `name=value,name=value` (W3C Baggage without properties); values are percent-decoded.
fn pairs(variable: &'static str, text: &str) -> Result<Vec<(String, String)>, SettingsError> {
    let pair = |(place, pair): (usize, &str)| {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| wrong(variable, format!("entry {} is no `name=value`", place + 1)))?;
        let value = percent_decode_str(value.trim()).decode_utf8();
        let value = value.map_err(|_| wrong(variable, format!("the value of entry {} is no text", place + 1)))?;
        Ok((name.trim().to_owned(), value.into_owned()))
    };
    let entries = text.split(',').map(str::trim).enumerate();
    entries.filter(|(_, entry)| !entry.is_empty()).map(pair).collect()
}

fn headers(text: &str) -> Result<Headers, SettingsError> {
    let header = |(place, (name, value)): (usize, (String, String))| {
        let is_none = || wrong(HEADERS, format!("entry {} is no header", place + 1));
        let name: HeaderName = name.parse().map_err(|_| is_none())?;
        let mut value = HeaderValue::from_str(&value).map_err(|_| is_none())?;
        value.set_sensitive(true);
        Ok((name, value))
    };
    let pairs = pairs(HEADERS, text)?;
    Ok(Headers(
        pairs.into_iter().enumerate().map(header).collect::<Result<_, _>>()?,
    ))
}

fn attributes(text: &str) -> Result<Vec<(String, String)>, SettingsError> {
    let pairs = pairs(RESOURCE_ATTRIBUTES, text)?;
    if pairs.len() > MAX_RESOURCE_ATTRIBUTES {
        let reason = format!("it has more than {MAX_RESOURCE_ATTRIBUTES} attributes");
        return Err(wrong(RESOURCE_ATTRIBUTES, reason));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&'static str, &str)]) -> Result<Settings, SettingsError> {
        let variable = |name| {
            let found = variables.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Settings::read(None, None, variable)
    }

    #[test]
    fn variables_of_the_specification_count_where_no_argument_does() {
        let settings = read(&[
            (ENDPOINT, "http://collector:4317"),
            (PROTOCOL, "http/protobuf"),
            (TIMEOUT, "250"),
            (HEADERS, "authorization=Bearer%20s3cret, x-scope = team-a"),
            (RESOURCE_ATTRIBUTES, "team=shop,deployment.environment.name=dev"),
        ])
        .unwrap();
        assert_eq!(settings.endpoint.to_string(), "http://collector:4317");
        assert_eq!(settings.endpoint.protocol(), Protocol::Http);
        assert_eq!(settings.timing.request_timeout, Duration::from_millis(250));
        assert_eq!(settings.headers.0[0].1, "Bearer s3cret");
        assert_eq!(settings.attributes[0], ("team".to_owned(), "shop".to_owned()));
        assert!(settings.exposes_headers(), "plain text to another machine");
        assert!(!read(&[(HEADERS, "a=b")]).unwrap().exposes_headers(), "this machine");
        let given = Settings::read(Some("grpc://other:1"), None, |name| {
            (name == ENDPOINT).then(|| "http://collector".to_owned())
        });
        assert_eq!(given.unwrap().endpoint.to_string(), "http://other:1");
    }

    #[test]
    fn no_header_is_printed_by_an_error_or_by_debug() {
        for text in ["s3cret", "a=b,s3cret", "a b=s3cret", "x=s3cret%0a", "x=%ff"] {
            let error = read(&[(HEADERS, text)]).unwrap_err().to_string();
            assert!(error.starts_with(HEADERS) && !error.contains("s3cret"), "{error}");
        }
        let settings = read(&[(HEADERS, "authorization=s3cret")]).unwrap();
        assert!(!format!("{settings:?}").contains("s3cret"));
    }

    #[test]
    fn an_empty_variable_is_none() {
        let names = [
            ENDPOINT,
            PROTOCOL,
            HEADERS,
            TIMEOUT,
            CERTIFICATE,
            SERVICE_NAME,
            RESOURCE_ATTRIBUTES,
        ];
        let settings = read(&names.map(|name| (name, " "))).unwrap();
        assert_eq!(settings.endpoint.to_string(), DEFAULT_ENDPOINT);
        assert!(settings.service_name.is_none() && settings.certificates.is_none());
        for wrong in [
            [(TIMEOUT, "soon")],
            [(TIMEOUT, "0")],
            [(PROTOCOL, "http/json")],
            [(ENDPOINT, "x")],
        ] {
            assert!(read(&wrong).is_err(), "{wrong:?}");
        }
    }
}
