//! Audit log of the mirror, newest entry first.

use leptos::prelude::*;
use mirrord_wire::mirror::{AuditEntry, AuditKind, Device};

use crate::browser::zone_minutes;
use crate::format::text::shown;
use crate::format::time::{clock, rfc3339};
use crate::i18n::{Key, day, t};
use crate::store::app_state::use_store;
use crate::store::mirror::MirrorStore;

/// The most lines that are shown; the file has the rest.
const MAX_LINES: usize = 100;

fn word(kind: AuditKind) -> Key {
    match kind {
        AuditKind::Started => Key::AuditStarted,
        AuditKind::Stopped => Key::AuditStopped,
        AuditKind::Failed => Key::AuditFailed,
        AuditKind::SignedIn => Key::AuditSignedIn,
        AuditKind::SignInFailed => Key::AuditSignInFailed,
        AuditKind::Throttled => Key::AuditThrottled,
        AuditKind::TicketMade => Key::AuditTicketMade,
        AuditKind::Paired => Key::AuditPaired,
        AuditKind::PairingFailed => Key::AuditPairingFailed,
        AuditKind::SignedOut => Key::AuditSignedOut,
        AuditKind::Revoked => Key::AuditRevoked,
        AuditKind::DeviceChanged => Key::AuditDeviceChanged,
        AuditKind::Refused => Key::AuditRefused,
        AuditKind::EndedSession => Key::AuditEndedSession,
        AuditKind::NamedSession => Key::AuditNamedSession,
        AuditKind::SettingsChanged => Key::AuditSettingsChanged,
    }
}

/// Reports an entry that is highlighted: a failure or a refusal.
fn is_bad(kind: AuditKind) -> bool {
    use AuditKind::{Failed, PairingFailed, Refused, SignInFailed, Throttled};
    matches!(kind, Failed | SignInFailed | Throttled | PairingFailed | Refused)
}

/// The whole.
pub(crate) fn audit() -> AnyView {
    let mirror: MirrorStore = use_store();
    let lines = Memo::new(move |_| mirror.audit.get());
    let rows = move || {
        let devices = mirror.devices.read_untracked();
        lines
            .read()
            .iter()
            .take(MAX_LINES)
            .map(|entry| line(entry, &devices))
            .collect_view()
    };
    view! {
        <section class="part" data-testid="audit">
            <h2>{t(Key::MirrorAudit)}</h2>
            <p class="quiet">{t(Key::MirrorAuditText)}</p>
            <p class="quiet" hidden=move || !lines.read().is_empty()>{t(Key::MirrorAuditEmpty)}</p>
            <ol class="audit">{move || rows()}</ol>
        </section>
    }
    .into_any()
}

fn line(entry: &AuditEntry, devices: &[Device]) -> AnyView {
    let at = rfc3339(&entry.at).map_or_else(String::new, |at| clock(at, zone_minutes(at)));
    // Its fraction is of no use here.
    let time = at.split(['.', ',']).next().unwrap_or_default().to_owned();
    let mut who = Vec::new();
    if let Some(id) = &entry.device {
        let known = devices.iter().find(|device| device.id == *id);
        who.extend(known.map(|device| shown(&device.name, 40)));
    }
    who.extend(entry.address.clone());
    // A device that was paired, or revoked, is named by the detail as well.
    let detail = shown(&entry.detail, 200);
    if !detail.is_empty() && !who.contains(&detail) {
        who.push(detail);
    }
    view! {
        <li class:bad=is_bad(entry.kind)>
            <time class="tabular" title=entry.at.clone()><span>{day(entry.at.get(..10).unwrap_or_default())}</span>" "{time}</time>
            <strong>{t(word(entry.kind))}</strong>
            <span class="quiet">{who.join(" · ")}</span>
        </li>
    }
    .into_any()
}
