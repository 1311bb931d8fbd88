//! Routes, as a warp filter.
//!
//! | route | methods | answer |
//! |---|---|---|
//! | `/` | GET | the page |
//! | `/assets/*` | GET | what the page is made of |
//! | `/health` | GET | `{"status":"ok"}` |
//! | `/api/sessions` | GET | the sessions; the ended ones too with `ended=true`, those of a key alone with `key=` |
//! | `/api/sessions/:id` | GET, DELETE | one with its whole state; dismisses an ended one |
//! | `/api/sessions/:id/events` | GET | what is kept of its events |
//! | `/api/sessions/:id/timeline` | GET | of a record: its events over time |
//! | `/api/sessions/:id/summary` | GET | answers: what failed, and what is worth a look |
//! | `/api/sessions/:id/suggestions` | GET | changes of its config that its events suggest |
//! | `/api/sessions/:id/connections` | GET | its connections and listeners |
//! | `/api/sessions/:id/name` | PUT | gives it a name |
//! | `/api/sessions/:id/kill` | POST | forwarded to the session |
//! | `/api/sessions/:id/record` | GET | the record of what is kept of it |
//! | `/api/sessions/:id/recording` | PUT | begins and ends to record it |
//! | `/api/keys` | GET | the sessions that share a key, as groups |
//! | `/api/keys/:key/state` | GET | the merged state of a key's sessions |
//! | `/api/keys/:key/events` | GET | what is kept of their events, as one log |
//! | `/api/keys/:key/kill` | POST | ends all of them |
//! | `/api/records` | POST | opens a record |
//! | `/api/history` | GET, PUT | the sessions that are kept as records; turns that on and off |
//! | `/api/history/:id` | DELETE | deletes one |
//! | `/api/history/:id/open` | POST | opens one |
//! | `/api/diff` | GET | compares two sessions |
//! | `/api/search` | GET | what is found in the kept events of all sessions |
//! | `/api/tickets` | POST | an address for one browser |
//! | `/api/sign-in` | POST | a page's key, answered by `access` |
//! | `/api/version` | GET | the version and the edition |
//! | `/api/otlp` | GET | counts of what is sent to an OpenTelemetry endpoint |
//! | `/api/openapi.json` | GET | the description of these routes, see `routes::openapi` |
//! | `/api/operator/sessions` | GET | the operator's sessions, where there is one |
//! | `/ws`, `/ws/:id` | GET | the WebSocket |
//! | `/api/me`, `/api/mirror`, `/api/mirror/*`, `/mirror/*` | | the mirror's, see `routes::mirror` |
//!
//! HEAD is GET without its body, everywhere. Authorization is not decided here: a request has passed `access`.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use mirrord_wire::api::{OperatorSessions, OtlpInfo};
use mirrord_wire::{Health, SignedIn, Ticket, VersionInfo};
use warp::filters::BoxedFilter;
use warp::path::{FullPath, Tail};
use warp::{Filter as _, Reply as _};

use crate::dev;
use crate::mirror::redact;
use crate::store::Audience;

pub(crate) mod answer;
pub(crate) mod call;
mod encoding;
mod etag;
mod event_lines;
mod event_search;
mod events;
mod history;
mod key_events;
mod keys;
mod kill;
mod last_events;
mod mirror;
mod openapi;
mod records;
mod scrub;
mod search;
mod sessions;
mod suggestions;
mod ws;

use self::answer::Response;
use self::call::{Call, Context};
pub(crate) use self::openapi::methods;

/// Router: answers a request that has passed `access`.
pub(crate) type Router = Box<dyn Fn(Request<Full<Bytes>>) -> BoxFuture<'static, warp::reply::Response> + Send + Sync>;

/// Filter of some routes.
type Routes = BoxedFilter<(Response,)>;

const GET: &[Method] = &[Method::GET, Method::HEAD];
const POST: &[Method] = &[Method::POST];
const PUT: &[Method] = &[Method::PUT];
const DELETE: &[Method] = &[Method::DELETE];
const GET_OR_PUT: &[Method] = &[Method::GET, Method::HEAD, Method::PUT];
const GET_OR_DELETE: &[Method] = &[Method::GET, Method::HEAD, Method::DELETE];

