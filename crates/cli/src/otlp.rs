//! OpenTelemetry endpoint of the command line: settings from arguments and variables, and what is said of them.

use mirrord_otlp::{Settings, SettingsError};
use mirrord_ui_server::host_name;
use mirrord_wire::api::{OtlpCounts, OtlpInfo};

use crate::args::Otlp;
use crate::diagnostics::diagnostic;

/// Reads the settings, where something is to be sent, and says where it goes.
///
/// # Errors
/// The endpoint or a variable cannot be used.
pub(crate) fn settings(arguments: &Otlp) -> Result<Option<Settings>, SettingsError> {
    if !arguments.is_on() {
        return Ok(None);
    }
    let variable = |name: &'static str| std::env::var(name).ok();
    let mut settings = Settings::read(arguments.otlp_endpoint.as_deref(), arguments.otlp_protocol, variable)?;
    settings.redacted = !arguments.otlp_unredacted;
    settings.env_values = arguments.otlp_env_values;
    env!("CARGO_PKG_VERSION").clone_into(&mut settings.version);
    settings.host_name = Some(host_name()).filter(|name| !name.is_empty());
    let content = match (settings.redacted, settings.env_values) {
        (true, _) => "redacted",
        (false, false) => "unredacted, without values of environment variables",
        (false, true) => "unredacted, with values of environment variables",
    };
    let (endpoint, protocol) = (&settings.endpoint, settings.endpoint.protocol().name());
    diagnostic!("mirrord: sending to {endpoint} ({protocol}), {content}");
    if settings.exposes_headers() {
        diagnostic!(
            "mirrord: OTEL_EXPORTER_OTLP_HEADERS go to {endpoint} without encryption: others on the way can read them; https has TLS"
        );
    }
    Ok(Some(settings))
}

/// Reports what became of records at the end, with the last error where some were dropped.
pub(crate) fn report(info: &OtlpInfo) {
    let counts = counts_text(&info.logs);
    match info.last_error.as_ref().filter(|_| info.logs.dropped > 0) {
        Some(error) => diagnostic!("mirrord: {counts}; {}", error.text),
        None => diagnostic!("mirrord: {counts}"),
    }
}

/// Returns what became of records, for people: `12 sent, 3 dropped (rejected 3)`.
fn counts_text(counts: &OtlpCounts) -> String {
    let reasons = counts
        .dropped_by
        .iter()
        .map(|(reason, count)| format!("{reason} {count}"));
    let reasons: Vec<_> = reasons.collect();
    match counts.dropped {
        0 => format!("{} sent", counts.sent),
        dropped => format!("{} sent, {dropped} dropped ({})", counts.sent, reasons.join(", ")),
    }
}
