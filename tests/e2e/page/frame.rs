//! The page in another page's frame, as an IDE's webview has it.

use hyper::{Method, StatusCode};
use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::row;

/// A page of another origin with ours in a frame, and the port that it is at.
async fn framing(listener: TcpListener, inside: String) {
    let page = format!(
        "<!doctype html><title>host</title><iframe id=\"it\" width=\"1200\" height=\"800\" src=\"{inside}\"></iframe>"
    );
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
        page.len()
    );
    while let Ok((mut stream, _)) = listener.accept().await {
        let answer = answer.clone();
        tokio::spawn(async move {
            let mut request = [0_u8; 4_096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        });
    }
}

/// What the frame shows; nothing where the browser refused it.
async fn in_frame(tab: &Tab, expression: &str) -> bool {
    use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
    let page = tab.page();
    let Ok(frames) = page.frames().await else { return false };
    let main = page.mainframe().await.ok().flatten();
    for frame in frames.into_iter().filter(|frame| Some(frame) != main.as_ref()) {
        let Ok(Some(context)) = page.frame_execution_context(frame).await else {
            continue;
        };
        let Ok(ask) = EvaluateParams::builder()
            .expression(expression)
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

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_an_allowed_origin_frames_ours_and_the_log_goes_live() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let ui = Ui::start_with(&home, &["--port", "0", "--allow-frame", &origin]).await;
    let mut shell = Program::shell(&home, "ov-frame").await;
    let inside = format!("http://{}/#token={}", ui.address, ui.token);
    tokio::spawn(framing(listener, inside.clone()));
    let tab = Tab::open(1440, 900).await;
    tab.goto(&origin).await;
    let live = "document.querySelector('[data-testid=\"connection-state\"]')?.innerText === 'Live'";
    mirrord_tests::eventually("the frame is live", async || in_frame(&tab, live).await.then_some(())).await;
    let open = "(location.hash = '#/s/ov-frame', !location.href.includes('token') && document.cookie === '')";
    assert!(in_frame(&tab, open).await);
    shell.run("cat /etc/hostname").await;
    let shown = row("/etc/hostname");
    mirrord_tests::eventually("the log goes on", async || in_frame(&tab, &shown).await.then_some(())).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_cannot_frame_ours() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let ui = Ui::start_with(&home, &["--port", "0", "--allow-frame", "http://127.0.0.1:1"]).await;
    tokio::spawn(framing(listener, format!("http://{}/#token={}", ui.address, ui.token)));
    let tab = Tab::open(1440, 900).await;
    tab.goto(&origin).await;
    mirrord_tests::eventually("the browser refuses", async || {
        tab.complaints()
            .iter()
            .any(|said| said.contains("frame-ancestors"))
            .then_some(())
    })
    .await;
    assert!(!in_frame(&tab, "document.querySelector('[data-testid]') !== null").await);
    let head = ui.send(ui.request(Method::GET, "/")).await;
    assert_eq!(head.status(), StatusCode::OK);
    tab.close().await;
}
