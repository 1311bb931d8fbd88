//! The few things of the browser that the page uses, each in one line for the caller. Nothing here panics: what a
//! browser refuses (storage in a private window, the clipboard without a secure context) comes back as "no".

pub(crate) mod modal;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, Document, Element, HtmlAnchorElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement, MouseEvent, Url,
    Window,
};

#[wasm_bindgen]
extern "C" {
    /// `window`, which a page always has: the page never runs in a worker.
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Window;
}

pub(crate) fn window() -> Window {
    WINDOW.with(Clone::clone)
}

pub(crate) fn document() -> Option<Document> {
    window().document()
}

/// Milliseconds since the Unix epoch.
pub(crate) fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// Offset of local time from UTC at `ts` (microseconds since the epoch), minutes.
pub(crate) fn zone_minutes(ts: u64) -> i32 {
    let date = js_sys::Date::new(&JsValue::from_f64((ts / 1_000) as f64));
    -(date.get_timezone_offset() as i32)
}

/// Returns whether an event happened in an element of a selector.
pub(crate) fn is_inside(event: &MouseEvent, selector: &str) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| matches!(element.closest(selector), Ok(Some(_))))
}

/// Sets an attribute of the document's root, which styles and readers look at.
pub(crate) fn set_root(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        drop(root.set_attribute(name, value));
    }
}

/// Reports a keyboard with a command key.
pub(crate) fn is_mac() -> bool {
    let agent = window().navigator().user_agent().unwrap_or_default();
    agent.contains("Mac OS") || agent.contains("iPhone") || agent.contains("iPad")
}

/// A value of this browser's storage.
pub(crate) fn stored(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Keeps a value in this browser's storage, where there is one.
pub(crate) fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        drop(storage.set_item(key, value));
    }
}

/// The URL's fragment.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The URL's query.
pub(crate) fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// Goes to a place in the page; the browser's back button leads back.
pub(crate) fn go(fragment: &str) {
    drop(window().location().set_hash(fragment));
}

/// Goes to another page of the server.
pub(crate) fn leave(path: &str) {
    drop(window().location().set_href(path));
}

/// The host that the page came from, without its port.
pub(crate) fn host() -> String {
    window().location().hostname().unwrap_or_default()
}

/// The host that the page came from, with its port where it has one.
pub(crate) fn authority() -> String {
    window().location().host().unwrap_or_default()
}

/// Reports a layout for paper.
pub(crate) fn is_printed() -> bool {
    let list = window().match_media("print").ok().flatten();
    list.is_some_and(|list| list.matches())
}

/// Effect of an address change on the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// It is a step of its own: the back button takes it back.
    Push,
    /// It goes on with the step that was made.
    Replace,
}

/// Writes a place into the address bar without going there: the page is there already. A browser that is asked too
/// often refuses for a while, and the address is one step behind.
pub(crate) fn put_fragment(how: How, fragment: &str) {
    if let Ok(history) = window().history() {
        drop(match how {
            How::Push => history.push_state_with_url(&JsValue::NULL, "", Some(fragment)),
            How::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(fragment)),
        });
    }
}

/// Takes the fragment out of the address bar and out of the history.
pub(crate) fn wipe_fragment() {
    if let Ok(history) = window().history() {
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some("/")));
    }
}

/// Takes the query out of the address bar and out of the history; the place in the page stays.
pub(crate) fn wipe_query() {
    if let Ok(history) = window().history() {
        let url = ["/", &fragment()].concat();
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&url)));
    }
}

/// Reports the page's tab as hidden.
pub(crate) fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Posts a message to the parent page, if any. The target origin is open: only allowed origins may frame this page, and
/// the message is no secret.
pub(crate) fn tell_parent(word: &str) {
    let own = window();
    if let Ok(Some(parent)) = own.parent()
        && !js_sys::Object::is(&parent, &own)
    {
        drop(parent.post_message(&JsValue::from_str(word), "*"));
    }
}

/// Calls back before the next frame is drawn.
pub(crate) fn on_frame(callback: &Closure<dyn FnMut()>) {
    drop(window().request_animation_frame(callback.as_ref().unchecked_ref()));
}

/// Calls back at an interval for as long as the page is open.
pub(crate) fn every(ms: i32, callback: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(callback).into_js_value();
    drop(window().set_interval_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), ms));
}

/// Listens to an event of the window for as long as the page is open.
pub(crate) fn listen<E: wasm_bindgen::convert::FromWasmAbi + 'static>(name: &str, callback: impl FnMut(E) + 'static) {
    let callback = Closure::<dyn FnMut(E)>::new(callback).into_js_value();
    drop(window().add_event_listener_with_callback(name, callback.unchecked_ref()));
}

/// Listens to an event of the document for as long as the page is open.
pub(crate) fn listen_to_document(name: &str, callback: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(callback).into_js_value();
    if let Some(document) = document() {
        drop(document.add_event_listener_with_callback(name, callback.unchecked_ref()));
    }
}

/// A wait that ends by itself after `ms`, or earlier when the function that `wake` is given is called.
pub(crate) async fn sleep(ms: u32, wake: impl FnOnce(js_sys::Function)) {
    let mut wake = Some(wake);
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms));
        if let Some(wake) = wake.take() {
            wake(resolve);
        }
    });
    drop(JsFuture::from(promise).await);
}

/// Puts a text on the clipboard. Without a secure context there is none; then the old way through a selection is tried.
pub(crate) async fn copy(text: &str) -> bool {
    if window().is_secure_context() {
        let written = window().navigator().clipboard().write_text(text);
        if JsFuture::from(written).await.is_ok() {
            return true;
        }
    }
    copy_by_selection(text).unwrap_or(false)
}

fn copy_by_selection(text: &str) -> Option<bool> {
    let document = document()?;
    let focused = document.active_element();
    let area: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_class_name("off-screen");
    area.set_value(text);
    document.body()?.append_child(&area).ok()?;
    area.select();
    let command = js_sys::Reflect::get(&document, &JsValue::from_str("execCommand")).ok()?;
    let copied = command
        .dyn_ref::<js_sys::Function>()?
        .call1(&document, &JsValue::from_str("copy"))
        .ok()?;
    area.remove();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        drop(focused.focus());
    }
    Some(copied.is_truthy())
}

/// Puts the focus on the element with this id.
pub(crate) fn focus(id: &str) -> bool {
    let element = document().and_then(|document| document.get_element_by_id(id));
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
    element.focus().is_ok()
}

/// Sets a style by name. Through the object model, since the page's policy allows no style attributes.
pub(crate) fn style(element: &HtmlElement, name: &str, value: &str) {
    drop(element.style().set_property(name, value));
}

/// Has the browser save a text under a name.
pub(crate) fn save(name: &str, text: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence(&parts)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link = document().ok_or(JsValue::NULL)?.create_element("a")?;
    let link: HtmlAnchorElement = link.dyn_into().map_err(JsValue::from)?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}
