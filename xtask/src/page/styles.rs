//! One style sheet of all: one request in place of many, and they compress better together.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::digest::Digest;

const TAG: &str = "<link rel=\"stylesheet\" href=\"/assets/";

/// Joins the style sheets in `folder` that the HTML links to, in its order, and returns the HTML with a link to the whole.
pub(super) fn join(folder: &Path, html: &str) -> Result<String> {
    let mut sheet = String::new();
    let mut joined = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(TAG) {
        let (name, after) = after.split_once('"').context("index.html: a link does not end")?;
        let (_, after) = after.split_once('>').context("index.html: a link does not end")?;
        let path = folder.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if text.contains("@import") || text.contains("@charset") {
            bail!("{name}: @import and @charset stand at the start of a style sheet, and this one is joined to others");
        }
        fs::remove_file(&path)?;
        if sheet.is_empty() {
            joined.push_str(before);
        } else {
            joined.push_str(before.trim());
        }
        // The whole is linked to where the first was.
        if sheet.is_empty() {
            joined.push_str(PLACE);
        }
        sheet.push_str(text.trim_end());
        sheet.push('\n');
        rest = after;
    }
    joined.push_str(rest);
    if sheet.is_empty() {
        return Ok(joined);
    }
    let mut digest = Digest::new();
    digest.add(sheet.as_bytes());
    let name = format!("page-{}.css", digest.name());
    fs::write(folder.join(&name), sheet)?;
    Ok(joined.replace(PLACE, &format!("{TAG}{name}\">")))
}

/// Stands where the link to the whole goes, until its name is known.
const PLACE: &str = "<!--style-->";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_joined_in_the_order_of_their_links() {
        let folder = std::env::temp_dir().join(format!("xtask-styles-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("b.css"), "b { top: 0 }\n").unwrap();
        fs::write(folder.join("a.css"), "a { top: 0 }").unwrap();
        let html = "<title>x</title>\n  <link rel=\"stylesheet\" href=\"/assets/b.css\"/>\n  <link rel=\"stylesheet\" href=\"/assets/a.css\"/>\n</head>";
        let joined = join(&folder, html).unwrap();
        let names: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        let name = names[0].to_str().unwrap();
        assert_eq!(joined, format!("<title>x</title>\n  {TAG}{name}\">\n</head>"));
        assert_eq!(
            (names.len(), fs::read_to_string(folder.join(name)).unwrap().as_str()),
            (1, "b { top: 0 }\na { top: 0 }\n")
        );
        assert_eq!(join(&folder, "no link").unwrap(), "no link");
        assert!(
            join(&folder, html).is_err(),
            "a sheet that is linked to and is not there"
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
