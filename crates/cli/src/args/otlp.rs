//! Arguments by which `mirrord ui` and `mirrord record` send to an OpenTelemetry endpoint.

use clap::{ArgGroup, Args};
use mirrord_otlp::Protocol;

/// An OpenTelemetry endpoint, and what it is sent. Headers come from OTEL_EXPORTER_OTLP_HEADERS alone: others can read arguments.
#[derive(Debug, Clone, Default, Args)]
#[command(group = ArgGroup::new("otlp_endpoints").args(["otlp_endpoint", "otlp"]))]
pub(crate) struct Otlp {
    /// Send events and metrics to this OpenTelemetry endpoint: http://HOST:4318, or grpc://HOST:4317; https and grpcs with TLS.
    #[arg(long, value_name = "URL")]
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

fn protocol(name: &str) -> Result<Protocol, String> {
    Protocol::parse(name).map_err(|error| error.to_string())
}
