//! `GET /api/openapi.json`: the routes described in OpenAPI 3.1.
//!
//! A route is described beside its handler, by `utoipa::path`, and listed here. What routes have in common is in
//! [`shared`], so that a description has what is its own alone; forms that several share are in [`parts`]. A test holds the
//! description against the router: neither has a route or a method that the other has not. Served to the desktop alone:
//! the mirror's table of permissions has no rule for it.

use std::sync::OnceLock;

use bytes::Bytes;
use http::{Method, StatusCode};
use mirrord_wire::{ApiError, Exit, ProcessInfo, SessionInfo};
use utoipa::OpenApi;

use super::answer::{self, Response};
use super::call::Call;

mod parts;
mod required;
mod shared;
#[cfg(test)]
mod tests;

use self::parts::ParametersRefused;
use self::required::Required;
use self::shared::Shared;

pub(super) use self::parts::{
    DevicePath, FeedQuery, Feeds, Flag, HistoryPath, KeyEvent, KeyPath, Moments, RefusedFilter, SessionPath,
    UnknownSession,
};

/// Description of the REST API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "mirrord ui",
        description = "Sessions of this machine, their events, and the mirror. HEAD is GET without its body. Every error is \
                       JSON. docs/PROTOCOL.md has the WebSocket, the pages and the routes by which devices sign in.",
        license(name = "MIT", identifier = "MIT")
    ),
    servers((url = "/")),
    tags(
        (name = "sessions", description = "Sessions and their events"),
        (name = "keys", description = "Sessions that share a key, as one"),
        (name = "records", description = "Records of sessions, and their comparison"),
        (name = "websocket", description = "What happens, as it happens"),
        (name = "mirror", description = "The listener for devices on the network"),
        (name = "server", description = "The server itself"),
    ),
    paths(
        super::health,
        super::version,
        super::operator_sessions,
        super::ticket,
        super::sign_in,
        description,
        super::sessions::list,
        super::sessions::one,
        super::sessions::dismiss,
        super::sessions::summary,
        super::sessions::connections,
        super::sessions::rename,
        super::kill::kill,
        super::events::kept,
        super::keys::list,
        super::keys::state,
        super::keys::kill,
        super::key_events::kept,
        super::search::search,
        super::suggestions::suggestions,
        super::ws::all,
        super::ws::one,
        super::scrub::timeline,
        super::records::upload,
        super::records::download,
        super::records::switch_recording,
        super::records::diff,
        super::history::all,
        super::history::switch,
        super::history::delete,
        super::history::open,
        super::otlp,
        super::mirror::me,
        super::mirror::status,
        super::mirror::settings,
        super::mirror::pair,
        super::mirror::devices,
        super::mirror::revoke_all,
        super::mirror::change_device,
        super::mirror::revoke,
        super::mirror::audit,
        super::mirror::sidebar,
        super::mirror::arrange,
    ),
    // Parts of others: a derive lists what fields have, not what is flattened into a type.
    components(schemas(ApiError, ParametersRefused, Exit, ProcessInfo, SessionInfo)),
    security(("bearer" = []), ("cookie" = [], "page_key" = [])),
    modifiers(&Shared, &Required),
)]
struct Api;

/// Description as it is served, and its paths with their methods.
struct Description {
    text: String,
    methods: Vec<(String, Vec<Method>)>,
}

/// Returns the description, which is made once.
fn api() -> &'static Description {
    static API: OnceLock<Description> = OnceLock::new();
    API.get_or_init(|| {
        let api = Api::openapi();
        let methods = api.paths.paths.iter();
        Description {
            text: api.to_json().unwrap_or_default(),
            methods: methods
                .map(|(path, item)| (path.clone(), shared::methods(path, item)))
                .collect(),
        }
    })
}

/// Describes the routes in OpenAPI 3.1.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    operation_id = "openapi",
    tag = "server",
    responses((status = 200, description = "This document", body = serde_json::Value)),
)]
pub(super) fn description(_: &Call) -> Response {
    answer::body(
        StatusCode::OK,
        "application/json",
        Bytes::from_static(api().text.as_bytes()),
    )
}

/// Returns the methods of a described route, HEAD among them; none for another path.
pub(crate) fn methods(path: &str) -> Option<&'static [Method]> {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let fits = |pattern: &str| {
        let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
        loop {
            match (patterns.next(), segments.next()) {
                (None, None) => return true,
                (Some(own), Some(segment)) if own == segment || is_parameter(own) && !segment.is_empty() => {}
                _ => return false,
            }
        }
    };
    // A path that is written out goes before one with a parameter.
    let mut found = api().methods.iter().filter(|(pattern, _)| fits(pattern));
    let first = found.next()?;
    let exact = std::iter::once(first).chain(found).find(|(pattern, _)| pattern == path);
    Some(&exact.unwrap_or(first).1)
}
