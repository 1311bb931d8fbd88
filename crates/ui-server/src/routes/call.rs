//! Request as a route handler sees it, and the state that all handlers share.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use hyper::upgrade::OnUpgrade;
use mirrord_otlp::Exporter;
use serde::de::{DeserializeOwned, Error as _};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::Filter as _;
use warp::filters::BoxedFilter;

use super::answer::{self, Response};
use crate::access::ticket::Tickets;
use crate::assets::Assets;
use crate::connections::Connection;
use crate::dev::DevServer;
use crate::edition::Editions;
use crate::mirror::Mirror;
use crate::mirror::identity::Caller;
use crate::records::Records;
use crate::records::file::TemporaryFile;
use crate::session_names::NamesFile;
use crate::store::{Audience, Store};

/// State that all handlers share.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) store: Arc<Store>,
    pub(crate) names: Arc<NamesFile>,
    /// Turns of searches over all sessions.
    pub(crate) searches: Arc<Semaphore>,
    pub(crate) tickets: Arc<Tickets>,
    pub(crate) assets: Arc<Assets>,
    pub(crate) sessions_dir: Arc<PathBuf>,
    pub(crate) editions: Arc<Editions>,
    pub(crate) records: Arc<Records>,
    pub(crate) mirror: Arc<Mirror>,
    /// Exporter, where an OpenTelemetry endpoint is named.
    pub(crate) otlp: Option<Exporter>,
    /// Development server that the page is fetched from.
    pub(crate) dev: Option<Arc<DevServer>>,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

/// Request that has passed `access`.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) context: Context,
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) query: HashMap<String, String>,
    /// Connection that it came on.
    pub(crate) connection: Option<Arc<Connection>>,
    /// Upgrade to a WebSocket, where the request may become one.
    pub(crate) upgrade: Option<OnUpgrade>,
    pub(crate) caller: Caller,
    /// Record that was sent as the body; `body` is empty then.
    pub(crate) upload: Option<Arc<TemporaryFile>>,
    /// Body, bounded by the server.
    pub(crate) body: Bytes,
}

impl Call {
    /// Filter that extracts a call.
    pub(super) fn filter(context: Context) -> BoxedFilter<(Self,)> {
        warp::any()
            .map(move || context.clone())
            .and(warp::method())
            .and(warp::header::headers_cloned())
            .and(warp::query::<HashMap<String, String>>())
            .and(warp::ext::optional::<Arc<Connection>>())
            .and(warp::ext::optional::<OnUpgrade>())
            .and(warp::ext::optional::<Caller>())
            .and(warp::ext::optional::<Arc<TemporaryFile>>())
            .and(warp::body::bytes())
            .map(
                |context, method, headers, query, connection, upgrade, caller: Option<_>, upload, body| Self {
                    context,
                    method,
                    headers,
                    query,
                    connection,
                    upgrade,
                    caller: caller.unwrap_or_default(),
                    upload,
                    body,
                },
            )
            .boxed()
    }

    /// Audience that the answer is made for.
    pub(crate) fn audience(&self) -> Audience {
        self.caller.audience()
    }

    /// Returns 405 for a method that a route does not take.
    pub(super) fn not_allowed(&self, methods: &[Method]) -> Option<Response> {
        (!methods.contains(&self.method)).then(|| answer::method_not_allowed(methods))
    }

    /// Parses the JSON body; the error has the place and no content.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Box<Response>> {
        parse_object(&self.body).map_err(|error| {
            let place = format!("line {}, column {}", error.line().max(1), error.column().max(1));
            let reason = format!("the body is not what this route takes ({place})");
            Box::new(answer::error(StatusCode::BAD_REQUEST, reason))
        })
    }

    /// Parses a query parameter that is `true` or `false`; missing, it is `false`.
    pub(super) fn flag(&self, name: &str) -> Result<bool, String> {
        match self.query.get(name).map(String::as_str) {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1" | "") => Ok(true),
            Some(_) => Err(format!("`{name}` is `true` or `false`")),
        }
    }
}

/// Parses a JSON object. Of an array, serde would take the items for the fields of a struct, in their order.
///
/// # Errors
/// The text is no JSON, no object, or of another shape.
pub(crate) fn parse_object<T: DeserializeOwned>(text: &[u8]) -> Result<T, serde_json::Error> {
    if !text.trim_ascii_start().starts_with(b"{") {
        return Err(serde_json::Error::custom("no object"));
    }
    serde_json::from_slice(text)
}

#[cfg(test)]
mod tests {
    use mirrord_wire::mirror::{MirrorSettingsChange, SignIn};

    use super::*;

    #[test]
    fn an_array_is_no_object_however_well_its_items_fit() {
        assert!(parse_object::<MirrorSettingsChange>(b"[]").is_err());
        assert!(parse_object::<MirrorSettingsChange>(b" [true]").is_err());
        assert!(parse_object::<SignIn>(br#"["name","password"]"#).is_err());
        assert!(parse_object::<MirrorSettingsChange>(b"null").is_err() && parse_object::<SignIn>(b"").is_err());
        let change: MirrorSettingsChange = parse_object(b"\n {\"mdns\":true}").unwrap();
        assert_eq!(change.mdns, Some(true));
    }
}
