//! Keys of mirrord.json, as a released mirrord (3.250) knows them: `mirrord-schema.json` of metalbear-co/mirrord. The same
//! keys as facts, with their source, are in `tests/keys.txt`; a test holds one against the other.
//!
//! Databases and queues have one set of keys for all of their kinds: which key fits which kind is not checked.

use super::shape::Shape::{
    Any, Bool, Either, Integer, List, Map, Object, OneOrMore, PortPairs, SidedFilter, Target, Text, Word,
};
use super::shape::{Key, PORT, Shape};

macro_rules! keys {
    ($($name:literal : $shape:expr),* $(,)?) => { &[$(Key { name: $name, shape: $shape }),*] };
}

const TEXTS: Shape = OneOrMore(&Text);
const TEXT_LIST: Shape = List(&Text);
const TEXT_MAP: Shape = Map(&Text);
/// Object of Kubernetes, or of the operator, that is not looked into.
const OPEN: Shape = Map(&Any);
const NUMBER: Shape = Integer(u64::MAX);
const U16: Shape = Integer(65_535);
const U32: Shape = Integer(4_294_967_295);
/// Signed in a released mirrord, for a count of pods; a negative one is refused here.
const I32: Shape = Integer(2_147_483_647);

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
        "enabled": Bool, "exclude_containers": TEXT_LIST, "exclude_init_containers": TEXT_LIST, "scale_down": Bool,
    })]),
    "db_branches": List(&Object(BRANCH)), "env": Either(&[Bool, Object(ENV)]),
    "fs": Either(&[Bool, Word(FS_MODES), Object(FS)]), "hostname": Bool,
    "magic": Object(keys! { "auto_mount": Bool, "aws": Bool, "turbo": Bool }),
    "network": Either(&[Bool, Object(NETWORK)]),
    "preview": Object(PREVIEW),
    "split_queues": Either(&[Map(&Object(QUEUE)), List(&Object(LISTED_QUEUE))]),
};

const PREVIEW: &[Key] = keys! {
    "config_mounts": List(&OPEN), "creation_timeout_secs": NUMBER,
    "idle": Object(keys! { "sleep_after_secs": NUMBER, "start_idle": Bool, "wake_timeout_secs": NUMBER }),
    "image": Text, "labels": Object(keys! { "exclude": TEXTS, "include": TEXTS }), "replicas": I32,
    "secret_mounts": List(&OPEN), "ttl_mins": TTL, "ttl_secs": TTL,
};

const TTL: Shape = Either(&[NUMBER, Word(&["infinite"])]);

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
    "protocol": Word(&["tcp", "tls"]), "server_cert": Text, "server_name": Text, "trust_roots": TEXT_LIST,
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

const QUEUE: &[Key] = keys! {
    "jq_filter": Text, "message_filter": TEXT_MAP, "payload_protobuf": Object(PROTOBUF), "queue_mode": QUEUE_MODE,
    "queue_type": QUEUE_TYPE,
};

/// Queue in a list of them, where it has its identifier with it.
const LISTED_QUEUE: &[Key] = keys! {
    "jq_filter": Text, "message_filter": TEXT_MAP, "payload_protobuf": Object(PROTOBUF), "queue_id": Text,
    "queue_mode": QUEUE_MODE, "queue_type": QUEUE_TYPE,
};

const QUEUE_MODE: Shape = Word(&["mirror", "steal"]);

const QUEUE_TYPE: Shape = Word(&[
    "AzureServiceBus",
    "BullMQ",
    "GCPPubSub",
    "Kafka",
    "NATS",
    "RMQ",
    "RedisPubSub",
    "SQS",
    "Temporal",
]);

const PROTOBUF: &[Key] = keys! {
    "descriptor_base64": Text, "include_directories": TEXT_LIST, "message_type": Text, "schema_file": Text,
};

const BRANCH: &[Key] = keys! {
    "args": TEXT_LIST, "command": TEXT_LIST, "connection": Object(CONNECTION), "connection_settings": TEXT_MAP,
    "copy": Object(BRANCH_COPY), "creation_timeout_secs": NUMBER, "emulator_host": Text, "env": TEXT_MAP,
    "iam_auth": Object(IAM_AUTH), "id": Text, "image": Text, "local": Object(LOCAL_BRANCH),
    "location": Word(&["local", "remote"]), "migrations": Object(MIGRATIONS), "name": Text, "port": PORT,
    "profile": Text, "provider": Word(&["AWS"]), "query_params": TEXT_MAP,
    "readiness": Object(keys! {
        "command": TEXT_LIST, "path": Text, "port": PORT, "type": Word(&["exec", "http_get", "tcp"]),
    }),
    "source": Object(keys! { "params": OPEN, "type": ENVIRONMENT }),
    "ttl_mins": NUMBER, "ttl_secs": NUMBER, "type": Word(BRANCH_TYPES), "version": Text,
};

const BRANCH_TYPES: &[&str] = &[
    "clickhouse",
    "cockroachdb",
    "dynamodb",
    "generic",
    "mariadb",
    "mongodb",
    "mssql",
    "mysql",
    "pg",
    "redis",
    "s3",
    "spanner",
];

