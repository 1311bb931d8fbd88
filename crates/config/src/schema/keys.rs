//! Keys of mirrord.json, as a released mirrord (3.250) knows them: `mirrord-schema.json` of metalbear-co/mirrord.

use super::shape::Shape::{
    Any, Bool, Either, Integer, List, Map, Object, OneOrMore, PortPairs, SidedFilter, Target, Text, Word,
};
use super::shape::{Key, PORT, Shape};

macro_rules! keys {
    ($($name:literal : $shape:expr),* $(,)?) => { &[$(Key { name: $name, shape: $shape }),*] };
}

const TEXTS: Shape = OneOrMore(&Text);
const TEXT_MAP: Shape = Map(&Text);
const NUMBER: Shape = Integer(u64::MAX);
const U16: Shape = Integer(65_535);
const U32: Shape = Integer(4_294_967_295);

/// The whole file.
pub(super) const ROOT: Shape = Object(keys! {
    "accept_invalid_certificates": Bool, "agent": Object(AGENT), "api": Bool, "baggage": Text,
    "ci": Object(keys! { "output_dir": Text }),
    "container": Object(CONTAINER), "experimental": Object(EXPERIMENTAL), "external_proxy": Object(EXTERNAL_PROXY),
    "feature": Object(FEATURE), "internal_proxy": Object(INTERNAL_PROXY), "key": Text, "kube_context": Text,
    "kubeconfig": Text,
    "multi_cluster": Bool, "operator": Bool, "profile": Text, "sip_binaries": TEXTS, "skip_build_tools": Bool,
    "skip_extra_build_tools": TEXTS, "skip_processes": TEXTS, "skip_sip": TEXTS,
    "startup_retry": Object(keys! { "max_ms": NUMBER, "max_retries": U32, "min_ms": NUMBER }),
    "target": Target, "telemetry": Bool, "traceparent": Text, "use_proxy": Bool,
});

const FEATURE: &[Key] = keys! {
    "copy_target": Either(&[Bool, Object(keys! {
        "enabled": Bool, "exclude_containers": List(&Text), "exclude_init_containers": List(&Text), "scale_down": Bool,
    })]),
    "db_branches": List(&Any), "env": Either(&[Bool, Object(ENV)]),
    "fs": Either(&[Bool, Word(FS_MODES), Object(FS)]), "hostname": Bool,
    "magic": Object(keys! { "auto_mount": Bool, "aws": Bool, "turbo": Bool }),
    "network": Either(&[Bool, Object(NETWORK)]),
    "preview": Object(PREVIEW),
    "split_queues": Map(&Any),
};

const PREVIEW: &[Key] = keys! {
    "config_mounts": List(&Any), "creation_timeout_secs": NUMBER, "idle": Any, "image": Text, "replicas": U32,
    "secret_mounts": List(&Any), "ttl_mins": Any, "ttl_secs": Any,
};

const FS_MODES: &[&str] = &["read", "write", "local", "localwithoverrides"];

const FS: &[Key] = keys! {
    "local": TEXTS, "mapping": TEXT_MAP, "mode": Word(FS_MODES), "not_found": TEXTS, "read_only": TEXTS,
    "read_write": TEXTS, "readonly_file_buffer": NUMBER,
};

const ENV: &[Key] = keys! {
    "env_file": Text, "exclude": TEXTS, "include": TEXTS, "load_from_process": Bool, "mapping": TEXT_MAP,
    "override": TEXT_MAP, "unset": TEXTS,
};

const NETWORK: &[Key] = keys! {
    "dns": Either(&[Bool, Object(keys! { "enabled": Bool, "filter": SidedFilter })]),
    "incoming": Either(&[Bool, Word(INCOMING_MODES), Object(INCOMING)]),
    "ipv6": Bool,
    "outgoing": Either(&[Bool, Object(keys! {
        "filter": SidedFilter, "ignore_localhost": Bool, "tcp": Bool, "udp": Bool, "unix_streams": TEXTS,
    })]),
};

const INCOMING_MODES: &[&str] = &["mirror", "steal", "off"];

const INCOMING: &[Key] = keys! {
    "http_filter": Either(&[Bool, Object(HTTP_FILTER)]), "https_delivery": Object(TLS_DELIVERY), "ignore_localhost": Bool,
    "ignore_ports": List(&PORT), "listen_ports": PortPairs, "mode": Word(INCOMING_MODES),
    "on_concurrent_steal": Word(&["abort", "continue", "override"]), "port_mapping": PortPairs, "ports": List(&PORT),
    "tls_delivery": Object(TLS_DELIVERY),
};

