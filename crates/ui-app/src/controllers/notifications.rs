//! Notifications of the browser when sessions end. Off until the reader turns them on, which asks the browser's permission.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mirrord_wire::SessionEnd;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use crate::browser::{go, window};
use crate::erased::effect;
use crate::format::text::shown;
use crate::i18n::{Key, count, lasted, t};
use crate::state::answers;
use crate::state::endings::Endings;
use crate::state::preferences::Notify;
use crate::state::route::Route;
use crate::state::sessions::Session;
use crate::store::app_state::AppState;
use crate::store::preferences::PreferencesStore;

/// The most notifications at once; more sessions that end together are one.
const MAX_AT_ONCE: usize = 3;
/// The characters of a session's title.
const TITLE_CHARS: usize = 80;

/// Support of notifications by this browser, for this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Support {
    /// It does, or asks first.
    Offered,
    /// The reader, or the browser by itself, blocks them.
    Blocked,
    /// The page came over a connection that is not secure.
    Insecure,
    /// It has none.
    Missing,
}

/// Asks the browser.
pub(crate) fn support() -> Support {
    if !window().is_secure_context() {
        return Support::Insecure;
    }
    let is_there = js_sys::Reflect::has(&window(), &JsValue::from_str("Notification"));
    match is_there {
        Ok(true) => match Notification::permission() {
            NotificationPermission::Denied => Support::Blocked,
            // Not shown without a permission; where only a service worker may show one, as on Android, it is an error.
            NotificationPermission::Default if Notification::new("").is_err() => Support::Missing,
            _ => Support::Offered,
        },
        _ => Support::Missing,
    }
}

fn is_granted() -> bool {
    support() == Support::Offered && Notification::permission() == NotificationPermission::Granted
}

/// Turns notifications on, where the browser's permission is given, or off; then calls `done`. To be called by a click: a
/// browser asks at no other time.
pub(crate) fn choose(own: PreferencesStore, wanted: bool, done: impl FnOnce() + 'static) {
    if !wanted || is_granted() {
        own.update(|own| own.notify = if wanted { Notify::On } else { Notify::Off });
        return done();
    }
    let asked = match support() {
        Support::Offered => Notification::request_permission(),
        _ => return done(),
    };
    spawn_local(async move {
        if let Ok(asked) = asked {
            drop(JsFuture::from(asked).await);
        }
        if is_granted() {
            own.update(|own| own.notify = Notify::On);
        }
        done();
    });
}

/// Notifies of each session that ends, for as long as the page is open.
pub(crate) fn follow(state: AppState) {
    let endings = StoredValue::new(Endings::default());
    let is_on = Memo::new(move |_| state.preferences.current.read().notify == Notify::On);
    effect(move || {
        if !is_on.get() {
            endings.update_value(Endings::clear);
            return;
        }
        let ended = state
            .sessions
            .with(|sessions| endings.try_update_value(|endings| endings.update(sessions)))
            .unwrap_or_default();
        if ended.is_empty() || !is_granted() {
            return;
        }
        if ended.len() > MAX_AT_ONCE {
            let title = count(Key::NotifyMany, ended.len() as u64);
            return show(&title, "", "", Route::default().fragment());
        }
        state.sessions.with_untracked(|sessions| {
            for session in ended.iter().filter_map(|id| sessions.get(id)) {
                let title = match session.title() {
                    title if title.is_empty() => t(Key::NoCommand).to_owned(),
                    title => shown(&title, TITLE_CHARS),
                };
                show(&title, &how(session), session.id(), Route::to_session(session.id()));
            }
        });
    });
}

/// End of a session, in words: its exit and how long it ran.
fn how(session: &Session) -> String {
    let exit = session.summary.info.exit.as_ref();
    let exit = exit.and_then(|exit| answers::exit(exit.signal.as_deref(), exit.code.map(i64::from)));
    let broken = (session.summary.end == Some(SessionEnd::Broken)).then(|| t(Key::EndedBroken).to_owned());
    let word = exit.or(broken).unwrap_or_else(|| t(Key::StatusEnded).to_owned());
    let ran = session.started().zip(session.ended());
    let ran = ran.map(|(started, ended)| lasted(ended.saturating_sub(started)));
    [Some(word), ran].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Shows one; a click leads to the place. Several windows of the page show one of a tag. Shows none where only a service
/// worker may.
fn show(title: &str, body: &str, tag: &str, fragment: String) {
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(&["mirrord-", tag].concat());
    let Ok(shown) = Notification::new_with_options(title, &options) else {
        return;
    };
    let of_click = shown.clone();
    let on_click = Closure::once_into_js(move || {
        drop(window().focus());
        go(&fragment);
        of_click.close();
    });
    shown.set_onclick(Some(on_click.unchecked_ref()));
}
