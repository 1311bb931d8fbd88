//! A headless Chromium of a test's own, which connects to no host but ours.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use chromiumoxide::cdp::browser_protocol::input::DispatchMouseEventType::{MouseMoved, MousePressed, MouseReleased};
use chromiumoxide::cdp::browser_protocol::input::{DispatchMouseEventParams, MouseButton};
use chromiumoxide::cdp::browser_protocol::log::EventEntryAdded;
use chromiumoxide::cdp::browser_protocol::page::NavigateParams;
use chromiumoxide::cdp::js_protocol::runtime::{EventConsoleApiCalled, EventExceptionThrown};
use chromiumoxide::handler::viewport::Viewport;
use chromiumoxide::page::ScreenshotParams;
use chromiumoxide::{Browser, BrowserConfig, Element, Page};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use crate::eventually;

/// Names the element with a `data-testid` in the expressions of tests: `byTestId('search')`.
const BY_TEST_ID: &str = "window.byTestId = id => document.querySelector(`[data-testid=\"${id}\"]`)";

/// A browser with one page. It ends with the test.
pub struct Tab {
    browser: Browser,
    page: Page,
    complaints: Arc<Mutex<Vec<String>>>,
    _profile: TempDir,
}

impl Tab {
    /// Starts a browser with a window of this size, in CSS pixels.
    pub async fn open(width: u32, height: u32) -> Self {
        Self::open_with(width, height, &[]).await
    }

    /// Starts one with more arguments of Chromium's, without their dashes.
    pub async fn open_with(width: u32, height: u32, arguments: &[String]) -> Self {
        Self::launch(width, height, arguments, "{}").await
    }

    /// Starts one whose user lets no site keep cookies or storage.
    pub async fn open_without_cookies(width: u32, height: u32) -> Self {
        let preferences = r#"{"profile":{"default_content_setting_values":{"cookies":2}}}"#;
        Self::launch(width, height, &[], preferences).await
    }

