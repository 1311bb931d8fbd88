//! Parts that all routes have in common: credentials, refusals before the handler, entity tags, the form of an error.

use http::Method;
use utoipa::Modify;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, ContentBuilder, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder,
    Schema, Type,
};

/// Modifier that adds them to every route.
pub(super) struct Shared;

/// Refusals that any route gives.
const ANY: &[(&str, &str)] = &[
    (
        "400",
        "There is no `Host` or more than one, or the query cannot be read",
    ),
    (
        "403",
        "The `Host`, or the `Origin`, is not one that is served; or a device may not do that",
    ),
    ("405", "The route does not take this method"),
    ("503", "Too many connections are open"),
];
/// Refusals of routes that change something.
const CHANGES: &[(&str, &str)] = &[
    ("408", "The body took too long"),
    ("411", "A body is sent with Content-Length"),
    ("413", "A body has at most 64 KiB"),
    ("415", "Only `application/json` changes anything"),
];

impl Modify for Shared {
    fn modify(&self, api: &mut OpenApi) {
        for (path, item) in &mut api.paths.paths {
            let (is_public, is_websocket) = (path == "/health", is_websocket(path));
            for (method, operation) in operations(item) {
                let reads = method == Method::GET;
                if reads && !is_websocket {
                    add_entity_tag(operation);
                }
                if !reads {
                    add_body(operation);
                    CHANGES.iter().for_each(|own| add(operation, own));
                }
                if !is_public {
                    add(operation, &("401", "The credentials are missing or wrong"));
                }
                ANY.iter().for_each(|own| add(operation, own));
                complete(operation);
            }
        }
        let components = api.components.get_or_insert_default();
        for (name, scheme) in schemes() {
            components.add_security_scheme(name, scheme);
        }
    }
}

/// Returns the methods of a path, in the order of `Allow`.
pub(super) fn methods(path: &str, item: &PathItem) -> Vec<Method> {
    let mut item = item.clone();
    let mut methods = Vec::new();
    for (method, _) in operations(&mut item) {
        let has_head = method == Method::GET && !is_websocket(path);
        methods.push(method);
        if has_head {
            methods.push(Method::HEAD);
        }
    }
    methods
}

/// The handshake of a WebSocket has neither HEAD nor an entity tag.
fn is_websocket(path: &str) -> bool {
    path.starts_with("/ws")
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn add(operation: &mut Operation, (status, description): &(&str, &str)) {
    let responses = &mut operation.responses.responses;
    let response = || RefOr::T(Response::new(*description));
    responses.entry((*status).to_owned()).or_insert_with(response);
}

fn text() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).into()
}

fn error() -> Content {
    let schema = Ref::from_schema_name("ApiError");
    ContentBuilder::new().schema(Some(schema)).build()
}

/// Gives every error its body, and a refusal its headers.
fn complete(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if status.as_str() >= "400" && response.content.is_empty() {
            response
                .content
                .insert("application/json".to_owned(), RefOr::T(error()));
        }
        let header = match status.as_str() {
            "401" => ("WWW-Authenticate", "`Bearer`, on the desktop"),
            "405" => ("Allow", "Methods that the route takes"),
            "503" => ("Retry-After", "Seconds after which to try again"),
            _ => continue,
        };
        let own = HeaderBuilder::new()
            .schema(Some(text()))
            .description(Some(header.1))
            .build();
        response.headers.entry(header.0.to_owned()).or_insert(RefOr::T(own));
    }
}

/// Adds the `ETag` of an answer, and the answer to a client that has it.
fn add_entity_tag(operation: &mut Operation) {
    let tag = || {
        HeaderBuilder::new()
            .schema(Some(text()))
            .description(Some("Entity tag"))
            .build()
    };
    if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") {
        response.headers.insert("ETag".to_owned(), RefOr::T(tag()));
    }
    let unchanged = ResponseBuilder::new()
        .description("The client has the answer")
        .header("ETag", tag());
    let responses = &mut operation.responses.responses;
    responses.insert("304".to_owned(), RefOr::T(unchanged.build()));
    let parameter = ParameterBuilder::new()
        .name("If-None-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("Entity tags of answers that the client has"))
        .schema(Some(text()));
    operation
        .parameters
        .get_or_insert_default()
        .push(RefOr::T(parameter.build()));
}

/// Describes the body of a route that reads none: its type is required all the same.
fn add_body(operation: &mut Operation) {
    let nothing = || {
        let any = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
        let any = ContentBuilder::new().schema(Some(any)).build();
        RequestBodyBuilder::new()
            .description(Some(
                "Not read; its type is required, as of everything that changes something",
            ))
            .content("application/json", any)
            .required(Some(Required::True))
            .build()
            .into()
    };
    operation.request_body.get_or_insert_with(nothing);
}

fn schemes() -> [(&'static str, SecurityScheme); 4] {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "The token of the instance: `mirrord ui url` prints the address with it",
    ));
    let key = |name: &str, description: &str| ApiKeyValue::with_description(name, description);
    let cookie = key(
        "mirrord_ui_59281",
        "A browser's cookie; 59281 stands for the port of the server",
    );
    let page_key = key("Mirrord-Page-Key", "The key that a page keeps, beside the cookie");
    let code = key(
        "Authorization",
        "`Ticket CODE`, with the code that stands in the page's address",
    );
    [
        ("bearer", SecurityScheme::Http(bearer.build())),
        ("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie))),
        ("page_key", SecurityScheme::ApiKey(ApiKey::Header(page_key))),
        ("code", SecurityScheme::ApiKey(ApiKey::Header(code))),
    ]
}
