//! Required fields of answers, which no derive sees.
//!
//! The types of `wire` default what is missing, so that a derive takes every field for one that may be absent. What is
//! always written of a type is what is written of its default. Defaults are a reader's business, and are not described.
//! A type that is not listed here is described with fields that may all be absent.

use std::collections::BTreeMap;

use mirrord_wire::api::{
    Compared, Comparison, Connections, Difference, Effect, Evidence, History, HistoryRecord, Hit, KeyGroup, KeyKilled,
    Killed, License, LockedPort, OperatorSession, OperatorSessions, OtlpCounts, OtlpError, OtlpInfo, RecordInfo,
    RecordOpened, Recording, SearchAnswer, SessionDetail, SessionHits, SessionSummary, Suggestion, Suggestions,
    Timeline, TimelineBucket, Traffic, VersionInfo,
};
use mirrord_wire::mirror::{
    AuditEntry, Authority, Device, Interface, Me, MirrorCredentials, MirrorSettings, MirrorStatus, MirrorUrl, Pairing,
    PairingTicket,
};
use mirrord_wire::session::summary::{Destination, Died, Host, Place, Port, Search, Summary};
use mirrord_wire::session::{
    Bytes, ConfigSource, Connection, Counters, GroupSession, GroupState, IncompleteReason, Listener, Process,
    SessionState, UnreadSession,
};
use mirrord_wire::{PortSubscription, ProcessInfo, SessionInfo, Top};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::{Object, OpenApi, RefOr, Schema};
use utoipa::{Modify, ToSchema};

/// Modifier that adds them to the schemas.
pub(super) struct Required;

type Schemas = BTreeMap<String, RefOr<Schema>>;

impl Modify for Required {
    fn modify(&self, api: &mut OpenApi) {
        let schemas = &mut api.components.get_or_insert_default().schemas;
        schemas.values_mut().for_each(remove_defaults);
        require_all(schemas);
    }
}

macro_rules! require {
    ($schemas:expr; $($type:ty),* $(,)?) => {
        $(require::<$type>($schemas);)*
    };
}

fn require_all(schemas: &mut Schemas) {
    require!(schemas;
        Compared, Comparison, Connections, Difference, Effect, Evidence, History, HistoryRecord, Hit, KeyGroup, KeyKilled, Killed, License, LockedPort, OperatorSession, OperatorSessions, SearchAnswer,
        OtlpCounts, OtlpError, OtlpInfo, RecordInfo, RecordOpened, Recording, SessionDetail, SessionHits, SessionSummary,
        Suggestion, Suggestions, Timeline, TimelineBucket, Traffic, VersionInfo,
        AuditEntry, Authority, Device, Interface, Me, MirrorCredentials, MirrorSettings, MirrorStatus, MirrorUrl, Pairing,
        PairingTicket,
        Destination, Died, Host, Place, Port, Search, Summary,
        Bytes, ConfigSource, Connection, Counters, GroupSession, GroupState, IncompleteReason, Listener, Process, SessionState,
        UnreadSession,
        PortSubscription, ProcessInfo, SessionInfo, Top,
    );
}

/// Requires the fields of a type that its default is written with.
fn require<T: Default + Serialize + ToSchema>(schemas: &mut Schemas) {
    let schema = schemas.get_mut(&*T::name());
    let (Some(own), Ok(Value::Object(written))) = (schema.and_then(own_fields), serde_json::to_value(T::default()))
    else {
        return;
    };
    let names = own.properties.keys();
    own.required = names.filter(|name| written.contains_key(*name)).cloned().collect();
}

/// Returns the fields of a type itself, beside the parts that are flattened into it.
fn own_fields(schema: &mut RefOr<Schema>) -> Option<&mut Object> {
    match schema {
        RefOr::T(Schema::Object(own)) => Some(own),
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().find_map(own_fields),
        _ => None,
    }
}

fn remove_defaults(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::Ref(own) => own.default = None,
        RefOr::T(Schema::Object(own)) => {
            own.default = None;
            own.properties.values_mut().for_each(remove_defaults);
            if let Some(AdditionalProperties::RefOr(others)) = own.additional_properties.as_deref_mut() {
                remove_defaults(others);
            }
        }
        RefOr::T(Schema::AllOf(own)) => {
            own.default = None;
            own.items.iter_mut().for_each(remove_defaults);
        }
        RefOr::T(Schema::Array(own)) => own.default = None,
        RefOr::T(Schema::OneOf(own)) => own.default = None,
        RefOr::T(Schema::AnyOf(own)) => own.default = None,
        RefOr::T(_) => {}
    }
}
