//! The layers of the page's wasm: what the overview needs is there from the start, and the rest is loaded before it is
//! shown. Which module is in which layer is in `layers.txt`; a page that was not split has everything, and never waits.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

use crate::browser::{fragment, listen, sleep};
use crate::components::dialog;
use crate::components::dom::prelude::*;
use crate::components::dynamic::dynamic;
use crate::model::Model;
use crate::state::route::{Place, Route, View};

/// How soon a layer that could not be had is asked for again.
const AGAIN_MS: u32 = 1_000;

/// A layer above the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub(crate) enum Layer {
    /// A session's log.
    Log = 1,
    /// Its other views, the settings, and the dialogs that are opened by hand.
    Rest = 2,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = layers)]
    fn begin(exports: &JsValue);
    #[wasm_bindgen(js_namespace = layers)]
    fn has(layer: u32) -> bool;
    #[wasm_bindgen(js_namespace = layers)]
    fn need(layer: u32);
    #[wasm_bindgen(js_namespace = layers, catch)]
    async fn load(layer: u32) -> Result<(), JsValue>;
}

thread_local! {
    /// Bumped when a layer has come.
    static COME: RwSignal<u64> = RwSignal::new(0);
}

/// Hands the first layer to those that build on it. Nothing may come before.
pub(crate) fn start() {
    // Made here, outside of everything that is shown, so that it outlives each part of it.
    let come = COME.with(|come| *come);
    listen("layer", move |_: web_sys::Event| come.update(|come| *come += 1));
    begin(&wasm_bindgen::exports());
}

fn is_here(layer: Layer) -> bool {
    has(layer as u32)
}

/// Loads a layer, and those below it. Whether that went well: it does not where the server is gone.
async fn get(layer: Layer) -> bool {
    if is_here(layer) {
        return true;
    }
    let loaded = load(layer as u32).await.is_ok();
    if loaded {
        // Nothing is left to do; but this is what the stubs of the first layer call, so the page must know it.
        need(layer as u32);
    }
    loaded
}

/// What a place cannot be shown without.
fn of(route: &Route) -> Option<Layer> {
    match &route.place {
        Place::Sessions => None,
        Place::Session(_, View::Events) | Place::Merged(_) => Some(Layer::Log),
        Place::Session(..) | Place::Settings => Some(Layer::Rest),
    }
}

/// A part of the page that is made once its layer is there. Nobody waits for it: whoever opens it does.
pub(crate) fn late(layer: Layer, part: fn(Model) -> AnyView, model: Model) -> AnyView {
    dynamic(move || {
        COME.with(|come| come.track());
        is_here(layer).then(|| part(model))
    })
    .into_any()
}

/// Does what needs a layer, once it is there, and what is made from it.
pub(crate) fn with(layer: Layer, run: impl FnOnce() + 'static) {
    if is_here(layer) {
        return run();
    }
    spawn_local(async move {
        if get(layer).await {
            // What is made as the layer comes is made in a task of its own, which is before this one.
            sleep(0, drop).await;
            run();
        }
    });
}

/// Opens a dialog of the last layer.
pub(crate) fn open(id: &'static str) {
    with(Layer::Rest, move || {
        dialog::open(id);
    });
}

/// Where the reader is, as soon as it can be shown; `meanwhile` is done in the time that takes. Where its layer cannot be had,
/// that is the overview, and [`go`] goes on asking.
pub(crate) async fn first(meanwhile: impl Future<Output = ()>) -> Route {
    let route = Route::parse(&fragment());
    let Some(layer) = of(&route) else {
        meanwhile.await;
        return route;
    };
    spawn_local(async move {
        get(layer).await;
    });
    meanwhile.await;
    if get(layer).await { route } else { Route::default() }
}

/// Goes to a place, once what it needs is there; where the server is gone, once it is back, if the place is still wanted.
pub(crate) fn go(model: Model, route: Route) {
    let Some(layer) = of(&route).filter(|layer| !is_here(*layer)) else {
        return model.arrive(route);
    };
    spawn_local(async move {
        while !get(layer).await {
            sleep(AGAIN_MS, drop).await;
            if Route::parse(&fragment()) != route {
                return;
            }
        }
        if Route::parse(&fragment()) == route {
            model.arrive(route);
        }
    });
}
