//! A browser on a session of its own, for what is tested of the page around the views.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;

pub(super) const ROW: &str = "[data-testid='log-row']:not([hidden])";

/// A browser on a session of its own, with one row that says `/etc/hostname`.
pub(super) struct Scene<'home> {
    pub(super) tab: Tab,
    _ui: Ui,
    pub(super) shell: Program<'home>,
    pub(super) id: &'static str,
}

impl<'home> Scene<'home> {
    pub(super) async fn open(home: &'home Home, id: &'static str, fragment: &str) -> Self {
        let ui = Ui::start(home).await;
        let mut shell = Program::shell(home, id).await;
        shell.run("read line < /etc/hostname; read line < /etc/passwd").await;
        let tab = Tab::open(1440, 900).await;
        tab.goto(&ui.url()).await;
        tab.shows("connection-state", "Live").await;
        tab.becomes(&format!("document.querySelector('[data-session-id=\"{id}\"]')"))
            .await;
        let scene = Self {
            tab,
            _ui: ui,
            shell,
            id,
        };
        scene.at(fragment).await;
        scene
    }

    /// Follows a link, as a reader of a message would.
    pub(super) async fn at(&self, fragment: &str) {
        let link = serde_json::to_string(&fragment.replace("ID", self.id)).unwrap();
        self.tab.value::<String>(&format!("location.hash = {link}")).await;
    }

    pub(super) async fn is_at(&self, fragment: &str) {
        let wanted = serde_json::to_string(&fragment.replace("ID", self.id)).unwrap();
        self.tab.becomes(&format!("location.hash === {wanted}")).await;
    }

    pub(super) async fn has(&self, selector: &str) {
        let selector = serde_json::to_string(selector).unwrap();
        self.tab.becomes(&format!("document.querySelector({selector})")).await;
    }

    pub(super) async fn text(&self, selector: &str, text: &str) {
        let [selector, text] = [selector, text].map(|text| serde_json::to_string(text).unwrap());
        let shows = format!("document.querySelector({selector})?.innerText.includes({text})");
        self.tab.becomes(&shows).await;
    }

    /// Presses keys one after the other, on whatever has the focus.
    pub(super) async fn press(&self, keys: &[&str]) {
        for key in keys {
            let (key, control) = key.strip_prefix("Ctrl+").map_or((*key, false), |key| (key, true));
            let key = serde_json::to_string(key).unwrap();
            let event = format!(
                "new KeyboardEvent('keydown', {{key: {key}, ctrlKey: {control}, bubbles: true, cancelable: true}})"
            );
            let target = "(document.activeElement ?? document.body)";
            self.tab
                .value::<bool>(&format!("{target}.dispatchEvent({event})"))
                .await;
        }
    }

    /// Runs an expression that has no value.
    pub(super) async fn run(&self, expression: &str) {
        self.tab.value::<bool>(&format!("({expression}, true)")).await;
    }

    /// Loads the page again, and waits until the page before it is gone.
    pub(super) async fn reload(&self) {
        self.run("window.isStale = true, location.reload()").await;
        self.tab
            .becomes("!window.isStale && document.querySelector('header.top')")
            .await;
    }

    /// Chooses a language in the menu.
    pub(super) async fn speak(&self, tag: &str) {
        let choose = "it.dispatchEvent(new Event('change', {bubbles: true}))";
        self.run(&format!(
            "(it => (it.focus(), it.value = '{tag}', {choose}))(document.getElementById('language'))"
        ))
        .await;
    }

    pub(super) async fn close(self) {
        assert_eq!(self.tab.complaints(), Vec::<String>::new());
        self.tab.close().await;
        self.shell.finish().await;
    }
}