    /// Starts one whose user has decided on a content setting for every site: 1 allows it, 2 blocks it.
    pub async fn open_with_setting(width: u32, height: u32, setting: &str, value: u8) -> Self {
        let values = format!(r#"{{"profile":{{"default_content_setting_values":{{"{setting}":{value}}}}}}}"#);
        Self::launch(width, height, &[], &values).await
    }

    async fn launch(width: u32, height: u32, arguments: &[String], preferences: &str) -> Self {
        let profile = tempfile::tempdir().expect("a temporary directory can be made");
        let folder = profile.path().join("Default");
        std::fs::create_dir(&folder).expect("a profile can be made");
        std::fs::write(folder.join("Preferences"), preferences).expect("a profile can be written");
        let viewport = Viewport {
            width,
            height,
            ..Viewport::default()
        };
        let config = BrowserConfig::builder()
            .chrome_executable(executable())
            .user_data_dir(profile.path())
            .no_sandbox()
            .window_size(width, height)
            .viewport(viewport)
            // Beside what chromiumoxide gives by itself. Without dashes, which it would double.
            .args(["disable-gpu", "disable-quic", "disable-component-update"])
            .args(arguments.iter().map(String::as_str))
            .build()
            .expect("the browser's settings are complete");
        let (browser, mut handler) = Browser::launch(config).await.expect("Chromium starts");
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        let page = new_page(&browser).await;
        let complaints = Arc::new(Mutex::new(Vec::new()));
        listen(&page, &complaints).await;
        Self {
            browser,
            page,
            complaints,
            _profile: profile,
        }
    }

    /// Starts one of a desk's size at an address, and waits until it is loaded.
    pub async fn at(url: &str) -> Self {
        let tab = Self::open(1440, 900).await;
        tab.goto(url).await;
        tab
    }

    /// Goes to an address and waits until it is loaded.
    pub async fn goto(&self, url: &str) {
        go(&self.page, url).await;
    }

    /// From the next page on, has the page's requests for a path wait until [`Tab::release`]; `window.heard` has the types of
    /// what came on its WebSockets meanwhile.
    pub async fn hold(&self, path: &str) {
        let script = "(() => {
            const own = window.fetch;
            const gate = new Promise(open => window.release = open);
            window.fetch = (input, init) => String(input) === 'PATH' ? gate.then(() => own(input, init)) : own(input, init);
            window.heard = [];
            window.WebSocket = class extends WebSocket {
                constructor(...all) {
                    super(...all);
                    this.addEventListener('message', event => window.heard.push(JSON.parse(event.data).type));
                }
            };
        })()";
        let held = self.page.evaluate_on_new_document(script.replace("PATH", path)).await;
        held.expect("a script can be set before the page's own");
    }

    /// Lets what [`Tab::hold`] holds in this page go on.
    pub async fn release(&self) {
        self.does("window.release()").await;
    }

    /// Chooses what `prefers-color-scheme` says: `light` or `dark`.
    pub async fn prefer(&self, scheme: &str) {
        self.emulate("screen", &[("prefers-color-scheme", scheme)]).await;
    }

    /// Chooses the medium, `screen` or `print`, and what the system prefers; what is not named is as the browser has it.
    pub async fn emulate(&self, medium: &str, features: &[(&str, &str)]) {
        let feature = |(name, value): &(&str, &str)| MediaFeature {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        let media = SetEmulatedMediaParams::builder()
            .media(medium)
            .features(features.iter().map(feature));
        self.page
            .execute(media.build())
            .await
            .expect("a medium can be emulated");
    }

    /// Gives the window another size, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = SetDeviceMetricsOverrideParams::new(width, height, 1.0, false);
        self.page.execute(size).await.expect("the window can be resized");
        self.becomes(&format!("innerWidth === {width}")).await;
    }

    /// The value of a JavaScript expression.
    pub async fn value<T: DeserializeOwned>(&self, expression: &str) -> T {
        let result = self
            .page
            .evaluate(expression)
            .await
            .unwrap_or_else(|error| panic!("{expression}: {error}"));
        result
            .into_value()
            .unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// True if a JavaScript expression is, now.
    pub async fn is(&self, expression: &str) -> bool {
        self.value(&format!("Boolean({expression})")).await
    }

    /// Has the page do something.
    pub async fn does(&self, script: &str) {
        assert!(self.is(&format!("(({script}), true)")).await);
    }

    /// Follows a link within the page, as a reader of a message would.
    pub async fn follow(&self, fragment: &str) {
        self.does(&format!("location.hash = {}", literal(fragment))).await;
    }

    /// Waits until a JavaScript expression is true. While a page goes and another comes, no expression has a value.
    pub async fn becomes(&self, expression: &str) {
        becomes(&self.page, expression).await;
    }

    /// Waits until there is an element that a CSS selector finds.
    pub async fn has(&self, selector: &str) {
        let selector = literal(selector);
        self.becomes(&format!("document.querySelector({selector})")).await;
    }

    /// Waits until the first element that a CSS selector finds shows a text.
    pub async fn text(&self, selector: &str, text: &str) {
        let [selector, text] = [selector, text].map(literal);
        let shows = format!("document.querySelector({selector})?.innerText.includes({text})");
        self.becomes(&shows).await;
    }

    /// Waits until the element with this `data-testid` shows a text.
    pub async fn shows(&self, testid: &str, text: &str) {
        self.text(&format!("[data-testid='{testid}']"), text).await;
    }

    /// Waits until nothing is wider than the window.
    pub async fn fits(&self) {
        self.becomes("document.documentElement.scrollWidth <= innerWidth").await;
    }

    /// Clicks the first element that a CSS selector finds.
    pub async fn click(&self, selector: &str) {
        self.element(selector)
            .await
            .click()
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Clicks into an element and types.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let element = self.element(selector).await;
        element
            .click()
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
        element
            .type_str(text)
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Gives a field or a list of answers a value, once it is in sight.
    pub async fn fill(&self, testid: &str, value: &str) {
        self.becomes(&format!("byTestId('{testid}')?.offsetHeight > 0")).await;
        let told = "['input', 'change'].forEach(kind => it.dispatchEvent(new Event(kind, { bubbles: true })))";
        let value = literal(value);
        self.does(&format!("(it => (it.value = {value}, {told}))(byTestId('{testid}'))"))
            .await;
    }

    /// Presses a key as a keyboard does, by its name in a `KeyboardEvent`: the browser's own keys do what they do.
    pub async fn press(&self, key: &str) {
        // The key goes to what has the focus; the element is only the way to it.
        self.element("body")
            .await
            .press_key(key)
            .await
            .unwrap_or_else(|error| panic!("{key}: {error}"));
    }

    /// Drags the mouse from one place of the window to another one, CSS pixels.
    pub async fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        let between = |part: f64| (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
        let path = [
            (MousePressed, from),
            (MouseMoved, between(0.5)),
            (MouseMoved, to),
            (MouseReleased, to),
        ];
        for (kind, (x, y)) in path {
            let buttons = i64::from(kind != MouseReleased);
            let event = DispatchMouseEventParams::builder()
                .r#type(kind)
                .x(x)
                .y(y)
                .button(MouseButton::Left)
                .buttons(buttons)
                .click_count(1)
                .build();
            let event = event.expect("a mouse event has its fields");
            self.page.execute(event).await.expect("the mouse can be moved");
        }
    }

    async fn element(&self, selector: &str) -> Element {
        let what = format!("{selector} is there");
        eventually(&what, async || self.page.find_element(selector).await.ok()).await
    }

    /// A picture of the window, as PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.page
            .screenshot(ScreenshotParams::builder().build())
            .await
            .expect("a screenshot can be taken")
    }

    /// Opens another tab of the same browser and has it go to an address.
    pub async fn beside(&self, url: &str) -> Page {
        let page = new_page(&self.browser).await;
        go(&page, url).await;
        page
    }

    /// Puts this tab in front of those beside it: behind them it is hidden, and draws no frame.
    pub async fn to_front(&self) {
        self.page.bring_to_front().await.expect("a tab comes to the front");
        self.becomes("document.visibilityState === 'visible'").await;
    }

    /// The page itself, for what this harness has no word for.
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Everything that the page threw or that the browser complained of: a policy violated, a file not found.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// As [`Tab::close`], where the page threw nothing and the browser complained of nothing.
    pub async fn close_without_complaints(self) {
        assert_eq!(self.complaints(), Vec::<String>::new());
        self.close().await;
    }

    /// Ends the browser and waits for it.
    pub async fn close(mut self) {
        let _ = self.browser.close().await;
        let _ = self.browser.wait().await;
    }
}