const TLS_DELIVERY: &[Key] = keys! {
    "protocol": Word(&["tcp", "tls"]), "server_cert": Text, "server_name": Text, "trust_roots": List(&Text),
};

const BODY_FILTER: &[Key] = keys! { "body": Word(&["json"]), "matches": Text, "query": Text };

const INNER_FILTER: Shape = Object(keys! {
    "body": Word(&["json"]), "header": Text, "matches": Text, "method": Text, "path": Text, "query": Text,
});

const HTTP_FILTER: &[Key] = keys! {
    "all_of": List(&INNER_FILTER), "any_of": List(&INNER_FILTER), "body_filter": Object(BODY_FILTER),
    "header_filter": Text, "header_filter_jq": Text, "method_filter": Text, "path_filter": Text,
    "ports": OneOrMore(&PORT),
};

const AGENT: &[Key] = keys! {
    "annotations": TEXT_MAP, "check_out_of_pods": Bool, "clean_iptables_on_start": Bool, "communication_timeout": U16,
    "disable_mesh_sidecar_injection": Bool, "disabled_capabilities": List(&Text),
    "dns": Object(keys! { "attempts": U32, "timeout": U32 }),
    "ephemeral": Bool, "exclude_from_mesh": Bool, "flush_connections": Bool,
    "image": Either(&[Text, Object(keys! { "registry": Text, "tag": Text })]),
    "image_pull_policy": Text, "image_pull_secrets": List(&Any), "inject_headers": Bool, "jaq_time_limit": NUMBER,
    "json_log": Bool, "labels": TEXT_MAP, "log_level": Text, "max_body_buffer_size": U32, "max_body_buffer_timeout": U32,
    "metrics": Text, "namespace": Text, "nftables": Bool, "node_selector": TEXT_MAP, "priority_class": Text,
    "privileged": Bool, "resources": Any, "security_context": Any, "service_account": Text, "startup_timeout": NUMBER,
    "tolerations": List(&Any), "ttl": U16,
};

const CONTAINER: &[Key] = keys! {
    "cli_extra_args": List(&Text), "cli_image": Text, "cli_image_lib_path": Text, "cli_prevent_cleanup": Bool,
    "cli_tls_path": Text, "host_gateway_detection": Bool, "override_host_ip": Text, "platform": Text,
};

const EXPERIMENTAL: &[Key] = keys! {
    "applev": Any, "browser_extension_config": Bool, "disable_reuseaddr": Bool, "dlopen_cgo": Bool,
    "dns_permission_error_fatal": Bool, "enable_exec_hooks_linux": Bool, "force_hook_connect": Bool,
    "go_asmcgocall": Bool,
    "hide_ipv6_interfaces": Bool, "hook_rename": Bool, "idle_local_http_connection_timeout": NUMBER,
    "ignore_system_proxy_config": Bool, "latency": Object(keys! { "receive_delay": NUMBER, "transmit_delay": NUMBER }),
    "non_blocking_tcp_connect": Bool, "sip_log_destination": Text, "sip_utils": Bool, "tcp_ping4_mock": Bool,
    "trust_any_certificate": Bool, "use_dev_null": Bool,
};

const EXTERNAL_PROXY: &[Key] = keys! {
    "host_ip": Text, "idle_timeout": NUMBER, "json_log": Bool, "log_destination": Text, "log_level": Text,
    "start_idle_timeout": NUMBER, "tls_enable": Bool,
};

const INTERNAL_PROXY: &[Key] = keys! {
    "idle_timeout": NUMBER, "json_log": Bool, "log_destination": Text, "log_level": Text,
    "process_logging_interval": NUMBER, "socket_timeout": NUMBER, "start_idle_timeout": NUMBER,
};

/// Kinds of a target, as the first part of its path; beside them `label`, whose path is another.
pub(super) const TARGET_TYPES: [&str; 9] = [
    "pod",
    "deployment",
    "rollout",
    "job",
    "cronjob",
    "statefulset",
    "service",
    "replicaset",
    "serverless",
];

/// Keys of a target as an object, beside [`TARGET_LABELS`] and `container`.
pub(super) const TARGET_KEYS: [&str; 9] = [
    "pod",
    "deployment",
    "rollout",
    "job",
    "cron_job",
    "stateful_set",
    "service",
    "replica_set",
    "serverless",
];

/// Key of a target that is every pod with some labels.
pub(super) const TARGET_LABELS: &str = "labels";
