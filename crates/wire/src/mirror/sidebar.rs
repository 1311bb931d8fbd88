//! Sidebar of the desktop's page, as mirrors follow it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::openapi::described_as;
#[cfg(feature = "openapi")]
use crate::session::SessionId;

/// Order, pins and selection of the desktop's list of sessions, for mirrors to follow. The view is any JSON to the server,
/// and a type of its own to the page.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sidebar<V = Value> {
    /// Goes up by one with every change; 0 where there was none yet. Ignored in what is sent to the server.
    pub version: u64,
    /// Session ids in their order.
    pub order: Vec<String>,
    /// The ids of pinned sessions.
    pub pinned: Vec<String>,
    /// The id of the session that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected: Option<String>,
    /// Whatever else the page wants its mirrors to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<V>,
}

/// Sidebar of the desktop's page.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "a form of the description alone")]
struct SidebarForm {
    /// Goes up by one with every change; 0 where there was none yet.
    version: u64,
    /// Session ids in their order.
    order: Vec<SessionId>,
    /// The ids of pinned sessions.
    pinned: Vec<SessionId>,
    /// The id of the session that is open.
    selected: Option<SessionId>,
    /// Whatever else the page wants its mirrors to know.
    view: Option<Value>,
}

described_as!(Sidebar<Value>, SidebarForm);
