//! Which language a browser asks for first, of those that there are words in: RFC 9110, section 12.5.4, and the lookup of
//! RFC 4647, section 3.4. What is not understood is passed over; English is for everybody else.

use std::cmp::Reverse;

use http::{HeaderMap, header};

use super::words::{ALL, EN, Words};

/// Browsers ask for fewer than ten languages; what stands behind these is not looked at.
const MAX_ASKED: usize = 32;
/// The longest tag that is looked at: the longest of a browser, `zh-Hant-TW`, has ten bytes.
const MAX_TAG_BYTES: usize = 35;

/// The words in the language that is asked for before the others.
pub(super) fn best(headers: &HeaderMap) -> &'static Words {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let items = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let mut asked: Vec<_> = items.take(MAX_ASKED).filter_map(asked_for).collect();
    // Stable: of two that weigh the same, the earlier one is meant.
    asked.sort_by_key(|(weight, _)| Reverse(*weight));
    let mut wanted = asked.iter().filter(|(weight, _)| *weight > 0);
    wanted.find_map(|(_, tag)| near(tag)).unwrap_or(&EN)
}

/// A language range and its weight in thousandths.
fn asked_for(item: &str) -> Option<(u16, &str)> {
    let (tag, parameters) = item.split_once(';').unwrap_or((item, "q=1"));
    let (name, weight) = parameters.trim().split_once('=')?;
    let weight = name.eq_ignore_ascii_case("q").then(|| thousandths(weight))??;
    let tag = tag.trim();
    (tag.len() <= MAX_TAG_BYTES).then_some((weight, tag))
}

/// A `qvalue`: 0 to 1 with at most three decimals.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let decimals = format!("{decimals:0<3}").parse::<u16>().ok()?;
    match (whole, decimals) {
        ("0", decimals) => Some(decimals),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

/// The nearest that there is to a tag. Where we have one language in two scripts, the region decides, which BCP 47 lets
/// stand in for the script.
fn near(tag: &str) -> Option<&'static Words> {
    // Any, or any other: that is what stands in the code.
    if tag == "*" {
        return Some(&EN);
    }
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split('-');
    let primary = parts.next()?;
    let rest: Vec<_> = parts.collect();
    let has = |names: &[&str]| names.iter().any(|name| rest.contains(name));
    let own = match primary {
        "pt" => "pt-BR",
        "no" | "nn" => "nb",
        "zh" if !has(&["hans"]) && has(&["hant", "tw", "hk", "mo"]) => "zh-Hant",
        "zh" => "zh-Hans",
        other => other,
    };
    ALL.iter().copied().find(|words| words.tag == own)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn asks(values: &[&[u8]]) -> &'static str {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT_LANGUAGE, HeaderValue::from_bytes(value).unwrap());
        }
        best(&headers).tag
    }

    #[test]
    fn the_weightiest_language_that_is_there_is_taken() {
        for (asked, expected) in [
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en;q=0.5, ja;q=0.7", "ja"),
            ("en;q=0.7,ja;q=0.7", "en"),
            ("ko ; q=0.3 , th ; Q=0.31", "th"),
            ("fr;q=0, es;q=0.001", "es"),
            ("xx, tlh;q=0.9, pl;q=0.1", "pl"),
            ("ru;q=1.000", "ru"),
            ("*", "en"),
            ("fr;q=0.5, *;q=0.9", "en"),
            ("de;q=0", "en"),
            ("", "en"),
        ] {
            assert_eq!(asks(&[asked.as_bytes()]), expected, "{asked}");
        }
        assert_eq!(asks(&[]), "en");
        assert_eq!(asks(&[b"xx", b"da"]), "da", "a header may come in parts");
    }

    #[test]
    fn regions_scripts_and_macrolanguages_lead_to_what_is_near() {
        for (asked, expected) in [
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh-SG", "zh-Hans"),
            ("zh-TW", "zh-Hant"),
            ("ZH-hk", "zh-Hant"),
            ("zh-Hant-TW", "zh-Hant"),
            ("zh-Hans-HK", "zh-Hans"),
            ("pt-PT", "pt-BR"),
            ("pt-BR", "pt-BR"),
            ("no", "nb"),
            ("nn-NO", "nb"),
            ("ar-EG", "ar"),
            ("es-419", "es"),
        ] {
            assert_eq!(asks(&[asked.as_bytes()]), expected, "{asked}");
        }
    }

    #[test]
    fn what_is_no_header_of_a_browser_is_passed_over() {
        for asked in [
            "de;q=2",
            "de;q=1.001",
            "de;q=0.1234",
            "de;q=-1",
            "de;q=",
            "de;q=.5",
            "de;q=NaN",
            "de;q",
            "de;level=1",
            "de;q=0.5;q=0.1",
            ",;,,;=,-,q=1",
            "<script>alert(1)</script>",
            "../../de",
            "\"de\"",
            "{lead}",
        ] {
            assert_eq!(asks(&[asked.as_bytes()]), "en", "{asked}");
            let behind = format!("{asked}, ja;q=0.2");
            assert_eq!(asks(&[behind.as_bytes()]), "ja", "{asked}");
        }
        assert_eq!(asks(&[b"\xff\xfe\x80", b"de"]), "de");
        assert_eq!(asks(&["d".repeat(60_000).as_bytes(), b"de"]), "de");
        let many = "xx,".repeat(20_000) + "de";
        assert_eq!(asks(&[many.as_bytes()]), "en", "behind the bound");
    }
}
