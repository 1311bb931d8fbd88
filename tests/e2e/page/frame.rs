//! The page in another page's frame, as an IDE's webview has it: of another site, so without a cookie, and in more than one
//! frame within another. What `docs/ide.md` says of it is what is tested here.

use std::sync::Arc;

use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
use hyper::{Method, StatusCode};
use mirrord_tests::browser::Tab;
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::row;

/// A name that no resolver knows: another site than the page's, whatever a browser thinks of addresses and ports.
const NAME: &str = "editor-of-a-test.example";
const LIVE: &str = "byTestId('connection-state')?.innerText === 'Live'";

/// A browser that knows the name, and keeps frames of other sites where they can be asked: what a frame may do does not
/// depend on the process that it is in.
async fn browser() -> Tab {
    let arguments = [
        format!("host-resolver-rules=MAP {NAME} 127.0.0.1"),
        "disable-site-isolation-trials".to_owned(),
        "disable-features=IsolateOrigins,site-per-process".to_owned(),
    ];
    Tab::open_with(1440, 900, &arguments).await
}

/// A page of an origin of its own.
struct Outer {
    listener: TcpListener,
    origin: String,
}

impl Outer {
    /// A free port, by a name.
    async fn at(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{name}:{}", listener.local_addr().unwrap().port());
        Self { listener, origin }
    }

    /// Shows this in a frame, and answers the page in it as `docs/ide.md` has it.
    fn frame(self, inside: &str) {
        let page = format!(
            "<!doctype html><title>host</title><iframe id=\"page\" width=\"1200\" height=\"800\" src=\"{inside}\"></iframe>
            <script>
                window.told = [];
                window.address = \"{inside}\";
                const page = document.getElementById('page');
                addEventListener('message', event => {{
                    if (event.source !== page.contentWindow) return;
                    window.told.push(event.data);
                    if (event.data === 'mirrord-ui:signed-out' && window.address) page.src = window.address;
                }});
            </script>"
        );
        let answer: Arc<str> = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
            page.len()
        )
        .into();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = self.listener.accept().await {
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    let mut request = [0_u8; 4_096];
                    let _ = stream.read(&mut request).await;
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
    }
}

/// The page as a frame is given it.
fn inside(ui: &Ui) -> String {
    format!("http://{}/#token={}", ui.address, ui.token)
}

/// A server that allows this origin, with its page in a frame of a page by the name, and a browser that is there.
struct Framed {
    home: Home,
    ui: Ui,
    origin: String,
    tab: Tab,
}

async fn framed(name: &str) -> Framed {
    let home = Home::new();
    let outer = Outer::at(name).await;
    let origin = outer.origin.clone();
    let ui = Ui::start_with(&home, &["--port", "0", "--allow-frame", &origin]).await;
    outer.frame(&inside(&ui));
    let tab = browser().await;
    go(&tab, &origin).await;
    becomes(&tab, LIVE).await;
    Framed { home, ui, origin, tab }
}

/// True if the expression holds in any frame; it never does where the browser refused the frame.
async fn in_frame(tab: &Tab, expression: &str) -> bool {
    let page = tab.page();
    let Ok(frames) = page.frames().await else { return false };
    let main = page.mainframe().await.ok().flatten();
    for frame in frames.into_iter().filter(|frame| Some(frame) != main.as_ref()) {
        let Ok(Some(context)) = page.frame_execution_context(frame).await else {
            continue;
        };
        let Ok(ask) = EvaluateParams::builder()
            .expression(format!("Boolean({expression})"))
            .context_id(context)
            .build()
        else {
            continue;
        };
        if page
            .evaluate_expression(ask)
            .await
            .is_ok_and(|answer| answer.into_value().unwrap_or(false))
        {
            return true;
        }
    }
    false
}

async fn becomes(tab: &Tab, expression: &str) {
    eventually(expression, async || in_frame(tab, expression).await.then_some(())).await;
}

/// Goes to the page around ours. Not by `goto`: that waits for what is in frames as well, where one may be refused and
/// another goes on to another address.
async fn go(tab: &Tab, origin: &str) {
    tab.does(&format!("location.href = '{origin}'")).await;
    tab.becomes(&format!(
        "location.origin === '{origin}' && document.getElementById('page')"
    ))
    .await;
}