/// Is the element with this `data-testid` in sight?
#[must_use]
pub fn visible(testid: &str) -> String {
    format!("byTestId('{testid}')?.checkVisibility()")
}

/// A text as JavaScript writes it.
fn literal(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

async fn new_page(browser: &Browser) -> Page {
    let page = browser.new_page("about:blank").await.expect("a page opens");
    let named = page.evaluate_on_new_document(BY_TEST_ID).await;
    named.expect("a script can be set before the page's own");
    page
}

/// Has a page go to an address, and waits until it is loaded. The page may change its address meanwhile, which a wait for
/// the navigation itself would not survive.
///
/// chromiumoxide misses the end of a navigation now and then, and calls it timed out after 30 s: another document that is
/// loaded is enough.
async fn go(page: &Page, url: &str) {
    const LOADED: &str = "location.href !== 'about:blank' && document.readyState === 'complete'";
    let marked = page.evaluate("window.isLeft = true").await;
    marked.unwrap_or_else(|error| panic!("{url}: {error}"));
    let is_loaded = format!("!window.isLeft && {LOADED}");
    tokio::select! {
        gone = page.execute(NavigateParams::new(url)) => {
            let gone = gone.unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!(gone.error_text, None, "{url}");
            becomes(page, LOADED).await;
        }
        () = becomes(page, &is_loaded) => {}
    }
}

/// Waits until a JavaScript expression is true in a page.
async fn becomes(page: &Page, expression: &str) {
    let ask = async || {
        let result = page.evaluate(format!("Boolean({expression})")).await;
        result
            .is_ok_and(|result| result.into_value().unwrap_or(false))
            .then_some(())
    };
    eventually(expression, ask).await;
}

async fn listen(page: &Page, complaints: &Arc<Mutex<Vec<String>>>) {
    let mut thrown = page
        .event_listener::<EventExceptionThrown>()
        .await
        .expect("exceptions can be listened for");
    let mut logged = page
        .event_listener::<EventEntryAdded>()
        .await
        .expect("the log can be listened to");
    let mut printed = page
        .event_listener::<EventConsoleApiCalled>()
        .await
        .expect("the console can be listened to");
    let complaints = Arc::clone(complaints);
    tokio::spawn(async move {
        loop {
            let complaint = tokio::select! {
                Some(event) = thrown.next() => Some(format!("{:?}", event.exception_details)),
                Some(event) = logged.next() => (event.entry.level.as_ref() == "error").then(|| event.entry.text.clone()),
                Some(event) = printed.next() => matches!(event.r#type.as_ref(), "error" | "warning").then(|| format!("{:?}", event.args)),
                else => return,
            };
            complaints
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(complaint);
        }
    });
}

/// Chromium: `MIRRORD_TEST_CHROMIUM`, which `cargo xtask test` sets, or what the system has.
fn executable() -> PathBuf {
    let given = std::env::var_os("MIRRORD_TEST_CHROMIUM").map(PathBuf::from);
    given.unwrap_or_else(|| PathBuf::from("/usr/bin/chromium"))
}
