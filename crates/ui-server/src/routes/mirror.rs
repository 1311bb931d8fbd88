//! The routes of the mirror: the door before sign-in, the sidebar, who I am, and what the desktop manages.
//!
//! Who may ask for which has been decided before, by the table in `mirror::roles`.

use http::{Method, StatusCode};
use mirrord_wire::mirror::{AuditKind, DeviceChange, Me, MirrorSettingsChange, Sidebar};
use serde::de::DeserializeOwned;

use super::Call;
use super::answer::{self, Response};
use crate::connections::Listener;
use crate::mirror::NotChanged as SettingsNotChanged;
use crate::mirror::devices::NotChanged;
use crate::mirror::door::{self, Doorway};
use crate::mirror::pages;

/// Whether a path is answered here.
pub(super) fn is_ours(path: &str) -> bool {
    path == "/api/me" || path == "/api/mirror" || path.starts_with("/api/mirror/") || path.starts_with("/mirror/")
}

const GET: &[Method] = &[Method::GET, Method::HEAD];

/// Any of them.
pub(super) async fn answer(path: &str, call: Call) -> Response {
    let device = path
        .strip_prefix("/api/mirror/devices/")
        .filter(|id| !id.is_empty() && !id.contains('/'));
    let methods: &[Method] = match path {
        "/api/me"
        | "/api/mirror"
        | "/api/mirror/audit"
        | "/mirror/trust"
        | "/mirror/authority.pem"
        | "/mirror/door.css"
        | "/mirror/door.js"
        | "/mirror/door.svg" => GET,
        "/mirror/sign-in" | "/mirror/pair" => &[Method::GET, Method::HEAD, Method::POST],
        "/mirror/sidebar" => &[Method::GET, Method::HEAD, Method::PUT],
        "/mirror/sign-out" | "/api/mirror/pair" => &[Method::POST],
        "/api/mirror/settings" => &[Method::PUT],
        "/api/mirror/devices" => &[Method::GET, Method::HEAD, Method::DELETE],
        _ if device.is_some() => &[Method::PATCH, Method::DELETE],
        _ => return answer::error(StatusCode::NOT_FOUND, "there is no such route"),
    };
    if let Some(refusal) = super::not_allowed(methods, &call) {
        return refusal;
    }
    let reads = GET.contains(&call.method);
    match (path, device) {
        ("/api/me", _) => me(&call),
        ("/mirror/sidebar", _) if reads => {
            answer::json(StatusCode::OK, &call.context.mirror.sidebar.get(call.audience()))
        }
        ("/mirror/sidebar", _) => arrange(&call),
        ("/api/mirror", _) => answer::json(StatusCode::OK, &call.context.mirror.status()),
        ("/api/mirror/settings", _) => settings(&call).await,
        ("/api/mirror/pair", _) => match call.context.mirror.pair() {
            Some(pairing) => answer::json(StatusCode::OK, &pairing),
            None => answer::error(
                StatusCode::CONFLICT,
                "the mirror is not on: there is nothing to pair with",
            ),
        },
        ("/api/mirror/audit", _) => answer::json(StatusCode::OK, &call.context.mirror.lock().audit.list()),
        ("/api/mirror/devices", _) if reads => answer::json(StatusCode::OK, &call.context.mirror.lock().devices.list()),
        ("/api/mirror/devices", _) => revoke_all(&call).await,
        (_, Some(id)) if call.method == Method::PATCH => change_device(id, &call).await,
        (_, Some(id)) => revoke(id, &call).await,
        _ => at_the_door(path, reads, &call).await,
    }
}

/// What is there before sign-in.
async fn at_the_door(path: &str, reads: bool, call: &Call) -> Response {
    let authority = || call.context.mirror.doing().borrow().authority.clone();
    let missing = || answer::error(StatusCode::NOT_FOUND, "the mirror has no private authority");
    match path {
        "/mirror/door.css" => pages::style(),
        "/mirror/door.js" => pages::script(),
        "/mirror/door.svg" => pages::icon(),
        "/mirror/sign-in" if reads => pages::sign_in(&call.headers),
        "/mirror/pair" if reads => pages::pair(&call.headers),
        "/mirror/trust" => authority().map_or_else(missing, |(own, _)| pages::trust(&own, &call.headers)),
        "/mirror/authority.pem" => authority().map_or_else(missing, |(_, pem)| pages::certificate(&pem)),
        _ => match doorway(call) {
            Some(doorway) if path == "/mirror/sign-out" => {
                door::leave(&call.context.mirror, &call.caller, doorway).await
            }
            Some(doorway) => door::knock(&call.context.mirror, path, &call.headers, &call.body, doorway).await,
            None => answer::error(StatusCode::NOT_FOUND, "there is no such route"),
        },
    }
}

