//! Routes of the mirror: sign-in, the sidebar, the caller's own role, and the settings on the desktop.
//!
//! Authorization is decided before, by the table in `mirror::permissions`.

use http::{Method, StatusCode};
use mirrord_wire::SessionId;
use mirrord_wire::mirror::{
    AuditEntry, AuditKind, Device, DeviceChange, Me, MirrorSettingsChange, MirrorStatus, Pairing, Sidebar,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::answer::{self, Response};
use super::call::Call;
use super::etag;
use super::openapi::DevicePath;
use crate::connections::Listener;
use crate::mirror::NotChanged as SettingsNotChanged;
use crate::mirror::auth::{self, MirrorConnection};
use crate::mirror::devices::NotChanged;
use crate::mirror::pages;

/// Returns whether a path is one of these routes.
pub(super) fn is_ours(path: &str) -> bool {
    path == "/api/me" || path == "/api/mirror" || path.starts_with("/api/mirror/") || path.starts_with("/mirror/")
}

const GET: &[Method] = &[Method::GET, Method::HEAD];

/// Answers any of the routes.
pub(super) async fn answer(path: &str, call: Call) -> Response {
    etag::conditional(answer_in_full(path, &call).await, &call)
}

async fn answer_in_full(path: &str, call: &Call) -> Response {
    let device = path
        .strip_prefix("/api/mirror/devices/")
        .filter(|id| !id.is_empty() && !id.contains('/'));
    let methods: &[Method] = match path {
        "/api/me"
        | "/api/mirror"
        | "/api/mirror/audit"
        | "/mirror/trust"
        | "/mirror/authority.pem"
        | "/mirror/login.css"
        | "/mirror/login.js"
        | "/mirror/login.svg" => GET,
        "/mirror/sign-in" | "/mirror/pair" => &[Method::GET, Method::HEAD, Method::POST],
        "/mirror/sidebar" => &[Method::GET, Method::HEAD, Method::PUT],
        "/mirror/sign-out" | "/api/mirror/pair" => &[Method::POST],
        "/api/mirror/settings" => &[Method::PUT],
        "/api/mirror/devices" => &[Method::GET, Method::HEAD, Method::DELETE],
        _ if device.is_some() => &[Method::PATCH, Method::DELETE],
        _ => return answer::error(StatusCode::NOT_FOUND, "there is no such route"),
    };
    if let Some(refusal) = call.not_allowed(methods) {
        return refusal;
    }
    let reads = GET.contains(&call.method);
    match (path, device) {
        ("/api/me", _) => me(call),
        ("/mirror/sidebar", _) if reads => sidebar(call),
        ("/mirror/sidebar", _) => arrange(call),
        ("/api/mirror", _) => status(call),
        ("/api/mirror/settings", _) => settings(call).await,
        ("/api/mirror/pair", _) => pair(call),
        ("/api/mirror/audit", _) => audit(call),
        ("/api/mirror/devices", _) if reads => devices(call),
        ("/api/mirror/devices", _) => revoke_all(call).await,
        (_, Some(id)) if call.method == Method::PATCH => change_device(id, call).await,
        (_, Some(id)) => revoke(id, call).await,
        _ => before_sign_in(path, reads, call).await,
    }
}

/// Answers the routes before sign-in.
async fn before_sign_in(path: &str, reads: bool, call: &Call) -> Response {
    let authority = || call.context.mirror.listener_status().borrow().authority.clone();
    let missing = || answer::error(StatusCode::NOT_FOUND, "the mirror has no private authority");
    match path {
        "/mirror/login.css" => pages::style(),
        "/mirror/login.js" => pages::script(),
        "/mirror/login.svg" => pages::icon(),
        "/mirror/sign-in" if reads => pages::sign_in(&call.headers),
        "/mirror/pair" if reads => pages::pair(&call.headers),
        "/mirror/trust" => authority().map_or_else(missing, |(own, _)| pages::trust(&own, &call.headers)),
        "/mirror/authority.pem" => authority().map_or_else(missing, |(_, pem)| pages::certificate(&pem)),
        _ => match mirror_connection(call) {
            Some(connection) if path == "/mirror/sign-out" => {
                auth::logout(&call.context.mirror, &call.caller, connection).await
            }
            Some(connection) => auth::login(&call.context.mirror, path, &call.headers, &call.body, connection).await,
            None => answer::error(StatusCode::NOT_FOUND, "there is no such route"),
        },
    }
}

fn mirror_connection(call: &Call) -> Option<MirrorConnection> {
    let arrival = call.connection.as_ref()?.arrival;
    match arrival.listener {
        Listener::Mirror { local, tls } => Some(MirrorConnection {
            local,
            peer: arrival.peer,
            tls,
        }),
        Listener::Desktop => None,
    }
}

fn nothing() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Returns the identity and the permissions of the caller.
#[utoipa::path(
    get,
    path = "/api/me",
    tag = "mirror",
    responses((status = 200, description = "Identity and permissions", body = Me)),
)]
fn me(call: &Call) -> Response {
    let device = call
        .caller
        .device
        .as_ref()
        .and_then(|known| call.context.mirror.lock().devices.get(&known.id));
    let me = Me {
        listener: call.caller.identity.listener(),
        permissions: call.caller.identity.rights().to_vec(),
        host: call.context.mirror.host(),
        device,
    };
    answer::json(StatusCode::OK, &me)
}

/// Returns the sidebar as the desktop has arranged it.
#[utoipa::path(
    get,
    path = "/mirror/sidebar",
    tag = "mirror",
    responses((status = 200, description = "Sidebar; its version is 0 before the first", body = Sidebar)),
)]
fn sidebar(call: &Call) -> Response {
    answer::json(StatusCode::OK, &call.context.mirror.sidebar.get(call.audience()))
}