const BRANCH_COPY: &[Key] = keys! {
    "args": TEXT_LIST, "collections": COPIED_ITEMS, "command": TEXT_LIST, "dump_args": TEXT_LIST, "image": Text,
    "mode": Word(&["all", "empty", "schema"]), "objects": TEXT_LIST, "patterns": TEXT_LIST, "tables": COPIED_ITEMS,
};

const COPIED_ITEMS: Shape = Map(&Object(keys! { "filter": Text }));

const CONNECTION: &[Key] = keys! {
    "database": U16, "host": TEXT_OR_SOURCE, "params": OPEN, "password": TEXT_OR_SOURCE, "port": PORT, "tls": Bool,
    "type": ENVIRONMENT, "url": Either(&[Text, TEXT_LIST, SOURCE]), "username": TEXT_OR_SOURCE,
};

const ENVIRONMENT: Shape = Word(&["env", "env_from"]);

/// Origin of a connection's value.
const SOURCE: Shape = Object(keys! {
    "container": Text, "env_var_name": Text, "key": Text, "name": Text, "secret_ref": Text,
    "type": Word(&["aws_secrets_manager", "env", "env_from", "gcp_secret_manager", "secret"]), "value": Text,
    "variable": Text,
});

const TEXT_OR_SOURCE: Shape = Either(&[Text, SOURCE]);

const IAM_AUTH: &[Key] = keys! {
    "access_key_id": SOURCE, "credentials_json": SOURCE, "credentials_path": SOURCE, "project": SOURCE,
    "region": SOURCE, "secret_access_key": SOURCE, "session_token": SOURCE,
    "type": Word(&["aws_rds", "gcp_cloud_sql"]),
};

const MIGRATIONS: &[Key] = keys! {
    "args": TEXT_LIST, "command": TEXT_LIST, "env": TEXT_MAP, "flavor": Word(&["container", "flyway"]), "image": Text,
    "locations": TEXT_LIST, "path": Text,
};

const LOCAL_BRANCH: &[Key] = keys! {
    "container_command": Text, "container_runtime": Word(&["docker", "nerdctl", "podman"]),
    "options": Object(keys! { "args": TEXT_LIST }), "port": PORT,
    "runtime": Word(&["auto", "container", "redis_server"]), "server_command": Text, "version": Text,
};

const AGENT: &[Key] = keys! {
    "annotations": TEXT_MAP, "check_out_of_pods": Bool, "clean_iptables_on_start": Bool, "communication_timeout": U16,
    "disable_mesh_sidecar_injection": Bool, "disabled_capabilities": TEXT_LIST,
    "dns": Object(keys! { "attempts": U32, "timeout": U32 }),
    "ephemeral": Bool, "exclude_from_mesh": Bool, "external_ip_fix": Bool, "flush_connections": Bool,
    "http_detection_timeout": NUMBER,
    "image": Either(&[Text, Object(keys! { "registry": Text, "tag": Text })]),
    "image_pull_policy": Text, "image_pull_secrets": List(&Object(keys! { "name": Text })), "inject_headers": Bool,
    "jaq_time_limit": NUMBER, "json_log": Bool, "labels": TEXT_MAP, "log_level": Text, "max_body_buffer_size": U32,
    "max_body_buffer_timeout": U32, "metrics": Text, "namespace": Text, "nftables": Bool, "node_selector": TEXT_MAP,
    "override_cache_control": Bool, "priority_class": Text, "privileged": Bool, "resources": OPEN,
    "security_context": Object(keys! { "app_armor_profile": SECURITY_PROFILE, "seccomp_profile": SECURITY_PROFILE }),
    "service_account": Text, "startup_timeout": NUMBER, "tolerations": List(&OPEN), "ttl": U16,
};

const SECURITY_PROFILE: Shape = Object(keys! { "localhost_profile": Text, "type": Text });

const CONTAINER: &[Key] = keys! {
    "cli_extra_args": TEXT_LIST, "cli_image": Text, "cli_image_lib_path": Text, "cli_prevent_cleanup": Bool,
    "cli_tls_path": Text, "host_gateway_detection": Bool, "override_host_ip": Text, "platform": Text,
};

const EXPERIMENTAL: &[Key] = keys! {
    "applev": Object(&[]), "browser_extension_config": Bool, "disable_reuseaddr": Bool, "dlopen_cgo": Bool,
    "enable_exec_hooks_linux": Bool, "go_asmcgocall": Bool, "guard_std_fds": Bool, "hide_ipv6_interfaces": Bool,
    "idle_local_http_connection_timeout": NUMBER, "ignore_system_proxy_config": Bool,
    "latency": Object(keys! { "receive_delay": NUMBER, "transmit_delay": NUMBER }),
    "non_blocking_tcp_connect": Bool, "sip_log_destination": Text, "sip_utils": Bool, "tcp_ping4_mock": Bool,
    "trust_any_certificate": Bool, "use_dev_null": Bool,
};

const EXTERNAL_PROXY: &[Key] = keys! {
    "host_ip": Text, "idle_timeout": NUMBER, "json_log": Bool, "log_destination": Text, "log_level": Text,
    "start_idle_timeout": NUMBER, "tls_enable": Bool,
};

const INTERNAL_PROXY: &[Key] = keys! {
    "idle_timeout": NUMBER, "json_log": Bool, "log_destination": Text, "log_level": Text,
    "ping_interval": NUMBER, "process_logging_interval": NUMBER, "socket_timeout": NUMBER, "start_idle_timeout": NUMBER,
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
