//! Parameters and answers that several descriptions share. Forms alone: nothing here is ever made.
#![expect(dead_code, reason = "forms of the description alone")]
#![expect(unused_qualifications, reason = "of what a derive makes of `inline`")]

use mirrord_wire::api::FilterProblem;
use mirrord_wire::{ApiError, EventLine};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{IntoParams, IntoResponses, PartialSchema, ToSchema};

/// Query parameter that is on or off; absent, it is off.
pub(in crate::routes) struct Flag;

impl PartialSchema for Flag {
    fn schema() -> RefOr<Schema> {
        let texts = ["true", "false", "1", "0", ""];
        let texts = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(texts));
        texts.into()
    }
}

impl ToSchema for Flag {}

/// Session of a route.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::routes) struct SessionPath {
    /// Id of the session.
    #[param(format = "mirrord-session-id", pattern = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$")]
    id: String,
}

/// Key of a route.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::routes) struct KeyPath {
    /// Key that sessions share.
    #[param(format = "mirrord-key", min_length = 1)]
    key: String,
}

/// Event of one of the sessions of a key.
#[derive(ToSchema)]
pub(in crate::routes) struct KeyEvent {
    /// The session.
    session_id: String,
    #[serde(flatten)]
    event: EventLine,
}

/// Device of a route.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::routes) struct DevicePath {
    /// Id of the device.
    #[param(pattern = "^[0-9a-f]{16}$")]
    id: String,
}

/// Record of the history, of a route.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::routes) struct HistoryPath {
    /// Name of the record's file, from the list.
    #[param(min_length = 1)]
    id: String,
}

/// Answers where a moment of a record is asked for.
#[derive(IntoResponses)]
pub(in crate::routes) enum Moments {
    #[response(status = 403, description = "A session as it was is shown on the desktop alone")]
    Device(ApiError),
    #[response(status = 409, description = "The record is gone, or has changed since it was read")]
    Changed(ApiError),
    #[response(
        status = 503,
        description = "The record is not read that far, or reading it takes too long"
    )]
    Busy(ApiError),
}

/// Parameters of a WebSocket.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct FeedQuery {
    /// Events are gathered for at most 16 ms.
    #[param(inline)]
    batch: Option<Flag>,
    /// The sessions that have ended are sent, too.
    #[param(inline)]
    ended: Option<Flag>,
    /// The token, where no header can be sent.
    token: Option<String>,
}

/// 404 for a session.
#[derive(IntoResponses)]
#[response(status = 404, description = "There is no such session")]
pub(in crate::routes) struct UnknownSession(ApiError);

/// Refusal of parameters, with the place of the fault where it is in the filter.
#[derive(ToSchema)]
pub(in crate::routes) struct ParametersRefused {
    /// The reason and the way out.
    error: String,
    /// The fault of the filter, for programs.
    filter: Option<FilterProblem>,
}

/// 400 for a filter, or another parameter.
#[derive(IntoResponses)]
#[response(
    status = 400,
    description = "A parameter is not one; the filter has the place of the fault"
)]
pub(in crate::routes) struct RefusedFilter(ParametersRefused);

/// Answers of a WebSocket's route to a handshake.
#[derive(IntoResponses)]
pub(in crate::routes) enum Feeds {
    #[response(status = 101, description = "The connection is a WebSocket")]
    Upgraded,
    #[response(
        status = 400,
        description = "The handshake is none of version 13, or a parameter is not one"
    )]
    NoHandshake(ApiError),
    #[response(status = 426, description = "The request is no handshake")]
    NoUpgrade(ApiError),
}
