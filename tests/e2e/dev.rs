//! `mirrord ui --dev`: the page from a development server, and everything else as ever.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use mirrord_tests::home::Home;
use mirrord_tests::mirror::Mirror;
use mirrord_tests::ui::Ui;
use mirrord_tests::within;
use mirrord_wire::VersionInfo;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::{WebSocketStream, client_async};

type Seen = Arc<Mutex<Vec<String>>>;

/// Stand-in for `trunk serve`: the page below `/assets/`, and a WebSocket that announces each build.
async fn answer(mut request: Request<Incoming>, seen: Seen) -> Response<Full<Bytes>> {
    seen.lock()
        .unwrap()
        .push(format!("{} {:?}", request.uri(), request.headers()));
    let key = request.headers().get("sec-websocket-key").cloned();
    let text = |status: u16, media: &str, body: &'static str| {
        let response = Response::builder().status(status).header("content-type", media);
        let response = response
            .header("set-cookie", "theirs=1")
            .header("content-security-policy", "none");
        response.body(Full::from(body)).unwrap()
    };
    match (request.uri().path(), key) {
        ("/assets/", _) => text(200, "text/html", "<script type=\"module\">theirs</script>"),
        ("/admin/secret", _) => text(200, "text/plain", "secret"),
        ("/assets/app.wasm", _) => text(200, "application/wasm", "\0asm"),
        ("/assets/.well-known/trunk/ws", Some(key)) => {
            let upgrade = hyper::upgrade::on(&mut request);
            tokio::spawn(async move {
                let stream = TokioIo::new(upgrade.await.unwrap());
                let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
                socket.send(Message::text("reload")).await.unwrap();
                let said = socket.next().await.unwrap().unwrap();
                socket.send(said).await.unwrap();
            });
            Response::builder()
                .status(101)
                .header("connection", "upgrade")
                .header("upgrade", "websocket")
                .header("sec-websocket-accept", derive_accept_key(key.as_bytes()))
                .body(Full::default())
                .unwrap()
        }
        _ => text(404, "text/plain", "not here"),
    }
}

async fn trunk() -> (SocketAddr, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, seen) = (listener.local_addr().unwrap(), Seen::default());
    let asked = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let asked = Arc::clone(&asked);
            let service = service_fn(move |request| {
                let asked = Arc::clone(&asked);
                async move { Ok::<_, std::convert::Infallible>(answer(request, asked).await) }
            });
            let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection.with_upgrades());
        }
    });
    (address, seen)
}

fn policy(headers: &hyper::HeaderMap) -> &str {
    headers["content-security-policy"].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_the_servers_and_the_api_ours() {
    let (address, seen) = trunk().await;
    for path in ["", "/assets/"] {
        let home = Home::new();
        let ui = Ui::start_with(&home, &["--port", "0", "--dev", &format!("http://{address}{path}")]).await;
        let page = ui.send(ui.request(Method::GET, "/")).await;
        assert_eq!(page.body().as_ref(), b"<script type=\"module\">theirs</script>");
        assert!(policy(page.headers()).contains("script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval';"));
        assert!(policy(page.headers()).contains("default-src 'self'; ") && !page.headers().contains_key("set-cookie"));
        assert_eq!(page.headers()["cache-control"], "no-store");
        let asset = ui.send(ui.request(Method::GET, "/assets/app.wasm?v=1")).await;
        assert_eq!(
            (asset.body().as_ref(), &asset.headers()["content-type"]),
            (&b"\0asm"[..], &"application/wasm".parse().unwrap())
        );
        let missing = ui.send(ui.request(Method::GET, "/assets/none.js")).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND);
        let version: VersionInfo = ui.json("/api/version").await;
        assert_eq!(version.version, env!("CARGO_PKG_VERSION"));
        let seen = seen.lock().unwrap().join("\n");
        assert!(
            seen.contains(&ui.address.to_string()),
            "trunk puts this `Host` into the page: {seen}"
        );
        assert!(
            !seen.contains(&ui.token) && !seen.contains("authorization") && !seen.contains('?'),
            "{seen}"
        );
    }
}

