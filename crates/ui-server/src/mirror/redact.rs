//! Redaction for devices on the network: to them go the fields and the shapes that are known to hold no secret.
//!
//! Closed by default: a field that its type does not have, a type that this version does not know and a value of another
//! shape are left out, and counted. Of a command line a device gets the program, its options' names and plain paths,
//! unless the desktop lets devices see command lines whole. What is hidden within a value becomes `***`. This file is
//! pure, and its work is done once a line. The structs of `wire` are taken apart field by field, so that a new field does
//! not compile before it has a rule.

use mirrord_wire::api::{LockedPort, OperatorSession, OperatorSessions, VersionInfo};
use mirrord_wire::mirror::Sidebar;
use mirrord_wire::session::summary::{Redaction, Summary};
use mirrord_wire::session::{Connection, Listener, Process};
use mirrord_wire::{Counters, Exit, ProcessInfo, SessionDetail, SessionInfo, SessionState, SessionSummary};

mod command;
mod json;
mod line;
mod lists;
mod values;
mod words;

pub(crate) use line::{Shown, line};
pub(crate) use values::version;

use line::{UNKNOWN, is_known};

/// Fields that the desktop lets devices see beyond those that are known to be harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Disclosure {
    /// Command lines whole, but for the values of variables.
    pub(crate) command_lines: bool,
}

/// Disclosure of a text.
type Rule = fn(&str) -> values::Shown<'_>;

/// Replaces a text by what a rule shows of it.
fn apply(rule: Rule, text: &mut String) {
    let shown = rule(text);
    if shown != text.as_str() {
        *text = shown.into_owned();
    }
}

fn apply_all<'a>(rule: Rule, texts: impl IntoIterator<Item = &'a mut String>) {
    texts.into_iter().for_each(|text| apply(rule, text));
}

/// Hides what a device is not shown of the command line of a process of that name.
fn command_line(words: &mut [String], process_name: &str, disclosure: Disclosure) {
    if disclosure.command_lines {
        command::hide_variables(words);
    } else {
        command::hide(words, process_name);
    }
}

/// Redacts a session's summary for a device.
pub(crate) fn info(info: &mut SessionInfo, disclosure: Disclosure) {
    let SessionInfo {
        session_id: _,
        protocol_version: _,
        is_operator: _,
        redirects: _,
        target,
        started_at,
        mirrord_version,
        processes,
        port_subscriptions,
        config_path,
        namespace,
        context,
        key,
        config,
        config_source,
        name,
        cwd,
        terminal,
        exit,
    } = info;
    *key = None;
    // Its comments, patterns and facts may hold anything; what is known to be harmless of it is in `config`.
    *config_source = None;
    apply(values::object, target);
    apply(values::time, started_at);
    apply(version, mirrord_version);
    processes.iter_mut().for_each(|own| process(own, disclosure));
    ports(port_subscriptions);
    apply_all(values::path, config_path);
    apply_all(values::object, namespace);
    apply_all(values::context, context);
    apply_all(values::title, name);
    apply_all(values::path, cwd);
    apply_all(values::path, terminal);
    exit.iter_mut().for_each(end);
    if let Some(config) = config {
        json::config("", config);
    }
}

fn process(process: &mut ProcessInfo, disclosure: Disclosure) {
    let ProcessInfo {
        pid: _,
        parent_pid: _,
        process_name,
        cmdline,
        cwd,
    } = process;
    command_line(cmdline, process_name, disclosure);
    apply(values::process, process_name);
    apply_all(values::path, cwd);
}

fn end(exit: &mut Exit) {
    let Exit { code: _, signal } = exit;
    if let Some(signal) = signal {
        *signal = values::signal(signal).into_owned().into();
    }
}

fn ports(ports: &mut [mirrord_wire::PortSubscription]) {
    for port in ports {
        let mirrord_wire::PortSubscription {
            port: _,
            mode,
            filter,
            address,
        } = port;
        apply(values::word, mode);
        apply_all(values::filter, filter);
        apply_all(values::local_address, address);
    }
}

/// A session in a list, for a device.
pub(crate) fn summary(summary: &mut SessionSummary, disclosure: Disclosure) {
    let SessionSummary {
        info,
        reason,
        socket,
        counts,
        status: _,
        ended_at: _,
        routing: _,
        rate: _,
        recent: _,
        traffic: _,
        seq: _,
        oldest_seq: _,
        missed: _,
        before: _,
        suppressed: _,
        process_count: _,
        end: _,
        notes,
        record,
        recording,
        extra,
    } = summary;
    // The name of a file that a person chose.
    if let Some(record) = record {
        record.file = None;
    }
    // Fields of another version: what is in them is not known.
    extra.clear();
    notes.iter_mut().for_each(|note| *note = words::text(note));
    self::info(info, disclosure);
    *reason = reason.as_deref().map(words::text);
    *socket = None;
    *recording = None;
    rename(counts, type_name);
}

