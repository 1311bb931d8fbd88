//! Status of the mirror: addresses, credentials, connected devices, and the reason for which it is unreachable.

use leptos::prelude::*;
use mirrord_wire::mirror::{CredentialsSource, MirrorState, MirrorStatus, Reach};

use super::parts::{health, word};
use crate::components::copy::CopyButton;
use crate::format::text::shown;
use crate::i18n::{Key, t};
use crate::store::app_state::use_store;
use crate::store::mirror::MirrorStore;

/// The whole.
pub(crate) fn status() -> AnyView {
    let mirror: MirrorStore = use_store();
    let text = |get: fn(&MirrorStatus) -> Option<&str>| {
        Memo::new(move |_| {
            let status = mirror.status.read();
            status.as_ref().and_then(get).unwrap_or_default().to_owned()
        })
    };
    let reason = text(|status| status.reason.as_deref());
    let warning = text(|status| status.warning.as_deref());
    // What is drawn anew when it changes, and not each time that a device is heard of.
    let drawn = Memo::new(move |_| {
        let status = mirror.status.read();
        let status = status.as_ref().filter(|status| status.state == MirrorState::On)?;
        let names: Vec<_> = status.connected.iter().map(|device| shown(&device.name, 60)).collect();
        Some((status.urls.clone(), status.credentials.clone(), names))
    });
    view! {
        <p class="mirror-state">
            <span class=move || health(mirror) aria-hidden="true"></span>
            <span role="status" data-testid="mirror-state">{move || word(mirror)}</span>
        </p>
        <p class="fault" hidden=move || reason.read().is_empty() data-testid="mirror-reason">{move || reason.get()}</p>
        <p class="fault" hidden=move || warning.read().is_empty() data-testid="mirror-warning">{move || warning.get()}</p>
        <dl class="told" hidden=move || drawn.read().is_none() data-testid="mirror-addresses">
            {move || drawn.get().map(|(urls, credentials, names)| {
                let mut rows: Vec<AnyView> = urls.into_iter().map(|url| {
                    let own = if url.reach == Reach::Local { Key::MirrorLocal } else { Key::MirrorNetwork };
                    row(t(own), url.interface.as_deref().unwrap_or_default(), &url.url, true)
                }).collect();
                rows.push(row(t(Key::MirrorUser), "", &credentials.username, true));
                let source = match credentials.source {
                    CredentialsSource::Settings => Key::MirrorFromSettings,
                    CredentialsSource::Environment => Key::MirrorFromEnvironment,
                    CredentialsSource::Random => Key::MirrorForThisRun,
                };
                rows.push(match credentials.password {
                    Some(password) => row(t(Key::MirrorPassword), t(source), &password, true),
                    None => row(t(Key::MirrorPassword), "", t(source), false),
                });
                if !names.is_empty() {
                    rows.push(row(t(Key::MirrorConnectedNow), "", &names.join(", "), false));
                }
                rows.into_any()
            })}
        </dl>
    }
    .into_any()
}

fn row(label: &'static str, hint: &str, value: &str, is_machine: bool) -> AnyView {
    let (value, hint) = (value.to_owned(), hint.to_owned());
    let copied = value.clone();
    view! {
        <div>
            <dt>{label}<small>{hint}</small></dt>
            <dd>
                <bdi class:mono=is_machine>{value}</bdi>
                {is_machine.then(|| view! { <CopyButton label=Key::Copy text=move || copied.clone()/> })}
            </dd>
        </div>
    }
    .into_any()
}
