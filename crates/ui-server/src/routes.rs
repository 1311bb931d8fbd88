//! The routes, as a warp filter.
//!
//! | route | methods | answer |
//! |---|---|---|
//! | `/` | GET | the page |
//! | `/assets/*` | GET | what the page is made of |
//! | `/health` | GET | `{"status":"ok"}` |
//! | `/api/sessions` | GET | the sessions; the ended ones too with `ended=true` |
//! | `/api/sessions/:id` | GET, DELETE | one with its whole state; dismisses an ended one |
//! | `/api/sessions/:id/events` | GET | what is kept of its events |
//! | `/api/sessions/:id/kill` | POST | forwarded to the session |
//! | `/api/tickets` | POST | an address for one browser |
//! | `/api/sign-in` | POST | a page's key, answered by `access` |
//! | `/api/version` | GET | the version and the edition |
//! | `/api/operator/sessions` | GET | the operator's sessions, where there is one |
//! | `/ws`, `/ws/:id` | GET | the WebSocket |
//! | `/api/me`, `/api/mirror`, `/api/mirror/*`, `/mirror/*` | | the mirror's, see `routes::mirror` |
//!
//! HEAD is GET without its body, everywhere. Who may ask is not decided here: a request has passed `access`.

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::Full;
use hyper::service::Service as _;
use hyper::upgrade::OnUpgrade;
use hyper_util::service::TowerToHyperService;
use mirrord_wire::{Health, Ticket};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::filters::BoxedFilter;
use warp::path::{FullPath, Tail};
use warp::{Filter as _, Reply as _};

use crate::access::ticket::Tickets;
use crate::assets::Assets;
use crate::connections::Connection;
use crate::dev::{self, DevServer};
use crate::edition::Editions;
use crate::mirror::Mirror;
use crate::mirror::caller::Caller;
use crate::mirror::redact;
use crate::store::{Audience, Store};

pub(crate) mod answer;
mod encoding;
mod etag;
mod events;
mod mirror;
mod sessions;
mod ws;

use self::answer::Response;

/// What the routes stand on.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) store: Arc<Store>,
    pub(crate) tickets: Arc<Tickets>,
    pub(crate) assets: Arc<Assets>,
    pub(crate) sessions_dir: Arc<PathBuf>,
    pub(crate) editions: Arc<Editions>,
    pub(crate) mirror: Arc<Mirror>,
    /// Where the page comes from in its place.
    pub(crate) dev: Option<Arc<DevServer>>,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

/// What a route sees of a request.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) context: Context,
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) query: HashMap<String, String>,
    /// Who asks: the connection, with its place in the table.
    pub(crate) connection: Option<Arc<Connection>>,
    /// Where the request can become a WebSocket.
    pub(crate) upgrade: Option<OnUpgrade>,
    pub(crate) caller: Caller,
    /// Bounded, and read before.
    pub(crate) body: Bytes,
}

impl Call {
    /// For whom the answer is made.
    pub(crate) fn audience(&self) -> Audience {
        self.caller.audience()
    }
}

/// The router: a request that has passed `access`, answered.
pub(crate) type Router = Box<dyn Fn(Request<Full<Bytes>>) -> BoxFuture<'static, warp::reply::Response> + Send + Sync>;

const GET: &[Method] = &[Method::GET, Method::HEAD];
const POST: &[Method] = &[Method::POST];
const GET_OR_DELETE: &[Method] = &[Method::GET, Method::HEAD, Method::DELETE];

/// The routes on what they stand on.
pub(crate) fn router(context: Context) -> Router {
    let service = TowerToHyperService::new(warp::service(filter(context)));
    Box::new(move |request| {
        let answered = service.call(request);
        Box::pin(async move {
            let Ok(response) = answered.await;
            response
        })
    })
}

