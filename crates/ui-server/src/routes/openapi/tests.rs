//! Tests of the description: against the router's source, the table of permissions, and itself.

use std::collections::BTreeSet;

use super::*;
use crate::mirror::permissions::TABLE;

/// Routes that are no part of the REST API: pages and what they are made of, and those by which devices sign in.
const NOT_DESCRIBED: [&str; 10] = [
    "/",
    "/assets/*",
    "/mirror/authority.pem",
    "/mirror/login.css",
    "/mirror/login.js",
    "/mirror/login.svg",
    "/mirror/pair",
    "/mirror/sign-in",
    "/mirror/sign-out",
    "/mirror/trust",
];

/// Paths of the router, with `{}` for each parameter, as they stand in its source: warp's filters do not tell.
fn routed() -> BTreeSet<String> {
    let (own, mirror) = (include_str!("../../routes.rs"), include_str!("../mirror.rs"));
    let filters = own.split("warp::path!(").skip(1).map(|rest| {
        let filter = rest.split(')').next().unwrap_or_default();
        filter.split(" / ").fold(String::new(), |path, segment| {
            let literal = segment.strip_prefix('"').and_then(|literal| literal.strip_suffix('"'));
            path + "/" + literal.unwrap_or("{}")
        })
    });
    let code: String = mirror.lines().filter(|line| !line.contains("path = \"")).collect();
    let literal = |rest: &str| rest.split('"').next().map(str::to_owned);
    let prefixes: Vec<_> = code.split("strip_prefix(\"").skip(1).filter_map(literal).collect();
    let matched = code
        .split('"')
        .filter(|text| text.starts_with("/api/") || text.starts_with("/mirror/"));
    let whole = matched.filter(|text| !text.ends_with('/')).map(str::to_owned);
    let paths = filters
        .chain(whole)
        .chain(prefixes.iter().map(|prefix| format!("{prefix}{{}}")));
    paths.filter(|path| !NOT_DESCRIBED.contains(&path.as_str())).collect()
}

fn unnamed(path: &str) -> String {
    let segments = path.split('/');
    let unnamed = segments.map(|segment| if segment.starts_with(['{', ':']) { "{}" } else { segment });
    unnamed.collect::<Vec<_>>().join("/")
}

#[test]
fn every_route_is_described_and_every_described_one_is_routed() {
    let described: BTreeSet<_> = api().methods.iter().map(|(path, _)| unnamed(path)).collect();
    assert_eq!(
        routed(),
        described,
        "a handler has `utoipa::path`, and is listed in `routes::openapi`"
    );
}

#[test]
fn what_devices_may_do_is_described() {
    for rule in TABLE.iter().filter(|rule| !NOT_DESCRIBED.contains(&rule.pattern)) {
        let described = methods(&rule.pattern.replace(":id", "x")).unwrap_or_default();
        for method in rule.methods {
            assert!(described.contains(method), "{method} {}", rule.pattern);
        }
    }
}

#[test]
fn a_path_that_is_written_out_goes_before_one_with_a_parameter() {
    assert_eq!(methods("/api/sessions/x/name"), Some(&[Method::PUT][..]));
    assert_eq!(
        methods("/api/sessions/x"),
        Some(&[Method::GET, Method::HEAD, Method::DELETE][..])
    );
    assert_eq!(methods("/ws"), Some(&[Method::GET][..]));
    for path in ["/api/sessions/", "/api/sessions//name", "/api", "", "/api/sessions/x/y"] {
        assert_eq!(methods(path), None, "{path}");
    }
}

/// Names of the schemas that a part of the document refers to.
fn references(value: &serde_json::Value, into: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, value)| match value.as_str() {
            Some(text) if name == "$ref" => drop(into.insert(text.to_owned())),
            _ => references(value, into),
        }),
        serde_json::Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_to_a_schema_and_every_schema_is_referred_to() {
    let document: serde_json::Value = serde_json::from_str(&api().text).unwrap();
    assert_eq!(document["openapi"].as_str().map(|version| &version[..4]), Some("3.1."));
    let mut referred = BTreeSet::new();
    references(&document, &mut referred);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let names: BTreeSet<_> = schemas
        .keys()
        .map(|name| format!("#/components/schemas/{name}"))
        .collect();
    assert_eq!(referred, names);
}

#[test]
fn what_an_answer_always_has_is_required_and_flattened_parts_are_named() {
    let document: serde_json::Value = serde_json::from_str(&api().text).unwrap();
    let schemas = &document["components"]["schemas"];
    let required = |schema: &serde_json::Value| {
        let names = schema["required"].as_array().cloned().unwrap_or_default();
        names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(required(&schemas["Top"]), ["items", "more"]);
    let summary = &schemas["SessionSummary"]["allOf"];
    assert!(!document.to_string().contains("[`"), "a link of rustdoc leads nowhere");
    assert_eq!(summary[0]["$ref"], "#/components/schemas/SessionInfo");
    let own = required(&summary[1]);
    assert!(
        own.contains(&"status".to_owned()) && !own.contains(&"reason".to_owned()),
        "{own:?}"
    );
    // Of a request, what is absent stays as it is.
    for request in ["Arrangement", "MirrorSettingsChange", "DeviceChange"] {
        assert_eq!(required(&schemas[request]), Vec::<String>::new(), "{request}");
    }
    let with_default = schemas.as_object().unwrap().iter();
    let with_default: Vec<_> = with_default
        .filter(|(_, schema)| schema.to_string().contains("\"default\":"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(with_default, Vec::<&String>::new());
}
