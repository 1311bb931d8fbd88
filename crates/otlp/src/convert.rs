//! Conversion of sessions into OTLP's messages: names by the semantic conventions where they have one, `mirrord.*` elsewhere.
//!
//! docs/otel.md has every name; a test holds it. This module is pure.

pub(crate) mod attributes;
pub(crate) mod body;
pub(crate) mod metrics;
pub(crate) mod record;
pub(crate) mod resource;
pub(crate) mod severity;

use opentelemetry_proto::tonic::common::v1::InstrumentationScope;

/// Creates the scope of everything that is sent.
pub(crate) fn scope(version: &str) -> InstrumentationScope {
    InstrumentationScope {
        name: "mirrord".to_owned(),
        version: version.to_owned(),
        ..InstrumentationScope::default()
    }
}

#[cfg(test)]
mod tests;
