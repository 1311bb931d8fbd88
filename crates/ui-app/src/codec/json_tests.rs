//! Held to serde_json: what it takes is taken, and means the same; what it refuses is refused.

use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;

use super::*;

/// Reads a whole text with every method of the reader, into serde_json's own form.
fn read(text: &str) -> Option<Value> {
    let mut json = Json::new(text);
    let value = value(&mut json)?;
    json.is_at_end().then_some(value)
}

fn value(json: &mut Json<'_>) -> Option<Value> {
    Some(match json.peek()? {
        b'{' => {
            let mut members = serde_json::Map::new();
            json.object(&mut |name, json| {
                members.insert(name.to_owned(), value(json)?);
                Some(())
            })?;
            Value::Object(members)
        }
        b'[' => {
            let mut members = Vec::new();
            json.array(&mut |json| {
                members.push(value(json)?);
                Some(())
            })?;
            Value::Array(members)
        }
        b'"' => Value::String(json.string()?.into_owned()),
        _ => {
            let mut other = json.clone();
            match json.number() {
                Some(number) => Value::from(number),
                None => {
                    let text = other.skip()?.text;
                    *json = other;
                    serde_json::from_str(text).ok()?
                }
            }
        }
    })
}

fn agrees(text: &str) {
    let theirs: Option<Value> = serde_json::from_str(text).ok();
    let ours = read(text);
    match (&theirs, &ours) {
        (None, None) => {}
        (Some(theirs), Some(ours)) => assert_eq!(theirs, ours, "{text}"),
        _ => panic!("{text:?}: {theirs:?} and {ours:?}"),
    }
    let raw: Option<&RawValue> = serde_json::from_str(text).ok();
    let mut json = Json::new(text);
    let passed = json.skip().filter(|_| json.is_at_end());
    assert_eq!(raw.map(RawValue::get), passed.map(|raw| raw.text), "{text:?}");
    assert!(passed.is_none_or(|raw| text[raw.start..].starts_with(raw.text)));
}

#[test]
fn what_is_hard_is_read_as_serde_json_reads_it() {
    let texts = [
        "",
        " ",
        "{",
        "}",
        "[",
        "[]",
        "{}",
        "[1,]",
        "{\"a\":1,}",
        "[,]",
        "{\"a\"}",
        "{1:2}",
        "[1 2]",
        "[}",
        "{\"a\":[}]",
        "nul",
        "nulll",
        "truefalse",
        "true",
        "\"",
        "\"\\",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ud83d\\u0041\"",
        "\"\\ud83dx\"",
        "\"\t\"",
        "\"\u{7f}\u{80}é😀\"",
        "\"\\/\\b\\f\\n\\r\\t\"",
        "01",
        "-",
        "-0",
        "-1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "1E-2",
        "1.5e3",
        "0.1",
        "1e400",
        "-1e400",
        "1e-400",
        "12.5",
        "0e0",
        "18446744073709551615",
        "18446744073709551616",
        "123456789012345678901234567890",
        "1e2147483648",
        " [ 1 , { } ] ",
        "\"é\\u00e9 and eight more\\n\"",
        "[\"\\u0000\"]",
        "+1",
        "0x1",
        "NaN",
        "\u{feff}1",
        "1 2",
    ];
    texts.into_iter().for_each(agrees);
}

#[test]
fn what_is_as_deep_as_it_is_long_is_passed_over_and_not_read() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text = [open.repeat(100_000), "1".to_owned(), close.repeat(100_000)].concat();
        assert_eq!(Json::new(&text).skip().map(|raw| raw.text.len()), Some(text.len()));
        assert_eq!(read(&text), None);
        assert_eq!(Json::new(&text[..text.len() - 1]).skip(), None);
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |float| float.is_finite().then(|| Value::from(float))),
        any::<String>().prop_map(Value::from),
        "[\"\\\\\u{0}-\u{1f}a-z]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_value_is_read_as_serde_json_reads_it(value in any_value(), pretty in any::<bool>()) {
        agrees(&if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() });
    }

    #[test]
    fn a_text_with_a_byte_changed_is_taken_and_refused_as_by_serde_json(
        value in any_value(), place in any::<prop::sample::Index>(), byte in prop::sample::select(b"\"\\{}[],:0e-u \x01t".to_vec()),
    ) {
        let mut bytes = value.to_string().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(text) = String::from_utf8(bytes) {
            agrees(&text);
        }
    }

    #[test]
    fn anything_that_looks_like_json_is_taken_and_refused_as_by_serde_json(
        text in "(\\[|\\]|\\{|\\}|,|:|\"a\"|\"\\\\u[0-9a-dD8]{3,4}\"|-?[0-9.eE]{1,5}|true|null| ){0,12}",
    ) {
        agrees(&text);
    }

    #[test]
    fn a_text_is_quoted_as_serde_json_quotes_it(text in prop_oneof![any::<String>(), "[\"\\\\\u{0}-\u{22}é]{0,30}"]) {
        let mut out = String::new();
        quote(&mut out, &text);
        prop_assert_eq!(&out, &serde_json::to_string(&text).unwrap());
        prop_assert_eq!(Json::new(&out).string().unwrap(), text);
    }
}
