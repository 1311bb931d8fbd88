//! Moves inline scripts into files of their own: the page's CSP (`script-src 'self'`) runs no inline ones, and Trunk
//! starts the page with one.

use anyhow::{Context, Result, bail};

/// The HTML with a reference in each inline script's place, and the scripts with the names that `name` gives them.
/// What the CSP forbids and this cannot move is an error: the page would be broken in the browser alone.
pub(super) fn move_out(html: &str, name: impl Fn(&str) -> String) -> Result<(String, Vec<(String, String)>)> {
    let mut result = String::with_capacity(html.len());
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        let end = start
            + rest[start..]
                .find('>')
                .context("index.html: a script tag does not end")?
            + 1;
        let close = end
            + rest[end..]
                .find("</script>")
                .context("index.html: a script does not end")?;
        let (tag, body) = (&rest[start..end], rest[end..close].trim());
        result.push_str(&rest[..start]);
        if tag.contains(" src=") || body.is_empty() {
            result.push_str(&rest[start..close]);
        } else if tag.contains("type=\"module\"") {
            let name = name(body);
            result.push_str(&format!("<script type=\"module\" src=\"/assets/{name}\">"));
            scripts.push((name, format!("{body}\n")));
        } else {
            bail!("index.html: an inline script that is no module runs at another time in a file of its own: {tag}");
        }
        rest = &rest[close..];
    }
    result.push_str(rest);
    if result.contains("<style") {
        bail!("index.html: the page's CSP forbids inline styles; link a style sheet instead");
    }
    Ok((result, scripts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunks_start_script_becomes_a_file() {
        let html = "<head></head>\n<body><script type=\"module\">\nimport init from '/assets/a.js';\n</script></body>";
        let (html, scripts) = move_out(html, |_| "start.js".to_owned()).unwrap();
        assert_eq!(
            html,
            "<head></head>\n<body><script type=\"module\" src=\"/assets/start.js\"></script></body>"
        );
        assert_eq!(
            scripts,
            [("start.js".to_owned(), "import init from '/assets/a.js';\n".to_owned())]
        );
    }

    #[test]
    fn a_script_with_a_source_stays_as_it_is() {
        let html = "<script defer src=\"/x.js\"></script>";
        assert_eq!(move_out(html, |_| String::new()).unwrap(), (html.to_owned(), vec![]));
    }

    #[test]
    fn what_the_csp_would_block_is_an_error() {
        assert!(move_out("<script>classic()</script>", |_| String::new()).is_err());
        assert!(move_out("<style>a {}</style>", |_| String::new()).is_err());
        assert!(move_out("<script type=\"module\">", |_| String::new()).is_err());
    }
}
