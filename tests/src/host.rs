//! A session of a test's own making, published by the library that an intproxy embeds: for what no program does on
//! demand, such as a request that arrives, or a name that is made to harm.

use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_wire::session::Policy;
use mirrord_wire::{MonitorEvent, Observation, Outcome, Routing, SessionId, SessionInfo};

use crate::home::Home;

/// A session that emits the events that a test gives it. It ends with the test.
pub struct Host {
    tx: MonitorTx,
    _session: Session,
}

impl Host {
    /// Publishes a session in a home.
    #[must_use]
    pub fn start(home: &Home, id: &str, info: SessionInfo) -> Self {
        let id = SessionId::new(id).expect("a test names its session rightly");
        let listener = SessionListener::bind(&home.sessions_dir(), &id).expect("a session can be published");
        let builder = Session::builder(info).policy(Policy::All);
        let (tx, session) = builder.start(listener).expect("a session can be started");
        Self { tx, _session: session }
    }

    /// Emits an event.
    pub fn tell(&self, event: impl Into<Observation>) {
        self.tx.emit(event);
    }

    /// Emits an event with its process and what came of it.
    pub fn came(&self, event: MonitorEvent, pid: u32, outcome: Outcome) {
        self.tx.emit(Observation {
            pid: Some(pid),
            outcome: Some(outcome),
            ..event.into()
        });
    }

    /// Emits an event with its process, its routing and the rule that decided.
    pub fn tell_of(&self, event: MonitorEvent, pid: u32, routing: Routing, rule: Option<&str>) {
        self.tx.emit(Observation {
            pid: Some(pid),
            routing: Some(routing),
            rule: rule.map(|rule| rule.to_owned().into()),
            ..event.into()
        });
    }

    /// Emits a look-up of a name.
    pub fn asks(&self, name: &str, routing: Routing) {
        let host = name.to_owned();
        self.tell_of(MonitorEvent::DnsQuery { host }, 7, routing, None);
    }

    /// Emits a connection to where a database usually is.
    pub fn connects(&self, address: &str, routing: Routing) {
        let connection = MonitorEvent::OutgoingConnection {
            address: address.to_owned(),
            port: 5432,
            protocol: Some("tcp".into()),
        };
        self.tell_of(connection, 7, routing, None);
    }

    /// Emits a file operation.
    pub fn file(&self, path: &str, operation: &'static str, routing: Routing, rule: Option<&str>) {
        let path = Some(path.to_owned());
        let operation = operation.into();
        self.tell_of(MonitorEvent::FileOp { path, operation }, 7, routing, rule);
    }
}
