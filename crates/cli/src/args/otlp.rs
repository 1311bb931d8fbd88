//! Arguments by which `mirrord ui` and `mirrord record` send to an OpenTelemetry endpoint.

use std::ffi::OsStr;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgGroup, Args, Command};
use mirrord_otlp::{Endpoint, Protocol};

/// An OpenTelemetry endpoint, and what it is sent. Headers come from OTEL_EXPORTER_OTLP_HEADERS alone: others can read arguments.
#[derive(Debug, Clone, Default, Args)]
#[command(group = ArgGroup::new("otlp_endpoints").args(["otlp_endpoint", "otlp"]))]
pub(crate) struct Otlp {
    /// Send events and metrics to this OpenTelemetry endpoint: http://HOST:4318, or grpc://HOST:4317; https and grpcs with TLS.
    #[arg(long, value_name = "URL", value_parser = EndpointUrl)]
    pub(crate) otlp_endpoint: Option<String>,
    /// Send to the endpoint of OTEL_EXPORTER_OTLP_ENDPOINT; to http://localhost:4318 where it is not set.
    #[arg(long)]
    pub(crate) otlp: bool,
    /// `grpc` or `http/protobuf`, where neither the URL nor OTEL_EXPORTER_OTLP_PROTOCOL says it.
    #[arg(long, value_name = "PROTOCOL", requires = "otlp_endpoints", value_parser = protocol)]
    pub(crate) otlp_protocol: Option<Protocol>,
    /// Send paths, hosts and command lines as they are, and not what a device of the mirror would be shown.
    #[arg(long, requires = "otlp_endpoints")]
    pub(crate) otlp_unredacted: bool,
    /// Send values of environment variables as well.
    #[arg(long, requires = "otlp_unredacted")]
    pub(crate) otlp_env_values: bool,
}

impl Otlp {
    /// Returns whether anything is to be sent.
    pub(crate) fn is_on(&self) -> bool {
        self.otlp || self.otlp_endpoint.is_some()
    }
}

/// Reader of the URL of an endpoint. clap's own error would repeat the URL, and with it a password.
#[derive(Debug, Clone, Copy)]
struct EndpointUrl;

impl TypedValueParser for EndpointUrl {
    type Value = String;

    fn parse_ref(&self, command: &Command, _: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        let refusal = |reason: String| {
            let text = format!("--otlp-endpoint: {reason}");
            command.clone().error(ErrorKind::ValueValidation, text)
        };
        let url = value
            .to_str()
            .ok_or_else(|| refusal("the endpoint is no text".to_owned()))?;
        // The protocol is known with the variables alone: what is an endpoint by one of them is none that is refused here.
        let parsed = Endpoint::parse(url, None);
        let parsed = parsed.or_else(|error| Endpoint::parse(url, Some(Protocol::Http)).map_err(|_| error));
        parsed.map_err(|error| refusal(error.to_string()))?;
        Ok(url.to_owned())
    }
}

fn protocol(name: &str) -> Result<Protocol, String> {
    Protocol::parse(name).map_err(|error| error.to_string())
}
