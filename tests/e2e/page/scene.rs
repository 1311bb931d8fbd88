//! A browser on a session of its own, for what is tested of the page.

use std::ops::Deref;

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;
use mirrord_wire::SessionInfo;

/// The views of a session beside its log.
pub(super) const VIEWS: [&str; 8] = [
    "summary",
    "files",
    "network",
    "ports",
    "environment",
    "processes",
    "config",
    "stats",
];

pub(super) const ROW: &str = "[data-testid='log-row']:not([hidden])";

/// A browser on a session of its own; its methods are the tab's, and some more.
pub(super) struct Scene<S> {
    pub(super) tab: Tab,
    pub(super) ui: Ui,
    pub(super) session: S,
    pub(super) id: &'static str,
    pub(super) home: Home,
}

impl<S> Deref for Scene<S> {
    type Target = Tab;

    fn deref(&self) -> &Tab {
        &self.tab
    }
}

impl Scene<Program> {
    /// A shell that has done nothing so far.
    pub(super) async fn shell(id: &'static str, fragment: &str) -> Self {
        Self::of(id, fragment, async |home| Program::shell(home, id).await).await
    }

    /// A shell with one row that says `/etc/hostname`.
    pub(super) async fn shell_that_read(id: &'static str, fragment: &str) -> Self {
        let start = async |home: &Home| {
            let mut shell = Program::shell(home, id).await;
            shell.run("read line < /etc/hostname; read line < /etc/passwd").await;
            shell
        };
        Self::of(id, fragment, start).await
    }
}

impl Scene<Host> {
    /// A session with something of everything.
    pub(super) async fn service(id: &'static str, fragment: &str) -> Self {
        Self::of(id, fragment, async |home| service(home, id)).await
    }

    /// A session whose events are all the test's own.
    pub(super) async fn host(id: &'static str, fragment: &str) -> Self {
        let start = async |home: &Home| Host::start(home, id, SessionInfo::default());
        Self::of(id, fragment, start).await
    }
}

impl<S> Scene<S> {
    /// Starts the server and the session, and follows a link once the page lists the session.
    pub(super) async fn of(id: &'static str, fragment: &str, start: impl AsyncFnOnce(&Home) -> S) -> Self {
        let (home, ui) = Ui::with_home().await;
        let session = start(&home).await;
        let tab = Tab::at(&ui.url()).await;
        tab.shows("connection-state", "Live").await;
        tab.has(&format!("[data-session-id='{id}']")).await;
        let scene = Self {
            tab,
            ui,
            session,
            id,
            home,
        };
        scene.at(fragment).await;
        scene
    }

    /// Follows a link; `ID` in it is the session's.
    pub(super) async fn at(&self, fragment: &str) {
        self.tab.follow(&fragment.replace("ID", self.id)).await;
    }

    pub(super) async fn is_at(&self, fragment: &str) {
        let wanted = serde_json::to_string(&fragment.replace("ID", self.id)).unwrap();
        self.becomes(&format!("location.hash === {wanted}")).await;
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
            self.tab.is(&format!("{target}.dispatchEvent({event})")).await;
        }
    }

    /// Loads the page again, and waits until the page before it is gone.
    pub(super) async fn reload(&self) {
        self.does("window.isStale = true, location.reload()").await;
        self.becomes("!window.isStale && document.querySelector('header.top')")
            .await;
    }

    /// Chooses a language in the menu.
    pub(super) async fn speak(&self, tag: &str) {
        let choose = "it.dispatchEvent(new Event('change', {bubbles: true}))";
        self.does(&format!(
            "(it => (it.focus(), it.value = '{tag}', {choose}))(document.getElementById('language'))"
        ))
        .await;
    }

    /// Waits until a table has a row that shows all of this.
    pub(super) async fn lists(&self, table: &str, texts: &[&str]) {
        self.becomes(&table_row(table, texts)).await;
    }

    /// Waits until a table has no such row.
    pub(super) async fn lists_no(&self, table: &str, text: &str) {
        self.becomes(&format!("!{}", table_row(table, &[text]))).await;
    }

    /// Ends it, where the browser complained of nothing.
    pub(super) async fn close(self) {
        self.tab.close_without_complaints().await;
    }
}

/// Is there a row of a table that shows all of this?
fn table_row(table: &str, texts: &[&str]) -> String {
    format!(
        "[...document.querySelectorAll('[data-testid=\"{table}\"] tbody tr:not([hidden])')].some(row => {}.every(text => row.innerText.includes(text)))",
        serde_json::to_string(texts).unwrap()
    )
}