fn filter(context: Context) -> BoxedFilter<(warp::reply::Response,)> {
    let call = call(context);
    let page = warp::path::end()
        .and(call.clone())
        .then(async |call: Call| match not_allowed(GET, &call) {
            Some(refusal) => refusal,
            None => page(&call).await,
        });
    let asset = warp::path("assets")
        .and(warp::path::tail())
        .and(call.clone())
        .then(async |name: Tail, call: Call| match not_allowed(GET, &call) {
            Some(refusal) => refusal,
            None => asset(name.as_str(), &call).await,
        });
    let health = warp::path!("health")
        .and(call.clone())
        .map(|call| allow(GET, &call, |_| answer::json(StatusCode::OK, &Health::default())));
    let version = warp::path!("api" / "version").and(call.clone()).map(|call| {
        allow(GET, &call, |call| {
            let mut info = call.context.editions.version();
            if call.audience() == Audience::Device {
                redact::version_info(&mut info);
            }
            answer::json(StatusCode::OK, &info)
        })
    });
    let operator = warp::path!("api" / "operator" / "sessions")
        .and(call.clone())
        .then(async |call: Call| {
            let sessions = |call: &Call| {
                let mut sessions = call.context.editions.sessions();
                if call.audience() == Audience::Device {
                    redact::operator_sessions(&mut sessions);
                }
                answer::json(StatusCode::OK, &sessions)
            };
            allow_long(GET, &call, sessions).await
        });
    let ticket = warp::path!("api" / "tickets")
        .and(call.clone())
        .map(|call| allow(POST, &call, ticket));
    let list = warp::path!("api" / "sessions")
        .and(call.clone())
        .then(async |call: Call| allow_long(GET, &call, sessions::list).await);
    let one = warp::path!("api" / "sessions" / String)
        .and(call.clone())
        .then(async |id: String, call: Call| allow_long(GET_OR_DELETE, &call, |call| sessions::one(&id, call)).await);
    let events = warp::path!("api" / "sessions" / String / "events")
        .and(call.clone())
        .then(async |id: String, call: Call| match not_allowed(GET, &call) {
            Some(refusal) => refusal,
            None => encoding::compressed(events::kept(&id, &call).await, &call).await,
        });
    let kill = warp::path!("api" / "sessions" / String / "kill")
        .and(call.clone())
        .then(async |id: String, call: Call| match not_allowed(POST, &call) {
            Some(refusal) => refusal,
            None => sessions::kill(&id, &call).await,
        });
    let mirror = warp::path::full()
        .and_then(async |path: FullPath| {
            let ours = mirror::is_ours(path.as_str());
            ours.then_some(path).ok_or_else(warp::reject::not_found)
        })
        .and(call.clone())
        .then(async |path: FullPath, call: Call| mirror::answer(path.as_str(), call).await);
    let all_events = warp::path!("ws").and(call.clone()).map(|call| websocket(None, &call));
    let one_events = warp::path!("ws" / String)
        .and(call)
        .map(|id, call| websocket(Some(id), &call));
    let pages = page
        .or(asset)
        .unify()
        .or(health)
        .unify()
        .or(version)
        .unify()
        .or(operator)
        .unify()
        .or(ticket)
        .unify();
    let api = list.or(one).unify().or(events).unify().or(kill).unify();
    let sockets = all_events.or(one_events).unify().or(mirror).unify();
    pages
        .or(api)
        .unify()
        .or(sockets)
        .unify()
        .map(warp::Reply::into_response)
        .recover(rejected)
        .unify()
        .boxed()
}

fn call(context: Context) -> BoxedFilter<(Call,)> {
    warp::any()
        .map(move || context.clone())
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and(warp::query::<HashMap<String, String>>())
        .and(warp::ext::optional::<Arc<Connection>>())
        .and(warp::ext::optional::<OnUpgrade>())
        .and(warp::ext::optional::<Caller>())
        .and(warp::body::bytes())
        .map(
            |context, method, headers, query, connection, upgrade, caller: Option<_>, body| Call {
                context,
                method,
                headers,
                query,
                connection,
                upgrade,
                caller: caller.unwrap_or_default(),
                body,
            },
        )
        .boxed()
}

fn not_allowed(methods: &[Method], call: &Call) -> Option<Response> {
    (!methods.contains(&call.method)).then(|| answer::method_not_allowed(methods))
}

fn allow(methods: &[Method], call: &Call, handler: impl FnOnce(&Call) -> Response) -> Response {
    not_allowed(methods, call).unwrap_or_else(|| etag::conditional(handler(call), call))
}

/// As [`allow`], of an answer that may be long.
async fn allow_long(methods: &[Method], call: &Call, handler: impl FnOnce(&Call) -> Response) -> Response {
    match not_allowed(methods, call) {
        Some(refusal) => refusal,
        None => encoding::compressed(handler(call), call).await,
    }
}

fn ticket(call: &Call) -> Response {
    match call.context.tickets.issue() {
        Ok(ticket) => {
            let ticket = ticket.as_str().to_owned();
            answer::json(StatusCode::CREATED, &Ticket { ticket })
        }
        Err(error) => answer::error(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
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

fn websocket(id: Option<String>, call: &Call) -> Response {
    allow(&[Method::GET], call, |call| ws::upgrade(id, call))
}

/// What no route took.
async fn rejected(rejection: warp::Rejection) -> Result<warp::reply::Response, Infallible> {
    let response = if rejection.find::<warp::reject::InvalidQuery>().is_some() {
        answer::error(StatusCode::BAD_REQUEST, "the query cannot be read")
    } else {
        answer::error(StatusCode::NOT_FOUND, "there is no such route")
    };
    Ok(response.into_response())
}
