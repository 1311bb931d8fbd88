//! axe-core in a browser: asked about what is shown, in both themes, on a desk and on a phone.

use std::ops::Deref;

use mirrord_tests::browser::Tab;

/// Rule sets: WCAG 2.2 at A and AA with what it contains, and the best practices of axe's authors.
const RULES: &str = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']";
const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];
const THEMES: [&str; 2] = ["light", "dark"];

/// The script: `cargo xtask test` says where it is.
fn script() -> String {
    let path =
        std::env::var("MIRRORD_TEST_AXE").expect("MIRRORD_TEST_AXE names axe-core: `cargo xtask setup` fetches it");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// One browser that goes from view to view, and what axe found in them.
pub(super) struct Judge {
    tab: Tab,
    axe: String,
    found: Vec<String>,
}

impl Deref for Judge {
    type Target = Tab;

    fn deref(&self) -> &Tab {
        &self.tab
    }
}

impl Judge {
    pub(super) async fn open(url: &str) -> Self {
        Self {
            tab: Tab::at(url).await,
            axe: script(),
            found: Vec::new(),
        }
    }

    /// Goes to a view, waits until it is there, and asks.
    pub(super) async fn at(&mut self, fragment: &str, is_there: &str) {
        self.follow(fragment).await;
        self.becomes(is_there).await;
        self.ask(fragment).await;
    }

    /// Asks about what is shown now.
    pub(super) async fn ask(&mut self, view: &str) {
        if !self.tab.is("'axe' in window").await {
            let injected = self.tab.page().evaluate_expression(self.axe.as_str()).await;
            injected.expect("axe runs in the page");
        }
        for (width, height) in SIZES {
            self.tab.resize(width, height).await;
            for theme in THEMES {
                // Without motion, no colour is asked about on its way to another.
                let features = [("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")];
                self.tab.emulate("screen", &features).await;
                for complaint in complaints(&self.tab).await {
                    self.found.push(format!("{view}, {width}, {theme}: {complaint}"));
                }
            }
        }
        self.tab.resize(1440, 900).await;
    }

    pub(super) async fn end(self) {
        self.tab.close().await;
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }
}

/// Violations that axe finds in the document: the rule, the element, and why.
async fn complaints(tab: &Tab) -> Vec<String> {
    let ask = format!(
        "new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))
            .then(() => axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}}))
            .then(result => result.violations.flatMap(rule => rule.nodes.slice(0, 3).map(node =>
                rule.id + ' (' + rule.nodes.length + '): ' + node.html.slice(0, 200) + ' ' + node.failureSummary.replace(/\\s+/g, ' ').slice(0, 300))))"
    );
    let result = tab.page().evaluate_expression(ask).await.expect("axe answers");
    result.into_value().expect("axe's answer is a list of texts")
}