/// Builds the router.
pub(crate) fn router(context: Context) -> Router {
    let call = Call::filter(context);
    let routes = pages(call.clone())
        .or(api(call.clone()))
        .unify()
        .or(sessions(call.clone()))
        .unify()
        .or(keys(call.clone()))
        .unify()
        .or(records(call.clone()))
        .unify()
        .or(sockets(call.clone()))
        .unify()
        .or(mirror(call))
        .unify();
    let routes = routes.map(warp::Reply::into_response).recover(rejected).unify();
    let service = TowerToHyperService::new(warp::service(routes));
    Box::new(move |request| {
        let answered = service.call(request);
        Box::pin(async move {
            let Ok(response) = answered.await;
            response
        })
    })
}

/// Page and assets.
fn pages(call: BoxedFilter<(Call,)>) -> Routes {
    let page = warp::path::end()
        .and(call.clone())
        .then(async |call: Call| match call.not_allowed(GET) {
            Some(refusal) => refusal,
            None => page(&call).await,
        });
    let asset = warp::path("assets")
        .and(warp::path::tail())
        .and(call)
        .then(async |name: Tail, call: Call| match call.not_allowed(GET) {
            Some(refusal) => refusal,
            None => asset(name.as_str(), &call).await,
        });
    page.or(asset).unify().boxed()
}

/// Health, version, operator, sign-in and the description.
fn api(call: BoxedFilter<(Call,)>) -> Routes {
    let health = warp::path!("health")
        .and(call.clone())
        .map(|call| allow(GET, &call, health));
    let version = warp::path!("api" / "version")
        .and(call.clone())
        .map(|call| allow(GET, &call, version));
    let operator = warp::path!("api" / "operator" / "sessions")
        .and(call.clone())
        .then(async |call: Call| allow_long(GET, &call, operator_sessions).await);
    let otlp = warp::path!("api" / "otlp")
        .and(call.clone())
        .map(|call| allow(GET, &call, otlp));
    let ticket = warp::path!("api" / "tickets")
        .and(call.clone())
        .map(|call| allow(POST, &call, ticket));
    let sign_in = warp::path!("api" / "sign-in")
        .and(call.clone())
        .map(|call| allow(POST, &call, sign_in));
    let description = warp::path!("api" / "openapi.json")
        .and(call)
        .then(async |call: Call| allow_long(GET, &call, openapi::description).await);
    let api = health.or(version).unify().or(operator).unify().or(otlp).unify();
    api.or(ticket)
        .unify()
        .or(sign_in)
        .unify()
        .or(description)
        .unify()
        .boxed()
}

fn sessions(call: BoxedFilter<(Call,)>) -> Routes {
    let list = warp::path!("api" / "sessions")
        .and(call.clone())
        .then(async |call: Call| allow_long(GET, &call, sessions::list).await);
    let search = warp::path!("api" / "search")
        .and(call.clone())
        .then(async |call: Call| get(&call, search::search(&call)).await);
    let one =
        warp::path!("api" / "sessions" / String)
            .and(call.clone())
            .then(async |id: String, call: Call| match call.not_allowed(GET_OR_DELETE) {
                Some(refusal) => refusal,
                None => encoding::compressed(sessions::one(&id, &call).await, &call).await,
            });
    let events = warp::path!("api" / "sessions" / String / "events")
        .and(call.clone())
        .then(async |id: String, call: Call| get(&call, events::kept(&id, &call)).await);
    let summary = warp::path!("api" / "sessions" / String / "summary")
        .and(call.clone())
        .then(async |id: String, call: Call| get(&call, sessions::summary(&id, &call)).await);
    let connections = warp::path!("api" / "sessions" / String / "connections")
        .and(call.clone())
        .then(async |id: String, call: Call| get(&call, sessions::connections(&id, &call)).await);
    let timeline = warp::path!("api" / "sessions" / String / "timeline")
        .and(call.clone())
        .then(async |id: String, call: Call| allow_long(GET, &call, |call| scrub::timeline(&id, call)).await);
    let suggestions = warp::path!("api" / "sessions" / String / "suggestions")
        .and(call.clone())
        .then(async |id: String, call: Call| get(&call, suggestions::suggestions(&id, &call)).await);
    let name = warp::path!("api" / "sessions" / String / "name")
        .and(call.clone())
        .then(async |id: String, call: Call| match call.not_allowed(PUT) {
            Some(refusal) => refusal,
            None => sessions::rename(&id, &call).await,
        });
    let kill = warp::path!("api" / "sessions" / String / "kill")
        .and(call)
        .then(async |id: String, call: Call| match call.not_allowed(POST) {
            Some(refusal) => refusal,
            None => kill::kill(&id, &call).await,
        });
    let sessions = list
        .or(search)
        .unify()
        .or(one)
        .unify()
        .or(events)
        .unify()
        .or(connections)
        .unify()
        .or(timeline)
        .unify()
        .or(summary)
        .unify()
        .or(suggestions)
        .unify()
        .or(name)
        .unify();
    sessions.or(kill).unify().boxed()
}