/// Waits until the browser has said that it shows no such frame.
async fn refused(tab: &Tab) {
    eventually("the browser refuses", async || {
        let complaints = tab.complaints();
        complaints
            .iter()
            .any(|said| said.contains("frame-ancestors"))
            .then_some(())
    })
    .await;
    assert!(!in_frame(tab, "document.querySelector('[data-testid]') !== null").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_an_allowed_origin_frames_ours_and_the_log_goes_live() {
    for name in ["127.0.0.1", "localhost", NAME] {
        let Framed { home, tab, ui: _ui, .. } = framed(name).await;
        let mut shell = Program::shell(&home, "ov-frame").await;
        let open = "(location.hash = '#/s/ov-frame', !location.href.includes('token') && document.cookie === '')";
        assert!(in_frame(&tab, open).await);
        shell.run("cat /etc/hostname").await;
        becomes(&tab, &row("/etc/hostname")).await;
        tab.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_reloaded_is_given_its_token_again_and_is_where_it_was() {
    let Framed { home, ui, tab, .. } = framed(NAME).await;
    let mut shell = Program::shell(&home, "ov-again").await;
    assert_eq!(tab.value::<Vec<String>>("window.told").await, Vec::<String>::new());
    assert!(in_frame(&tab, "(location.hash = '#/s/ov-again/files', true)").await);
    becomes(&tab, "byTestId('view-files')").await;
    let kept = format!(
        "!(JSON.stringify({{...localStorage}}) + JSON.stringify({{...sessionStorage}}) + document.cookie).includes('{}')",
        ui.token
    );
    assert!(in_frame(&tab, &kept).await, "the token is in memory alone");
    assert!(in_frame(&tab, "(window.isStale = true, location.reload(), true)").await);
    let back = format!("!window.isStale && {LIVE} && location.hash === '#/s/ov-again/files'");
    becomes(&tab, &back).await;
    assert_eq!(
        tab.value::<Vec<String>>("window.told").await,
        ["mirrord-ui:signed-out"],
        "it is said once"
    );
    assert!(in_frame(&tab, "(location.hash = '#/s/ov-again', document.cookie === '')").await);
    shell.run("cat /etc/hostname").await;
    becomes(&tab, &row("/etc/hostname")).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_goes_on_with_the_token_of_a_server_that_was_started_anew() {
    let Framed { home, ui, origin, tab } = framed(NAME).await;
    tab.does("window.address = null").await;
    let port = ui.address.port().to_string();
    assert!(ui.interrupt().await.success());
    let ui = Ui::start_with(&home, &["--port", &port, "--allow-frame", &origin]).await;
    tab.becomes("window.told.includes('mirrord-ui:signed-out')").await;
    becomes(&tab, "byTestId('signed-out')").await;
    tab.does(&format!("page.src = '{}'", inside(&ui))).await;
    becomes(&tab, LIVE).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_cannot_frame_ours() {
    let home = Home::new();
    let outer = Outer::at(NAME).await;
    let origin = outer.origin.clone();
    let ui = Ui::start_with(&home, &["--port", "0", "--allow-frame", "http://127.0.0.1:1"]).await;
    outer.frame(&inside(&ui));
    let tab = browser().await;
    go(&tab, &origin).await;
    refused(&tab).await;
    let head = ui.send(ui.request(Method::GET, "/")).await;
    assert_eq!(head.status(), StatusCode::OK);
    tab.close().await;
}

/// An editor's window frames its webview, and that our page: what is allowed has to name both.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_around_ours_has_to_be_allowed() {
    for allows_both in [true, false] {
        let home = Home::new();
        let (window, webview) = (Outer::at(NAME).await, Outer::at("localhost").await);
        let (top, middle) = (window.origin.clone(), webview.origin.clone());
        let mut arguments = vec!["--port", "0", "--allow-frame", &middle];
        if allows_both {
            arguments.extend(["--allow-frame", &top]);
        }
        let ui = Ui::start_with(&home, &arguments).await;
        webview.frame(&inside(&ui));
        window.frame(&middle);
        let tab = browser().await;
        go(&tab, &top).await;
        if allows_both {
            becomes(&tab, LIVE).await;
        } else {
            refused(&tab).await;
        }
        tab.close().await;
    }
}
