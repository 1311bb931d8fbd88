//! Events as a decision and as suggestions need them; the latter gathered on the event worker where `--summary` asks for it.

use mirrord_config::EventFields;
use mirrord_what_if::{Line, Run};
use mirrord_wire::{MonitorEvent, Observation};

/// Distinct operations that suggestions look at; the others are counted.
const MAX_OPERATIONS: usize = 20_000;

/// Run as far as it was observed.
pub(super) struct ObservedRun {
    run: Run,
    newest: u64,
}

impl Default for ObservedRun {
    fn default() -> Self {
        Self {
            run: Run::bounded(MAX_OPERATIONS),
            newest: 0,
        }
    }
}

impl ObservedRun {
    pub(super) fn add(&mut self, observation: &Observation) {
        self.newest += 1;
        let mut line = line(observation);
        line.seq = self.newest;
        self.run.observe(&line);
    }

    pub(super) fn take(&mut self) -> Run {
        std::mem::take(self).run
    }
}

fn line(observation: &Observation) -> Line {
    let fields = fields(observation);
    let EventFields {
        kind,
        path,
        passed,
        write,
        operation,
        host,
        port,
        address,
        protocol,
        sendto,
        depends_on,
    } = fields;
    let mut line = Line {
        kind,
        path,
        passed,
        write,
        operation,
        host,
        port,
        address,
        protocol,
        sendto,
        depends_on,
        pid: observation.pid,
        routing: observation.routing.map(|own| own.name().to_owned()),
        rule: observation.rule.as_deref().map(str::to_owned),
        outcome: observation.outcome.map(|own| own.name().to_owned()),
        ..Line::default()
    };
    let unhooked = observation.detail.as_deref().and_then(|detail| detail.unhooked);
    line.unhooked = unhooked.map(|reason| reason.name().to_owned());
    match &observation.event {
        MonitorEvent::EnvVar { vars } => line.vars.clone_from(vars),
        MonitorEvent::ListenerUpdate(own) => {
            line.port = Some(own.port);
            line.protocol = Some(own.protocol.to_string());
            line.arrivals = own.arrivals;
            line.note = own.note.as_deref().map(str::to_owned);
        }
        MonitorEvent::ConnectionUpdate(own) => {
            line.direction = Some(
                if own.direction == mirrord_wire::Direction::In {
                    "in"
                } else {
                    "out"
                }
                .to_owned(),
            );
            line.local = Some(own.local.clone());
        }
        _ => {}
    }
    line
}

/// The fields of an event that decide it.
pub(super) fn fields(observation: &Observation) -> EventFields {
    let detail = observation.detail.as_deref().cloned().unwrap_or_default();
    let mut fields = EventFields {
        kind: observation.event.kind().to_owned(),
        passed: detail.passed,
        write: detail.write,
        depends_on: detail.depends_on,
        port: detail.port,
        sendto: detail.sendto,
        ..EventFields::default()
    };
    match &observation.event {
        MonitorEvent::FileOp { path, operation } => {
            fields.path.clone_from(path);
            fields.operation = operation.to_string();
        }
        MonitorEvent::DnsQuery { host } => fields.host.clone_from(host),
        MonitorEvent::OutgoingConnection {
            address,
            port,
            protocol,
        } => {
            fields.address.clone_from(address);
            fields.port = Some(*port);
            fields.protocol = protocol.as_ref().map(ToString::to_string);
        }
        MonitorEvent::PortSubscription { port, address, .. } => {
            fields.port = Some(*port);
            fields.address = address.clone().unwrap_or_default();
        }
        _ => {}
    }
    fields
}
