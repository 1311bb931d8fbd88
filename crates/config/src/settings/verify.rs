//! Settings that contradict each other, in the order of `LayerConfig::verify` of a released mirrord, and warnings.

use super::filter::Side;
use super::network::HTTP_FILTERS;
use super::resolver::Resolver;
use super::values::{IncomingMode, Settings, Target};
use crate::node::Node;
use crate::problem::Problem;

/// Size of `feature.fs.readonly_file_buffer` from which a released mirrord warns, and from which it refuses, in bytes.
const BUFFER_WARNING_BYTES: u64 = 1024 * 1024;
const MAX_BUFFER_BYTES: u64 = 15 * 1024 * 1024;

const INCOMING: &str = "feature.network.incoming";
const HTTP_FILTER: &str = "feature.network.incoming.http_filter";

/// Adds what contradicts itself.
pub(super) fn verify(resolver: &mut Resolver<'_>, settings: &Settings) {
    http_filter(resolver);
    incoming(resolver, settings);
    target(resolver, settings);
    dns(resolver, settings);
    numbers(resolver);
}

impl Resolver<'_> {
    fn error(&mut self, path: &str, message: impl Into<String>) {
        let at = self.node(path).map(|node| node.at);
        self.problems.push(Problem::error(path, at, message));
    }

    fn warning(&mut self, path: &str, message: impl Into<String>) {
        let at = self.node(path).map(|node| node.at);
        self.problems.push(Problem::warning(path, at, message));
    }

    fn is_true(&self, path: &str) -> bool {
        self.node(path).and_then(Node::bool) == Some(true)
    }
}

fn http_filter(resolver: &mut Resolver<'_>) {
    let Some(filter) = resolver.node(HTTP_FILTER) else {
        return;
    };
    let used: Vec<&str> = HTTP_FILTERS
        .into_iter()
        .filter(|kind| filter.at_path(kind).is_some())
        .collect();
    if used.len() > 1 {
        let message = format!(
            "one kind of filter at a time, and there are {}: combine them by `any_of` or `all_of`",
            used.join(", ")
        );
        resolver.error(HTTP_FILTER, message);
    }
    for kind in used {
        let path = format!("{HTTP_FILTER}.{kind}");
        let Some(node) = filter.get(kind) else { continue };
        if node.text() == Some("") {
            resolver.error(&path, "the text is empty");
        }
        if !kind.ends_with("_of") {
            continue;
        }
        if node.items().is_empty() {
            resolver.error(&path, "the list is empty");
        }
        for (index, inner) in node.items().iter().enumerate() {
            let is_empty = inner.members().iter().any(|member| member.node.text() == Some(""));
            if is_empty || inner.members().is_empty() {
                resolver.error(&format!("{path}[{index}]"), "the filter is empty");
            }
        }
    }
}

fn incoming(resolver: &mut Resolver<'_>, settings: &Settings) {
    let incoming = &settings.incoming;
    if incoming.ports.is_some() && !incoming.ignore_ports.is_empty() {
        resolver.error(
            "feature.network.incoming.ignore_ports",
            "`ports` and `ignore_ports` cannot be used together",
        );
    }
    if resolver.node("feature.network.incoming.https_delivery").is_some() {
        let path = "feature.network.incoming.https_delivery";
        if resolver.node("feature.network.incoming.tls_delivery").is_some() {
            resolver.error(path, "`https_delivery` and `tls_delivery` cannot be used together");
        } else {
            resolver.warning(path, "`https_delivery` is deprecated: use `tls_delivery`");
        }
    }
    for (key, pairs) in [
        ("port_mapping", &incoming.port_mapping),
        ("listen_ports", &incoming.listen_ports),
    ] {
        let path = format!("{INCOMING}.{key}");
        for (index, (first, _)) in pairs.iter().enumerate() {
            if !pairs.iter().take(index).any(|(before, _)| before == first) {
                continue;
            }
            let message = format!("the port {first} is mapped twice");
            match key {
                "port_mapping" => resolver.error(&path, message),
                _ => resolver.warning(&path, message),
            }
        }
    }
    if incoming.port_mapping.iter().any(|(local, remote)| local == remote) {
        resolver.warning(
            "feature.network.incoming.port_mapping",
            "a port that is mapped to itself needs no mapping",
        );
    }
}

