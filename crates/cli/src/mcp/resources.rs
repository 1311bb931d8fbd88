//! Resources: `mirrord://session/ID` is the state of a session that runs, `mirrord://record/NAME` a record of the command line.
//!
//! A record is read in pages: `mirrord://record/NAME?since=N` has the events after number N.

use rmcp::model::{
    ListResourcesResult, PaginatedRequestParams, ReadResourceResult, Resource, ResourceContents, ResourceTemplate,
};

use super::answer::ToolError;
use super::context::Context;
use super::record_files::{self, RECORD};
use super::{arguments, records, sessions};

/// Beginning of the URI of a session.
const SESSION: &str = "mirrord://session/";
const JSON: &str = "application/json";
/// Resources of one page of the list.
const PAGE: usize = 100;

/// Lists the resources, a page at a time; the cursor is the number of those before it.
pub(super) async fn list(
    context: &Context,
    page: Option<PaginatedRequestParams>,
) -> Result<ListResourcesResult, ToolError> {
    let cursor = page.and_then(|page| page.cursor).unwrap_or_else(|| "0".to_owned());
    let from: usize = cursor.parse().map_err(|_| ToolError::Arguments {
        tool: "resources/list".to_owned(),
        reason: format!("`{cursor}` is no cursor of this server"),
    })?;
    let records = context.records.iter().map(|record| {
        Resource::new(format!("{RECORD}{}", record.name), record.name.clone())
            .with_description(format!("Record {}", record.path.display()))
            .with_mime_type(JSON)
    });
    let running = context.sessions().await?.known;
    let running = running.iter().map(|session| {
        Resource::new(format!("{SESSION}{}", session.id), session.name().to_string())
            .with_description("Session that runs: its description and its state")
            .with_mime_type(JSON)
    });
    let mut all = records.chain(running).skip(from);
    let mut result = ListResourcesResult::with_all_items(all.by_ref().take(PAGE).collect());
    if all.next().is_some() {
        result.next_cursor = Some((from + PAGE).to_string());
    }
    Ok(result)
}

/// Returns the forms of the URIs.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(format!("{SESSION}{{id}}"), "session")
            .with_description("Description and state of a session that runs")
            .with_mime_type(JSON),
        ResourceTemplate::new(format!("{RECORD}{{name}}{{?since}}"), "record")
            .with_description("Session of a record, and its events after the number `since`")
            .with_mime_type(JSON),
    ]
}

/// Reads a resource.
///
/// # Errors
/// There is none of this URI, or it cannot be read.
pub(super) async fn read(context: &Context, uri: &str) -> Result<ReadResourceResult, ToolError> {
    let value = if let Some(id) = uri.strip_prefix(SESSION) {
        let session = context.find(Some(id)).await?;
        sessions::state_of(&session, arguments::items(None)).await?
    } else if let Some(rest) = uri.strip_prefix(RECORD) {
        let (name, since) = rest.split_once("?since=").unwrap_or((rest, "0"));
        let since = since
            .parse()
            .map_err(|_| ToolError::NoResource(format!("`{since}` in {uri} is no number of an event")))?;
        records::page(context, record_files::find(&context.records, name)?, since).await?
    } else {
        return Err(ToolError::NoResource(format!(
            "{uri} is none of this server; there are {SESSION}ID and {RECORD}NAME"
        )));
    };
    let contents = ResourceContents::text(value.to_string(), uri).with_mime_type(JSON);
    Ok(ReadResourceResult::new(vec![contents]))
}