/// Returns the status of the mirror.
#[utoipa::path(
    get,
    path = "/api/mirror",
    operation_id = "mirror",
    tag = "mirror",
    responses((status = 200, description = "Status", body = MirrorStatus)),
)]
fn status(call: &Call) -> Response {
    answer::json(StatusCode::OK, &call.context.mirror.status())
}

/// Makes a ticket, which signs one device in.
#[utoipa::path(
    post,
    path = "/api/mirror/pair",
    operation_id = "pair_device",
    tag = "mirror",
    responses(
        (status = 200, description = "Ticket, as an address and as a QR code", body = Pairing),
        (status = 409, description = "The mirror is not on"),
    ),
)]
fn pair(call: &Call) -> Response {
    match call.context.mirror.pair() {
        Some(pairing) => answer::json(StatusCode::OK, &pairing),
        None => answer::error(
            StatusCode::CONFLICT,
            "the mirror is not on: there is nothing to pair with",
        ),
    }
}

/// Lists what happened on the mirror, the newest first.
#[utoipa::path(
    get,
    path = "/api/mirror/audit",
    operation_id = "mirror_audit",
    tag = "mirror",
    responses((status = 200, description = "Entries of the log", body = [AuditEntry])),
)]
fn audit(call: &Call) -> Response {
    answer::json(StatusCode::OK, &call.context.mirror.lock().audit.list())
}

/// Lists the devices, the one seen last first.
#[utoipa::path(
    get,
    path = "/api/mirror/devices",
    operation_id = "devices",
    tag = "mirror",
    responses((status = 200, description = "Devices", body = [Device])),
)]
fn devices(call: &Call) -> Response {
    answer::json(StatusCode::OK, &call.context.mirror.lock().devices.list())
}

/// Body of `PUT /mirror/sidebar`. The version is the server's: what is sent for it is not read.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Arrangement {
    /// Session ids in their order.
    #[schema(value_type = Vec<SessionId>, max_items = 4_096)]
    order: Vec<String>,
    /// The ids of pinned sessions.
    #[schema(value_type = Vec<SessionId>, max_items = 4_096)]
    pinned: Vec<String>,
    /// The id of the session that is open.
    #[schema(value_type = Option<SessionId>)]
    selected: Option<String>,
    /// Whatever else the page wants its mirrors to know.
    view: Option<Value>,
}

impl From<Arrangement> for Sidebar {
    fn from(own: Arrangement) -> Self {
        let Arrangement {
            order,
            pinned,
            selected,
            view,
        } = own;
        Self {
            version: 0,
            order,
            pinned,
            selected,
            view,
        }
    }
}

/// Arranges the sidebar, for mirrors to follow.
#[utoipa::path(
    put,
    path = "/mirror/sidebar",
    operation_id = "arrange_sidebar",
    tag = "mirror",
    request_body = Arrangement,
    responses(
        (status = 200, description = "Sidebar as it is kept, with its version", body = Sidebar),
        (status = 400, description = "The body is none of the route's, or has what is no session id"),
    ),
)]
fn arrange(call: &Call) -> Response {
    let arrangement = match call.body::<Arrangement>() {
        Ok(arrangement) => arrangement,
        Err(refusal) => return *refusal,
    };
    match call.context.mirror.sidebar.put(arrangement.into()) {
        Ok(kept) => {
            call.context.store.notify();
            answer::json(StatusCode::OK, &kept)
        }
        Err(reason) => answer::error(StatusCode::BAD_REQUEST, reason),
    }
}

/// Changes settings of the mirror, and applies them at once.
#[utoipa::path(
    put,
    path = "/api/mirror/settings",
    operation_id = "change_mirror_settings",
    tag = "mirror",
    request_body = MirrorSettingsChange,
    responses(
        (status = 200, description = "Status with the new settings", body = MirrorStatus),
        (status = 400, description = "The body is none of the route's, or a setting is not one; nothing is changed"),
        (status = 500, description = "They could not be written; nothing is changed"),
    ),
)]
async fn settings(call: &Call) -> Response {
    let change = match call.body::<MirrorSettingsChange>() {
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

/// Gives a device another name or role.
#[utoipa::path(
    patch,
    path = "/api/mirror/devices/{id}",
    operation_id = "change_device",
    tag = "mirror",
    params(DevicePath),
    request_body = DeviceChange,
    responses(
        (status = 200, description = "Device", body = Device),
        (status = 400, description = "The body is none of the route's, or the name is not one"),
        (status = 404, description = "There is no such device"),
        (status = 500, description = "The device is changed, and that could not be written down"),
    ),
)]
async fn change_device(id: &str, call: &Call) -> Response {
    let change = match call.body::<DeviceChange>() {
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

/// Revokes a device.
#[utoipa::path(
    delete,
    path = "/api/mirror/devices/{id}",
    operation_id = "revoke_device",
    tag = "mirror",
    params(DevicePath),
    responses(
        (status = 204, description = "The device is revoked"),
        (status = 404, description = "There is no such device"),
        (status = 500, description = "The device is revoked, and that could not be written down"),
    ),
)]
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

/// Answer to a change that is in memory and could not be written to the file.
fn unsaved(done: &str, reason: &str) -> Response {
    let reason = format!(
        "{done}, but this cannot be written down: {reason}; it is tried again every second, and stands for as long as mirrord ui runs"
    );
    answer::error(StatusCode::INTERNAL_SERVER_ERROR, reason)
}

/// Revokes all devices.
#[utoipa::path(
    delete,
    path = "/api/mirror/devices",
    operation_id = "revoke_devices",
    tag = "mirror",
    responses(
        (status = 204, description = "All devices are revoked"),
        (status = 500, description = "All devices are revoked, and that could not be written down"),
    ),
)]
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