/// Sessions that share a key.
fn keys(call: BoxedFilter<(Call,)>) -> Routes {
    let list = warp::path!("api" / "keys")
        .and(call.clone())
        .then(async |call: Call| allow_long(GET, &call, keys::list).await);
    let state = warp::path!("api" / "keys" / String / "state")
        .and(call.clone())
        .then(async |key: String, call: Call| get(&call, keys::state(&key, &call)).await);
    let events = warp::path!("api" / "keys" / String / "events")
        .and(call.clone())
        .then(async |key: String, call: Call| get(&call, key_events::kept(&key, &call)).await);
    let kill = warp::path!("api" / "keys" / String / "kill")
        .and(call)
        .then(async |key: String, call: Call| match call.not_allowed(POST) {
            Some(refusal) => refusal,
            None => keys::kill(&key, &call).await,
        });
    list.or(state).unify().or(events).unify().or(kill).unify().boxed()
}

/// Records, recordings, the history and the comparison.
fn records(call: BoxedFilter<(Call,)>) -> Routes {
    let upload = warp::path!("api" / "records")
        .and(call.clone())
        .then(async |call: Call| match call.not_allowed(POST) {
            Some(refusal) => refusal,
            None => records::upload(&call).await,
        });
    let download = warp::path!("api" / "sessions" / String / "record")
        .and(call.clone())
        .then(async |id: String, call: Call| get(&call, records::download(&id, &call)).await);
    let recording = warp::path!("api" / "sessions" / String / "recording")
        .and(call.clone())
        .then(async |id: String, call: Call| match call.not_allowed(PUT) {
            Some(refusal) => refusal,
            None => records::switch_recording(&id, &call).await,
        });
    let diff = warp::path!("api" / "diff")
        .and(call.clone())
        .then(async |call: Call| get(&call, records::diff(&call)).await);
    let records = upload.or(download).unify().or(recording).unify().or(diff).unify();
    records.or(history(call)).unify().boxed()
}

fn history(call: BoxedFilter<(Call,)>) -> Routes {
    let all = warp::path!("api" / "history")
        .and(call.clone())
        .then(async |call: Call| match call.not_allowed(GET_OR_PUT) {
            Some(refusal) => refusal,
            None => encoding::compressed(history::all(&call).await, &call).await,
        });
    let one =
        warp::path!("api" / "history" / String)
            .and(call.clone())
            .then(async |file: String, call: Call| match call.not_allowed(DELETE) {
                Some(refusal) => refusal,
                None => history::delete(&file, &call).await,
            });
    let open = warp::path!("api" / "history" / String / "open")
        .and(call)
        .then(async |file: String, call: Call| match call.not_allowed(POST) {
            Some(refusal) => refusal,
            None => history::open(&file, &call).await,
        });
    all.or(one).unify().or(open).unify().boxed()
}

fn sockets(call: BoxedFilter<(Call,)>) -> Routes {
    let get = &[Method::GET];
    let all = warp::path!("ws")
        .and(call.clone())
        .map(move |call| allow(get, &call, ws::all));
    let one = warp::path!("ws" / String)
        .and(call)
        .map(move |id, call| allow(get, &call, |call| ws::one(id, call)));
    all.or(one).unify().boxed()
}

fn mirror(call: BoxedFilter<(Call,)>) -> Routes {
    warp::path::full()
        .and_then(async |path: FullPath| {
            let is_ours = mirror::is_ours(path.as_str());
            is_ours.then_some(path).ok_or_else(warp::reject::not_found)
        })
        .and(call)
        .then(async |path: FullPath, call: Call| mirror::answer(path.as_str(), call).await)
        .boxed()
}

fn allow(methods: &[Method], call: &Call, handler: impl FnOnce(&Call) -> Response) -> Response {
    let refusal = call.not_allowed(methods);
    refusal.unwrap_or_else(|| etag::conditional(handler(call), call))
}

