//! A session of a made-up service, with something of everything that a session can tell: for tests and for pictures.

use mirrord_wire::{Exit, MonitorEvent, Routing, SessionInfo};

use crate::home::Home;
use crate::host::Host;

/// A session with something of everything.
#[must_use]
pub fn service(home: &Home, id: &str) -> Host {
    let config = serde_json::json!({
        "target": "deployment/orders",
        "feature": { "fs": { "mode": "read", "not_found": ["/etc/app/feature.*"] }, "network": { "incoming": "steal" } }
    });
    let host = Host::start(
        home,
        id,
        SessionInfo {
            target: "deployment/orders".into(),
            config_path: Some("/home/dev/orders/mirrord.json".into()),
            config: Some(config),
            ..SessionInfo::default()
        },
    );
    for (pid, parent_pid, name) in [(7, None, "node"), (8, Some(7), "sh"), (9, Some(8), "curl")] {
        host.tell(MonitorEvent::LayerConnected {
            pid,
            parent_pid,
            process_name: Some(name.into()),
            cmdline: vec![name.into(), "server.js".into()],
            cwd: None,
        });
    }
    host.tell(MonitorEvent::LayerDisconnected {
        pid: 9,
        exit: Exit::default(),
    });
    for (path, operation, routing, rule) in [
        ("/etc/app/config.yaml", "open", Routing::Remote, "feature.fs.mode"),
        ("/etc/app/config.yaml", "stat", Routing::Remote, "feature.fs.mode"),
        (
            "/etc/app/feature.json",
            "open",
            Routing::NotFound,
            "feature.fs.not_found[0]",
        ),
        ("/usr/lib/node/a.js", "open", Routing::Local, "local defaults"),
        ("/usr/lib/node/b.js", "open", Routing::Local, "local defaults"),
    ] {
        host.file(path, operation, routing, Some(rule));
    }
    host.asks("postgres", Routing::Remote);
    host.connects("10.96.14.7", Routing::Remote);
    host.asks("nowhere", Routing::NotFound);
    host.tell(MonitorEvent::PortSubscription {
        port: 8080,
        mode: "steal".into(),
        filter: Some("header x-user: dev".into()),
        address: None,
    });
    host.tell(MonitorEvent::EnvVar {
        vars: vec![
            ("DB_HOST".into(), Some("postgres".into())),
            ("DB_PASSWORD".into(), Some("hunter2".into())),
            ("ONLY".into(), None),
        ],
    });
    host
}
