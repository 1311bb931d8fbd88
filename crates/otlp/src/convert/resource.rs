//! Resources: a session, and a process of it.

use mirrord_wire::{ProcessInfo, SessionInfo};
use opentelemetry_proto::tonic::resource::v1::Resource;

use super::attributes::Attributes;
use crate::settings::Settings;

/// Attribute of a target's first word; see the semantic conventions for Kubernetes.
const KINDS: [(&str, &str); 8] = [
    ("container", "k8s.container.name"),
    ("cronjob", "k8s.cronjob.name"),
    ("daemonset", "k8s.daemonset.name"),
    ("deployment", "k8s.deployment.name"),
    ("job", "k8s.job.name"),
    ("pod", "k8s.pod.name"),
    ("replicaset", "k8s.replicaset.name"),
    ("statefulset", "k8s.statefulset.name"),
];

/// Returns the attributes of a session, whose description was redacted where that is asked for.
pub(crate) fn session(info: &SessionInfo, settings: &Settings) -> Attributes {
    let mut own = Attributes::default();
    let program = info.processes.first().map(|process| process.process_name.as_str());
    let name = settings.service_name.as_deref().or(info.name.as_deref());
    let name = name.or(program).filter(|name| !name.is_empty());
    own.text("service.name", name.unwrap_or("mirrord"));
    own.text("service.instance.id", &info.session_id);
    own.optional_text("host.name", settings.host_name.as_deref());
    own.text("os.type", os_type());
    own.text("mirrord.session.id", &info.session_id);
    own.optional_text("mirrord.session.name", info.name.as_deref());
    own.optional_text("mirrord.session.key", info.key.as_deref());
    own.optional_text("mirrord.target", Some(&info.target));
    own.optional_text("mirrord.version", Some(&info.mirrord_version));
    own.optional_text("mirrord.kube_context", info.context.as_deref());
    own.optional_text("k8s.namespace.name", info.namespace.as_deref());
    let mut words = info.target.split('/');
    while let (Some(kind), Some(name)) = (words.next(), words.next()) {
        if let Some((_, attribute)) = KINDS.iter().find(|(own, _)| *own == kind) {
            own.optional_text(attribute, Some(name));
        }
    }
    for (name, value) in &settings.attributes {
        own.replace(name, value);
    }
    own
}

/// Name of this system in the semantic conventions.
fn os_type() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

/// Returns the resource of a session, or of one of its processes.
pub(crate) fn resource(session: &Attributes, process: Option<(u32, Option<&ProcessInfo>)>) -> Resource {
    let mut own = session.clone();
    if let Some((pid, info)) = process {
        own.number("process.pid", pid);
        if let Some(info) = info {
            own.optional_number("process.parent_pid", info.parent_pid);
            own.optional_text("process.executable.name", Some(&info.process_name));
            own.list("process.command_args", info.cmdline.iter().map(String::as_str));
            own.optional_text("process.working_directory", info.cwd.as_deref());
        }
    }
    Resource {
        attributes: own.into_inner(),
        ..Resource::default()
    }
}
