//! JSON output held against the schema in the documents.

use serde_json::Value;

const SCHEMA: &str = include_str!("../../docs/session-output.schema.json");

/// Parses a text and holds it against one definition of the schema.
pub fn valid(definition: &str, text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    assert!(schema["$defs"][definition].is_object(), "no definition {definition}");
    schema["$ref"] = format!("#/$defs/{definition}").into();
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{definition}: {text}: {errors:?}");
    value
}