/// As [`allow`], with compression, for an answer that may be long.
async fn allow_long(methods: &[Method], call: &Call, handler: impl FnOnce(&Call) -> Response) -> Response {
    match call.not_allowed(methods) {
        Some(refusal) => refusal,
        None => encoding::compressed(handler(call), call).await,
    }
}

/// Answers a request to read, with compression, where its method is one.
async fn get(call: &Call, answer: impl Future<Output = Response>) -> Response {
    match call.not_allowed(GET) {
        Some(refusal) => refusal,
        None => encoding::compressed(answer.await, call).await,
    }
}

/// Answers that the server is well.
#[utoipa::path(
    get,
    path = "/health",
    tag = "server",
    security(()),
    responses((status = 200, description = "It is well", body = Health)),
)]
fn health(_: &Call) -> Response {
    answer::json(StatusCode::OK, &Health::default())
}

/// Returns the version and the edition.
#[utoipa::path(
    get,
    path = "/api/version",
    tag = "server",
    responses((status = 200, description = "Version and edition", body = VersionInfo)),
)]
fn version(call: &Call) -> Response {
    let mut info = call.context.editions.version();
    if call.audience() == Audience::Device {
        redact::version_info(&mut info);
    }
    answer::json(StatusCode::OK, &info)
}

/// Lists the sessions that the cluster's operator runs, as they were when it was asked.
#[utoipa::path(
    get,
    path = "/api/operator/sessions",
    tag = "server",
    responses((status = 200, description = "Sessions of the operator", body = OperatorSessions)),
)]
fn operator_sessions(call: &Call) -> Response {
    let mut sessions = call.context.editions.sessions();
    if call.audience() == Audience::Device {
        redact::operator_sessions(&mut sessions);
    }
    answer::json(StatusCode::OK, &sessions)
}

/// Returns the counts of what is sent to an OpenTelemetry endpoint.
#[utoipa::path(
    get,
    path = "/api/otlp",
    operation_id = "otlp",
    tag = "server",
    responses((status = 200, description = "Counts", body = OtlpInfo)),
)]
fn otlp(call: &Call) -> Response {
    let info = call.context.otlp.as_ref().map(mirrord_otlp::Exporter::info);
    answer::json(StatusCode::OK, &info.unwrap_or_default())
}

/// Makes a ticket: `GET /?ticket=…` signs one browser in with it, once, within a minute.
#[utoipa::path(
    post,
    path = "/api/tickets",
    operation_id = "make_ticket",
    tag = "server",
    responses(
        (status = 201, description = "Ticket", body = Ticket),
        (status = 500, description = "There are no random bytes"),
    ),
)]
fn ticket(call: &Call) -> Response {
    match call.context.tickets.issue() {
        Ok(ticket) => {
            let ticket = ticket.as_str().to_owned();
            answer::json(StatusCode::CREATED, &Ticket { ticket })
        }
        Err(error) => answer::error(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

/// Exchanges a page's code for its page key; `access` answers it, before the router.
#[utoipa::path(
    post,
    path = "/api/sign-in",
    summary = "Exchanges a page's code for its page key, once, within a minute.",
    description = "",
    tag = "server",
    security(("cookie" = [], "code" = [])),
    responses((status = 200, description = "Page key", body = SignedIn)),
)]
fn sign_in(_: &Call) -> Response {
    answer::error(StatusCode::NOT_FOUND, "there is no such route")
}

async fn page(call: &Call) -> Response {
    match &call.context.dev {
        Some(dev) => dev.page(call).await,
        None => call.context.assets.page(&call.headers),
    }
}

async fn asset(name: &str, call: &Call) -> Response {
    let missing = || answer::error(StatusCode::NOT_FOUND, "there is no such asset");
    if !dev::is_asset_name(name) {
        return missing();
    }
    if let Some(dev) = &call.context.dev {
        return dev.asset(name, call).await;
    }
    call.context.assets.asset(name, &call.headers).unwrap_or_else(missing)
}

/// Answers a request that no route took.
async fn rejected(rejection: warp::Rejection) -> Result<warp::reply::Response, Infallible> {
    let response = if rejection.find::<warp::reject::InvalidQuery>().is_some() {
        answer::error(StatusCode::BAD_REQUEST, "the query cannot be read")
    } else {
        answer::error(StatusCode::NOT_FOUND, "there is no such route")
    };
    Ok(response.into_response())
}
