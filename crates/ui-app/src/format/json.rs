//! JSON laid out for a reader: one line a field of the outermost object, and what is inside a field left on its line.

/// Lays out a JSON object; any other text comes back as it is.
#[must_use]
pub fn laid_out(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 64);
    let (mut depth, mut in_text, mut escaped) = (0_u32, false, false);
    for character in json.chars() {
        out.push(character);
        if in_text {
            in_text = escaped || character != '"';
            escaped = character == '\\' && !escaped;
            continue;
        }
        match character {
            '"' => in_text = true,
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 1 => out.push_str("\n "),
            ':' if depth == 1 => out.push(' '),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_field_has_its_line() {
        let json = r#"{"a":"x, {\"y\":1}","b":[1,{"c":2}],"d":"\\"}"#;
        assert_eq!(
            laid_out(json),
            "{\"a\": \"x, {\\\"y\\\":1}\",\n \"b\": [1,{\"c\":2}],\n \"d\": \"\\\\\"}"
        );
    }

    proptest! {
        #[test]
        fn what_it_says_stays_the_same(name in any::<String>(), text in any::<String>(), number in any::<i64>()) {
            let value = serde_json::json!({ name: [text, number], "x": { "y": null } });
            let read: serde_json::Value = serde_json::from_str(&laid_out(&value.to_string())).unwrap();
            prop_assert_eq!(read, value);
        }
    }
}
