//! Views of the mirror outside its settings: the indicator in the desktop's header, the banner on a device.

mod audit;
mod devices;
mod pairing;
mod parts;
mod settings;
mod status;

pub(crate) use audit::audit;
pub(crate) use devices::devices;
pub(crate) use pairing::pairing;
pub(crate) use settings::{form, switch};
pub(crate) use status::status;

use leptos::prelude::*;
use mirrord_wire::mirror::Permission;
use parts::{health, word};

use crate::api::socket::ApiHandle;
use crate::erased::handler;
use crate::i18n::{Key, t, with};
use crate::store::app_state::use_store;
use crate::store::mirror::MirrorStore;

/// The id of what the indicator opens.
const MENU: &str = "mirror-menu";

/// In the desktop's header: how the mirror does; behind it where it is, and the way to its settings.
pub(crate) fn indicator() -> AnyView {
    let mirror: MirrorStore = use_store();
    let word = Memo::new(move |_| word(mirror));
    let label = move || [t(Key::MirrorTitle), ": ", &word.read()].concat();
    let manages = move || mirror.may(Permission::ManageMirror);
    view! {
        <button
            type="button" class="pill mirror-pill" hidden=move || !manages() popovertarget=MENU data-testid="mirror-indicator"
            aria-label=move || label() title=move || label()
        >
            <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M5 1.75h6a1 1 0 0 1 1 1v10.5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V2.75a1 1 0 0 1 1-1zM7.25 12h1.5"></path></svg>
            <span class=move || health(mirror) aria-hidden="true"></span>
            <span class="wide">{move || word.get()}</span>
        </button>
        <div id=MENU popover="auto" class="menu mirror-menu" role="group" aria-label=t(Key::MirrorTitle) data-testid="mirror-menu">
            <h2>{t(Key::MirrorTitle)}</h2>
            {status()}
            <a class="button" href="#/settings" data-testid="mirror-settings" on:click=handler(|_| close_menu())>{t(Key::MirrorSettings)}</a>
        </div>
    }
    .into_any()
}

fn close_menu() {
    use wasm_bindgen::JsCast;
    let menu = crate::browser::document().and_then(|document| document.get_element_by_id(MENU));
    if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(menu.hide_popover());
    }
}

/// On a device: whose sessions these are, and what may be done.
pub(crate) fn banner() -> AnyView {
    let mirror: MirrorStore = use_store();
    let says = move || {
        let ends = mirror.may(Permission::EndSessions);
        let key = if ends { Key::MirrorBannerEnds } else { Key::MirrorBanner };
        with(key, &mirror.machine())
    };
    // Who is nobody has nothing to see, and is told so in the middle.
    let is_device = move || mirror.is_device() && mirror.may(Permission::Read);
    let api: ApiHandle = expect_context();
    let sign_out = move |_| {
        let done = |_| crate::browser::leave("/mirror/sign-in");
        api.with_value(|api| api.ask("POST", "/mirror/sign-out".to_owned(), None, done));
    };
    view! {
        <aside class="banner" hidden=move || !is_device() data-testid="mirror-banner">
            <span>{move || says()}</span>
            <button type="button" class="link" data-testid="sign-out" on:click=handler(sign_out)>{t(Key::MirrorSignOut)}</button>
        </aside>
    }
    .into_any()
}
