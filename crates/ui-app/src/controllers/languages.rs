//! Controller of the page's language and its catalogue. English is built in; another language is fetched once, and
//! until then, or if that fails, the page keeps its current one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mirrord_catalogues::Language;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Element, HtmlElement, RequestInit, Response};

use crate::browser::{document, focus, set_root, sleep, window};
use crate::erased::effect;
use crate::i18n::{adopt, is_known, language, learn};
use crate::ids;
use crate::state::preferences::Preferences;
use crate::store::preferences::PreferencesStore;

/// Time-outs for the catalogue before the first rendering, and after it.
const FIRST_MS: u32 = 1_500;
const LATER_MS: u32 = 20_000;
/// The longest catalogue that is taken, characters: none of ours has a tenth of it.
const MAX_CHARS: u32 = 200_000;

/// The tags and hashes of the catalogues, from `build.rs`.
const CATALOGUES: &str = env!("CATALOGUES");

/// The path of a language's catalogue, if there is one.
fn path_of(language: Language) -> Option<String> {
    let mut names = CATALOGUES.split(' ').filter_map(|name| name.rsplit_once('-'));
    let (tag, hash) = names.find(|(tag, _)| *tag == language.tag())?;
    Some(["/assets/i18n/", tag, ".txt?", hash].concat())
}

/// Reports a language that is loaded or can be fetched.
pub(crate) fn is_offered(language: Language) -> bool {
    is_known(language) || path_of(language).is_some()
}

/// The language that was chosen, or the best of those that the browser asks for.
fn wanted(own: &Preferences) -> Language {
    own.language.unwrap_or_else(|| {
        let asked = window().navigator().languages();
        Language::best(asked.iter().filter_map(|tag| tag.as_string()))
    })
}

/// Gets the first picture's language, for as long as a reader can be kept waiting.
pub(crate) async fn first(own: &Preferences) {
    let wanted = wanted(own);
    fetch(wanted, FIRST_MS).await;
    speak(wanted);
}

/// Speaks what is wanted from now on. `spoken` changes once the page does.
pub(crate) fn follow(own: PreferencesStore) {
    let wanted = Memo::new(move |_| wanted(&own.current.read()));
    effect(move || {
        let next = wanted.get();
        spawn_local(async move {
            fetch(next, LATER_MS).await;
            // Meanwhile another one may have been chosen.
            if wanted.get_untracked() == next && language() != next {
                let menu = open_menu();
                speak(next);
                own.language.set(language());
                if menu.is_some() {
                    sleep(0, drop).await;
                    reopen_menu();
                }
            }
        });
    });
}

/// The menu of preferences, where it is open.
fn open_menu() -> Option<Element> {
    document()?
        .query_selector(&["#", ids::PREFERENCES, ":popover-open"].concat())
        .ok()?
}

/// Reopens the menu in which the language was changed.
fn reopen_menu() {
    let element = |id| document()?.get_element_by_id(id)?.dyn_into::<HtmlElement>().ok();
    if let Some(menu) = element(ids::PREFERENCES) {
        drop(menu.show_popover());
        focus(ids::LANGUAGE);
    }
}

fn speak(wanted: Language) {
    adopt(wanted);
    set_root("lang", language().tag());
    set_root("dir", language().direction());
}

async fn fetch(language: Language, ms: u32) {
    if is_known(language) {
        return;
    }
    if let Some(text) = download(language, ms).await.filter(|text| !text.is_empty()) {
        learn(language, text);
    }
}

/// A catalogue is public, as the page itself is: no token is needed, and none is sent.
async fn download(language: Language, ms: u32) -> Option<String> {
    let path = path_of(language)?;
    let options = RequestInit::new();
    options.set_signal(Some(&AbortSignal::timeout_with_u32(ms)));
    let answer = JsFuture::from(window().fetch_with_str_and_init(&path, &options))
        .await
        .ok()?;
    let response: Response = answer.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok().filter(|_| response.ok())?)
        .await
        .ok()?;
    let text: js_sys::JsString = text.dyn_into().ok()?;
    (text.length() <= MAX_CHARS).then(|| String::from(text))
}