/// Trunk reads `/assets/../admin/secret` as `/admin/secret`, and so do others with what is encoded.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_page_and_its_files_is_asked_for_by_anybody() {
    let (address, seen) = trunk().await;
    let home = Home::new();
    let dev = format!("http://{address}");
    let arguments = ["--port", "0", "--dev", &dev, "--mirror", "127.0.0.2:0"];
    let mirror = Mirror::of(Ui::start_with(&home, &arguments).await).await;
    let stranger = mirror.device(9);
    for path in [
        "/assets/../admin/secret",
        "/assets/a/../../admin/secret",
        "/assets/%2e%2e/admin/secret",
        "/assets/.%2E/admin/secret",
        "/assets/..%2fadmin%2fsecret",
        "/assets/..%5cadmin%5csecret",
        "/assets/%252e%252e/admin/secret",
        "/assets//admin/secret",
        "/assets/./../admin/secret",
        "/assets/",
    ] {
        let answer = stranger.get(path).await;
        assert!(answer.status().is_client_error(), "{path}: {answer:?}");
        let answer = mirror.ui.send(mirror.ui.request(Method::GET, path)).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}: {answer:?}");
    }
    assert_eq!(stranger.get("/assets/app.wasm").await.status(), StatusCode::OK);
    let seen = seen.lock().unwrap().clone();
    assert!(seen.len() == 1 && seen[0].starts_with("/assets/app.wasm "), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_hears_of_each_build() {
    let (address, _) = trunk().await;
    let home = Home::new();
    let ui = Ui::start_with(&home, &["--port", "0", "--dev", &format!("http://{address}")]).await;
    let mut request = format!("ws://{}/assets/.well-known/trunk/ws", ui.address)
        .into_client_request()
        .unwrap();
    let attempt = async |request| client_async(request, TcpStream::connect(ui.address).await.unwrap()).await;
    request
        .headers_mut()
        .insert("origin", "http://evil.example".parse().unwrap());
    assert!(attempt(request.clone()).await.is_err(), "a foreign page");
    request
        .headers_mut()
        .insert("origin", format!("http://{}", ui.address).parse().unwrap());
    let (mut socket, _) = within("the WebSocket", attempt(request)).await.unwrap();
    let next = within("a build", socket.next()).await.unwrap().unwrap();
    assert_eq!(next.into_text().unwrap().as_str(), "reload");
    socket.send(Message::text("heard")).await.unwrap();
    let next = within("an answer", socket.next()).await.unwrap().unwrap();
    assert_eq!(next.into_text().unwrap().as_str(), "heard");
    assert!(ui.interrupt().await.success(), "it ends with one open");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_server_the_page_says_what_to_start() {
    let home = Home::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://localhost:{port}");
    let ui = Ui::start_with(&home, &["--port", "0", "--dev", &url]).await;
    let page = ui.send(ui.request(Method::GET, "/")).await;
    let text = String::from_utf8_lossy(page.body());
    assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
    assert!(
        text.contains("trunk serve") && text.contains(&url) && text.contains("refused"),
        "{text}"
    );
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let asset = ui.send(ui.request(Method::GET, "/assets/x.js")).await;
    assert!(asset.status() == StatusCode::BAD_GATEWAY && asset.headers()["content-type"] == "application/json");

    let other = Home::new();
    let refused = within("the end", other.mirrord(["ui", "--dev", "http://example.com"]).output())
        .await
        .unwrap();
    let stderr = String::from_utf8(refused.stderr).unwrap();
    assert!(
        !refused.status.success() && stderr.contains("not on this machine"),
        "{stderr}"
    );
    let plain = Ui::start(&other).await;
    let page = plain.send(plain.request(Method::GET, "/")).await;
    assert!(!policy(page.headers()).contains("unsafe-inline"), "only with --dev");
}