/// Kinds of target that need the operator.
const OPERATOR_TARGETS: [&str; 6] = ["job", "cronjob", "statefulset", "service", "replicaset", "label"];

fn target(resolver: &mut Resolver<'_>, settings: &Settings) {
    let is_ephemeral = resolver.is_true("agent.ephemeral");
    let kind = match &settings.target {
        Target::Path(path) => path.split('/').next().unwrap_or_default(),
        Target::None | Target::Targetless => "",
    };
    if kind.is_empty() {
        if settings.incoming.mode == IncomingMode::Steal {
            resolver.error(
                INCOMING,
                "without a target there is no traffic to steal: name a target, or use `mirror`",
            );
        }
        if is_ephemeral {
            resolver.error("agent.ephemeral", "an ephemeral agent needs a target");
        }
        if resolver.node("agent.namespace").is_some() {
            resolver.warning(
                "agent.namespace",
                "without a target it is ignored: use `target.namespace`",
            );
        }
    } else if is_ephemeral && resolver.node("agent.namespace").is_some() {
        resolver.warning("agent.namespace", "an ephemeral agent ignores it");
    }
    let operator = resolver.node("operator").and_then(Node::bool);
    if OPERATOR_TARGETS.contains(&kind) && operator == Some(false) {
        resolver.error(
            "operator",
            format!("a target of the kind {kind} needs the operator, and it is turned off"),
        );
    }
    let copy = "feature.copy_target";
    if resolver.is_true(copy) || resolver.is_true("feature.copy_target.enabled") {
        if operator == Some(false) {
            resolver.error(copy, "copying a target needs the operator, and it is turned off");
        }
        if kind.is_empty() {
            resolver.error(copy, "there is no target to copy");
        } else if kind == "service" {
            resolver.error(copy, "a service cannot be copied: name a workload");
        }
        if settings.incoming.mode != IncomingMode::Steal {
            resolver.warning(
                copy,
                "without `steal` the copy, which runs nothing, may leave requests unanswered",
            );
        }
    }
}

fn dns(resolver: &mut Resolver<'_>, settings: &Settings) {
    let outgoing = settings.outgoing.filter.as_ref();
    if outgoing.is_some_and(|filter| filter.side == Side::Remote) && !settings.dns.enabled {
        resolver.warning(
            "feature.network.outgoing.filter.remote",
            "remote look-ups are off: names in this filter are resolved locally",
        );
    }
    let filter = "feature.network.dns.filter";
    if resolver.node(filter).is_none() {
        return;
    }
    if !settings.dns.enabled {
        resolver.warning(filter, "remote look-ups are off: the filter is ignored");
        return;
    }
    for (side, effect) in [("local", "remotely"), ("remote", "locally")] {
        let path = format!("{filter}.{side}");
        if resolver.node(&path).is_some_and(|node| node.items().is_empty()) {
            resolver.warning(&path, format!("the list is empty: every name is resolved {effect}"));
        }
    }
}

fn numbers(resolver: &mut Resolver<'_>) {
    let buffer = "feature.fs.readonly_file_buffer";
    match resolver.node(buffer).and_then(Node::integer) {
        Some(bytes) if bytes > MAX_BUFFER_BYTES => resolver.error(buffer, "at most 15 MB"),
        Some(bytes) if bytes > BUFFER_WARNING_BYTES => {
            resolver.warning(buffer, "more than 1 MB: reading may take longer than the time-out");
        }
        _ => {}
    }
    let number = |path: &str, default| resolver.node(path).and_then(Node::integer).unwrap_or(default);
    let (least, most) = (
        number("startup_retry.min_ms", 500),
        number("startup_retry.max_ms", 5_000),
    );
    if most == 0 {
        resolver.error("startup_retry.max_ms", "must be more than 0");
    } else if least > most {
        resolver.error("startup_retry.min_ms", format!("{least} is more than `max_ms`, {most}"));
    }
}
