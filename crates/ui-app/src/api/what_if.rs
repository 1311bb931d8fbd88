//! The Worker of "what if": started when that is opened, ended with it. Its wasm is loaded by itself then.

use mirrord_what_if::message::{Answer, READY, Request};
use mirrord_wire::from_json;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

/// Script of the Worker; Trunk copies it beside the wasm.
const SCRIPT: &str = "/assets/what-if/worker.js";

/// Message of the Worker.
pub(crate) enum Reply {
    /// It runs.
    Ready,
    /// The answer to a request.
    Decided(Answer),
    /// It could not be loaded, or broke down.
    Failed,
}

/// A running Worker.
pub(crate) struct Evaluator {
    worker: Worker,
    _receive: Closure<dyn Fn(MessageEvent)>,
    _fail: Closure<dyn Fn()>,
}

impl Evaluator {
    /// Starts the Worker. `take` gets its messages.
    pub(crate) fn start(take: impl Fn(Reply) + Clone + 'static) -> Option<Self> {
        let worker = Worker::new(SCRIPT).ok()?;
        let fails = take.clone();
        let receive = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            take(match from_json(&text) {
                _ if text == READY => Reply::Ready,
                Ok(answer) => Reply::Decided(answer),
                Err(_) => Reply::Failed,
            });
        });
        let fail = Closure::<dyn Fn()>::new(move || fails(Reply::Failed));
        worker.set_onmessage(Some(receive.as_ref().unchecked_ref()));
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        Some(Self {
            worker,
            _receive: receive,
            _fail: fail,
        })
    }

    /// Sends a request.
    pub(crate) fn send(&self, request: &Request) {
        if let Ok(text) = serde_json::to_string(request) {
            drop(self.worker.post_message(&JsValue::from_str(&text)));
        }
    }

    /// Hands event lines over; the page's own buffer is empty then.
    pub(crate) fn give(&self, lines: &js_sys::ArrayBuffer) {
        let list = js_sys::Array::of1(lines);
        drop(self.worker.post_message_with_transfer(lines, &list));
    }
}

impl Drop for Evaluator {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