fn doorway(call: &Call) -> Option<Doorway> {
    let arrival = call.connection.as_ref()?.arrival;
    match arrival.listener {
        Listener::Mirror { local, tls } => Some(Doorway {
            local,
            peer: arrival.peer,
            tls,
        }),
        Listener::Desktop => None,
    }
}

/// A body as JSON; what is wrong with it is told without what it says.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Box<Response>> {
    serde_json::from_slice(&call.body).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let reason = format!("the body is not what this route takes ({place})");
        Box::new(answer::error(StatusCode::BAD_REQUEST, reason))
    })
}

fn nothing() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn me(call: &Call) -> Response {
    let device = call
        .caller
        .device
        .as_ref()
        .and_then(|known| call.context.mirror.lock().devices.get(&known.id));
    let me = Me {
        listener: call.caller.who.listener(),
        permissions: call.caller.who.rights().to_vec(),
        host: call.context.mirror.host(),
        device,
    };
    answer::json(StatusCode::OK, &me)
}

fn arrange(call: &Call) -> Response {
    let sidebar = match body::<Sidebar>(call) {
        Ok(sidebar) => sidebar,
        Err(refusal) => return *refusal,
    };
    match call.context.mirror.sidebar.put(sidebar) {
        Ok(kept) => {
            call.context.store.notify();
            answer::json(StatusCode::OK, &kept)
        }
        Err(reason) => answer::error(StatusCode::BAD_REQUEST, reason),
    }
}

async fn settings(call: &Call) -> Response {
    let change = match body::<MirrorSettingsChange>(call) {
        Ok(change) => change,
        Err(refusal) => return *refusal,
    };
    // On a task of its own: a page that goes away in between leaves no change half made.
    let (mirror, store) = (call.context.mirror.clone(), call.context.store.clone());
    let changed = call.context.tracker.spawn(async move {
        let changed = mirror.change(change).await;
        store.disclose(mirror.disclosure());
        changed
    });
    match changed.await {
        Ok(Ok(status)) => answer::json(StatusCode::OK, &status),
        Ok(Err(SettingsNotChanged::Invalid(reason))) => answer::error(StatusCode::BAD_REQUEST, reason),
        Ok(Err(SettingsNotChanged::Failed(reason))) => answer::error(StatusCode::INTERNAL_SERVER_ERROR, reason),
        Err(_) => answer::error(StatusCode::INTERNAL_SERVER_ERROR, "the settings could not be changed"),
    }
}

fn unknown() -> Response {
    answer::error(StatusCode::NOT_FOUND, "there is no such device")
}

async fn change_device(id: &str, call: &Call) -> Response {
    let change = match body::<DeviceChange>(call) {
        Ok(change) => change,
        Err(refusal) => return *refusal,
    };
    let changed = {
        let mut state = call.context.mirror.lock();
        let changed = state.devices.change(id, &change);
        if let Ok(device) = &changed {
            let role = change
                .role
                .map_or_else(String::new, |role| format!(", {role:?}").to_lowercase());
            let detail = format!("{}{role}", crate::mirror::audit::foreign(&device.name));
            state.log(AuditKind::DeviceChanged, None, Some(id), &detail);
        }
        changed
    };
    match changed {
        Ok(device) => {
            call.context.mirror.tell_devices();
            call.context.store.notify();
            match call.context.mirror.save_devices().await {
                Ok(()) => answer::json(StatusCode::OK, &device),
                Err(reason) => unsaved("the device is changed", &reason),
            }
        }
        Err(NotChanged::Unknown) => unknown(),
        Err(NotChanged::Name) => answer::error(StatusCode::BAD_REQUEST, "a name has 1 to 64 visible characters"),
    }
}

async fn revoke(id: &str, call: &Call) -> Response {
    let revoked = {
        let mut state = call.context.mirror.lock();
        let revoked = state.devices.remove(id);
        if let Some(device) = &revoked {
            let name = crate::mirror::audit::foreign(&device.name);
            state.log(AuditKind::Revoked, None, Some(id), &name);
        }
        revoked
    };
    if revoked.is_none() {
        return unknown();
    }
    match call.context.mirror.save_devices().await {
        Ok(()) => nothing(),
        Err(reason) => unsaved("the device is revoked", &reason),
    }
}

/// The answer where a change stands in memory and not in the file.
fn unsaved(done: &str, reason: &str) -> Response {
    let reason = format!(
        "{done}, but this cannot be written down: {reason}; it is tried again every second, and stands for as long as mirrord ui runs"
    );
    answer::error(StatusCode::INTERNAL_SERVER_ERROR, reason)
}

async fn revoke_all(call: &Call) -> Response {
    {
        let mut state = call.context.mirror.lock();
        let revoked = state.devices.clear();
        state.log(AuditKind::Revoked, None, None, &format!("all devices ({revoked})"));
    }
    match call.context.mirror.save_devices().await {
        Ok(()) => nothing(),
        Err(reason) => unsaved("all devices are revoked", &reason),
    }
}
