//! Signed-in devices: one row each, in a stable order. Revoking a device or granting a permission asks for
//! confirmation.

use leptos::prelude::*;
use mirrord_wire::mirror::{Device, Role};

use super::parts::fault;
use crate::api::socket::ApiHandle;
use crate::browser::modal;
use crate::components::dialog::dialog;
use crate::controllers::mirror::update_device;
use crate::erased::handler;
use crate::format::text::shown;
use crate::format::time::rfc3339;
use crate::i18n::{Key, lasted, t, with};
use crate::state::mirror::{Body, Field, ids};
use crate::store::app_state::use_store;
use crate::store::connection::ConnectionStore;
use crate::store::mirror::MirrorStore;

/// The id of the question's dialog.
const QUESTION: &str = "mirror-question";

/// Action that awaits confirmation.
#[derive(Debug, Clone, PartialEq)]
enum Ask {
    Grant(String),
    Revoke(String),
    RevokeAll,
}

type Asked = RwSignal<Option<Ask>>;

/// The whole.
pub(crate) fn devices() -> AnyView {
    let mirror: MirrorStore = use_store();
    let asked: Asked = RwSignal::new(None);
    let known = Memo::new(move |_| ids(&mirror.devices.read()));
    let all = move |_| question(asked, Ask::RevokeAll);
    view! {
        <section class="part" data-testid="devices">
            <h2>{t(Key::MirrorDevices)}</h2>
            <p class="quiet" hidden=move || !known.read().is_empty()>{t(Key::MirrorNoDevices)}</p>
            <ul class="devices">
                {move || known.get().into_iter().map(|id| device(asked, id)).collect_view()}
            </ul>
            <button type="button" class="button danger" hidden=move || {known.read().len() <= 1} data-testid="revoke-all" on:click=handler(all)>
                {t(Key::MirrorRevokeAll)}
            </button>
            {fault(mirror, Field::Devices)}
            {ask(mirror, asked)}
        </section>
    }
    .into_any()
}

fn question(asked: Asked, about: Ask) {
    asked.set(Some(about));
    modal::open(QUESTION);
}

fn device(asked: Asked, id: String) -> AnyView {
    let connection: ConnectionStore = use_store();
    let mirror: MirrorStore = use_store();
    let api: ApiHandle = expect_context();
    let own = {
        let id = id.clone();
        Memo::new(move |_| {
            mirror
                .devices
                .read()
                .iter()
                .find(|device| device.id == id)
                .cloned()
                .unwrap_or_default()
        })
    };
    let name = Memo::new(move |_| own.read().name.clone());
    let ends = Memo::new(move |_| own.read().role == Role::Controller);
    let role = move || {
        t(if ends.get() {
            Key::MirrorController
        } else {
            Key::MirrorViewer
        })
    };
    let other = move || {
        t(if ends.get() {
            Key::MirrorTakeBack
        } else {
            Key::MirrorGrant
        })
    };
    let rename = {
        let id = id.clone();
        move |event: web_sys::Event| {
            update_device(
                mirror,
                api,
                &id,
                Some(Body::default().text("name", &event_target_value(&event))),
            )
        }
    };
    let change = {
        let id = id.clone();
        move |_| {
            if ends.get_untracked() {
                update_device(mirror, api, &id, Some(Body::default().text("role", "viewer")));
            } else {
                question(asked, Ask::Grant(id.clone()));
            }
        }
    };
    let revoke = {
        let id = id.clone();
        move |_| question(asked, Ask::Revoke(id.clone()))
    };
    view! {
        <li data-testid="device" data-device=id>
            <span class=move || if own.read().sockets == 0 { "dot" } else { "dot good" } aria-hidden="true"></span>
            <input
                class="name" aria-label=t(Key::MirrorDeviceName) maxlength="64" data-testid="device-name"
                prop:value=move || name.get() on:change=handler(rename)
            />
            <span class="role" data-testid="device-role">{move || role()}</span>
            <p class="quiet">
                <bdi class="mono">{move || own.read().address.clone()}</bdi>
                {move || times(&own.read(), connection.now.get())}
            </p>
            <div class="acts">
                <button type="button" class="button" data-testid="device-grant" on:click=handler(change)>{move || other()}</button>
                <button type="button" class="button danger" data-testid="device-revoke" on:click=handler(revoke)>{t(Key::MirrorRevoke)}</button>
            </div>
        </li>
    }
    .into_any()
}

/// Times of a device: its sign-in, its last request, and its expiry.
fn times(device: &Device, now: u64) -> String {
    let ago =
        |at: &str| rfc3339(at).map_or_else(String::new, |at| with(Key::EndedAgo, &lasted(now.saturating_sub(at))));
    let seen = if device.sockets > 0 {
        t(Key::MirrorConnectedNow).to_owned()
    } else {
        with(Key::MirrorSeen, &ago(&device.last_seen_at))
    };
    let left = rfc3339(&device.expires_at).map_or(0, |until| until.saturating_sub(now));
    let signed_in = with(Key::MirrorSignedIn, &ago(&device.signed_in_at));
    let until = with(Key::MirrorExpires, &lasted(left));
    [" · ", &seen, " · ", &signed_in, " · ", &until].concat()
}

fn ask(mirror: MirrorStore, asked: Asked) -> AnyView {
    let api: ApiHandle = expect_context();
    let name = move |id: &str| {
        let devices = mirror.devices.read();
        devices
            .iter()
            .find(|device| device.id == id)
            .map(|device| shown(&device.name, 60))
            .unwrap_or_default()
    };
    let title = move || match asked.get() {
        None => String::new(),
        Some(Ask::Grant(id)) => with(Key::MirrorGrantAsk, &name(&id)),
        Some(Ask::Revoke(id)) => with(Key::MirrorRevokeAsk, &name(&id)),
        Some(Ask::RevokeAll) => t(Key::MirrorRevokeAllAsk).to_owned(),
    };
    let grants = move || matches!(*asked.read(), Some(Ask::Grant(_)));
    let text = move || {
        t(if grants() {
            Key::MirrorGrantText
        } else {
            Key::MirrorRevokeText
        })
    };
    let go = move || {
        t(if grants() {
            Key::MirrorGrantGo
        } else {
            Key::MirrorRevokeGo
        })
    };
    let act = move |_| {
        modal::close(QUESTION);
        match asked.get_untracked() {
            None => {}
            Some(Ask::Grant(id)) => update_device(mirror, api, &id, Some(Body::default().text("role", "controller"))),
            Some(Ask::Revoke(id)) => update_device(mirror, api, &id, None),
            Some(Ask::RevokeAll) => update_device(mirror, api, "", None),
        }
    };
    let inside = view! {
        <div class="question">
            <h2>{move || title()}</h2>
            <p>{move || text()}</p>
            <div class="acts">
                <button type="button" class="button" on:click=handler(|_| modal::close(QUESTION))>{t(Key::Cancel)}</button>
                <button type="button" class="button danger" data-testid="question-go" on:click=handler(act)>{move || go()}</button>
            </div>
        </div>
    };
    let closed = Callback::new(|()| {});
    dialog(QUESTION, t(Key::MirrorDevices), closed, inside.into_any())
}
