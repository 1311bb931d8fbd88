//! Cookies of a request by name, read by bytes: RFC 6265, section 4.2.1, without its limits.
//!
//! Browsers send a cookie to every port of its host, so that other servers there decide which cookies are beside ours: values that
//! are not ASCII, and other cookies of the very same name. None of these may hide ours. The header's size is the bound.

use http::{HeaderMap, header};

/// The values of all cookies of a name, in the order of the request; a value that is not text is left out.
pub(crate) fn named<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let pairs = headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(move |pair| {
        let value = pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
        std::str::from_utf8(value).ok()
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn found(values: &[&[u8]]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::COOKIE, HeaderValue::from_bytes(value).unwrap());
        }
        named(&headers, "mine").map(str::to_owned).collect()
    }

    #[test]
    fn nothing_beside_a_cookie_hides_it() {
        assert_eq!(found(&[b"a=b; mine=1;c=d"]), ["1"]);
        assert_eq!(found(&[b"a=b", b"mine=1"]), ["1"]);
        assert_eq!(found(&[b"mine=; mine=x=y; mine=3"]), ["", "x=y", "3"]);
        assert_eq!(found(&["a=é; mine=1".as_bytes()]), ["1"], "not ASCII");
        assert_eq!(found(&[b"a=\xff; mine=\xff; mine=1"]), ["1"], "not UTF-8");
        assert_eq!(found(&[b"nomine=1; mine2=1; mine; =mine"]), [""; 0]);
        let many = "mine=0; ".repeat(1_000) + "mine=1";
        assert_eq!(found(&[many.as_bytes()]).last().unwrap(), "1");
    }
}
