//! Messages of the Worker. Between two slices it looks at what has come in: a newer edit replaces the one under way.

use std::cell::RefCell;
use std::rc::Rc;

use mirrord_what_if::Comparer;
use mirrord_what_if::message::{Answer, READY, Request};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Time of a slice, and events between two looks at the clock.
const SLICE_MS: f64 = 8.0;
const STEPS: usize = 512;

struct Worker {
    scope: DedicatedWorkerGlobalScope,
    comparer: Comparer,
    /// Time that the edit under way took so far.
    spent_ms: f64,
    is_scheduled: bool,
}

type Shared = Rc<RefCell<Worker>>;

/// Answers messages from now on.
pub(crate) fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = Rc::new(RefCell::new(Worker {
        scope: scope.clone(),
        comparer: Comparer::new("{}", serde_json::Value::Null),
        spent_ms: 0.0,
        is_scheduled: false,
    }));
    let slice = slices(&worker);
    let receive = {
        let worker = Rc::clone(&worker);
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            worker.borrow_mut().receive(&event.data());
            schedule(&worker, &slice);
        })
    };
    scope.set_onmessage(Some(receive.as_ref().unchecked_ref()));
    // As long as the Worker.
    receive.forget();
    worker.borrow().send(READY);
}

/// Makes the function that decides one slice, and schedules itself until the edit is decided.
fn slices(worker: &Shared) -> js_sys::Function {
    let own: Rc<RefCell<Option<js_sys::Function>>> = Rc::default();
    let (worker, again) = (Rc::clone(worker), Rc::clone(&own));
    let closure = Closure::<dyn Fn()>::new(move || {
        worker.borrow_mut().slice();
        if let Some(slice) = again.borrow().as_ref() {
            schedule(&worker, slice);
        }
    });
    let slice: js_sys::Function = closure.into_js_value().unchecked_into();
    own.replace(Some(slice.clone()));
    slice
}

fn schedule(worker: &Shared, slice: &js_sys::Function) {
    let mut worker = worker.borrow_mut();
    if worker.comparer.is_busy() && !worker.is_scheduled {
        worker.is_scheduled = worker.scope.set_timeout_with_callback(slice).is_ok();
    }
}

impl Worker {
    fn now(&self) -> f64 {
        self.scope.performance().map_or(0.0, |clock| clock.now())
    }

    fn send(&self, text: &str) {
        // A page that is gone has no use for it.
        let _ = self.scope.post_message(&JsValue::from_str(text));
    }

    fn answer(&self, answer: &Answer) {
        if let Ok(text) = serde_json::to_string(answer) {
            self.send(&text);
        }
    }

    fn receive(&mut self, data: &JsValue) {
        if let Some(buffer) = data.dyn_ref::<js_sys::ArrayBuffer>() {
            self.comparer.add(&js_sys::Uint8Array::new(buffer).to_vec());
            return;
        }
        let request = data.as_string().and_then(|text| serde_json::from_str(&text).ok());
        match request {
            Some(Request::Start { text, facts }) => self.comparer = Comparer::new(&text, facts),
            Some(Request::Decide { number, text }) => {
                self.spent_ms = 0.0;
                let started = self.now();
                if let Some(answer) = self.comparer.begin(number, &text) {
                    self.answer(&answer);
                }
                self.spent_ms += self.now() - started;
            }
            None => {}
        }
    }

    fn slice(&mut self) {
        self.is_scheduled = false;
        let started = self.now();
        let answer = loop {
            let answer = self.comparer.step(STEPS);
            if answer.is_some() || !self.comparer.is_busy() || self.now() - started >= SLICE_MS {
                break answer;
            }
        };
        self.spent_ms += self.now() - started;
        if let Some(mut answer) = answer {
            if let Some(comparison) = &mut answer.comparison {
                comparison.spent_us = (self.spent_ms * 1_000.0) as u64;
            }
            self.answer(&answer);
        }
    }
}