/// A session with everything, for a device.
pub(crate) fn detail(detail: &mut SessionDetail, disclosure: Disclosure) {
    let SessionDetail { summary, state } = detail;
    self::summary(summary, disclosure);
    let SessionState {
        seq: _,
        oldest_seq: _,
        policy: _,
        processes_omitted: _,
        dropped: _,
        counters,
        processes,
        port_subscriptions,
        outgoing,
        hosts,
        paths,
        env_names,
        incomplete,
        connections,
        listeners,
        traffic: _,
    } = state;
    sockets(&mut connections.items, &mut listeners.items);
    apply_all(values::word, incomplete);
    self::counters(counters);
    for own in processes.iter_mut() {
        let Process {
            info,
            started_ts: _,
            ended_ts: _,
            exit,
        } = own;
        end(exit);
        process(info, disclosure);
    }
    ports(port_subscriptions);
    let names: [(_, Rule); 4] = [
        (outgoing, values::address),
        (hosts, values::host),
        (paths, values::path),
        (env_names, values::variable),
    ];
    for (top, rule) in names {
        top.rename(|name| {
            let shown = rule(name);
            (shown != name).then(|| shown.into_owned())
        });
    }
}

/// Numbers of events, for a device.
pub(crate) fn counters(counters: &mut Counters) {
    let Counters {
        total: _,
        by_routing: _,
        by_outcome: _,
        by_type,
        by_operation,
    } = counters;
    rename(by_type, type_name);
    rename(by_operation, |name| values::word(name).into_owned());
}

/// Answers of a session, for a device: of a command its program alone.
pub(crate) fn answers(answers: &mut Summary) {
    let program = |command: &str| {
        let program = command.split(' ').next().unwrap_or_default();
        let name = program.rsplit('/').next().unwrap_or_default();
        values::process(name).into_owned()
    };
    answers.redact(&Redaction {
        path: &|path| values::path(path).into_owned(),
        address: &|address| values::address(address).into_owned(),
        host: &|host| values::host(host).into_owned(),
        command: &program,
        signal: &|signal| values::signal(signal).into_owned(),
    });
}

/// A session's connections and listeners, for a device.
pub(crate) fn sockets(connections: &mut [Connection], listeners: &mut [Listener]) {
    for connection in connections {
        let Connection {
            pid: _,
            direction: _,
            outcome: _,
            bytes_in: _,
            bytes_out: _,
            rtt_us: _,
            opened_ts: _,
            closed_ts: _,
            protocol,
            local,
            remote,
            state,
        } = connection;
        apply(values::word, protocol);
        apply(values::socket_word, state);
        apply_all(values::address, [local, remote]);
    }
    for listener in listeners {
        let Listener {
            pid: _,
            port: _,
            arrivals: _,
            open: _,
            last_ts: _,
            bytes_in: _,
            bytes_out: _,
            closed_ts: _,
            holder_pid: _,
            protocol,
            address,
            note,
            holder,
        } = listener;
        apply_all(values::process, holder);
        apply(values::word, protocol);
        apply_all(values::socket_word, note);
        apply(values::local_address, address);
    }
}

/// The name of a type, where it is one of ours.
fn type_name(name: &str) -> String {
    if is_known(name) || name == mirrord_wire::session::OTHER {
        name.to_owned()
    } else {
        UNKNOWN.to_owned()
    }
}

/// Gives counted names another form; what becomes the same is counted together.
fn rename(counts: &mut std::collections::BTreeMap<String, u64>, other: impl Fn(&str) -> String) {
    for (name, count) in std::mem::take(counts) {
        let sum: &mut u64 = counts.entry(other(&name)).or_default();
        *sum = sum.saturating_add(count);
    }
}

/// The edition, for a device: what a license is known by stays on the desktop.
pub(crate) fn version_info(info: &mut VersionInfo) {
    let VersionInfo {
        version: _,
        protocol_version: _,
        edition: _,
        pending: _,
        reason,
        show_env_values,
        operator_version,
        supported_features,
        license,
    } = info;
    *reason = reason.as_deref().map(words::text);
    *show_env_values = false;
    apply_all(version, operator_version);
    apply_all(values::short_name, supported_features);
    if let Some(license) = license {
        (license.fingerprint, license.subscription_id) = (None, None);
        apply_all(values::context, [&mut license.name, &mut license.organization]);
        apply(values::time, &mut license.expire_at);
    }
}

/// The operator's sessions, for a device.
pub(crate) fn operator_sessions(answer: &mut OperatorSessions) {
    let OperatorSessions {
        edition: _,
        pending: _,
        asked_at: _,
        omitted: _,
        reason,
        sessions,
    } = answer;
    *reason = reason.as_deref().map(words::text);
    for session in sessions {
        let OperatorSession {
            duration_secs: _,
            id,
            user,
            target,
            namespace,
            locked_ports,
        } = session;
        apply_all(values::object, id.iter_mut().chain([target]).chain(namespace));
        apply(values::context, user);
        for LockedPort { port: _, mode, filter } in locked_ports {
            apply(values::word, mode);
            apply_all(values::filter, filter);
        }
    }
}

/// The desktop's list of sessions, for a device: `view` is whatever the page wrote.
pub(crate) fn sidebar(sidebar: &mut Sidebar) {
    let Sidebar {
        version: _,
        order: _,
        pinned: _,
        selected: _,
        view,
    } = sidebar;
    if let Some(view) = view {
        json::sidebar_view(view);
    }
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
