//! Proxies between the page and the server are named as what they are: one that rewrites `Host`, and one that lets no
//! WebSocket through.

use std::net::SocketAddr;

use mirrord_tests::browser::Tab;
use mirrord_tests::ui::Ui;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A proxy of one request a connection. It rewrites `Host` to the server's, and lets a WebSocket through where `upgrades`.
async fn proxy(server: SocketAddr, upgrades: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass(client, server, upgrades, address));
        }
    });
    address
}

async fn pass(mut client: TcpStream, server: SocketAddr, upgrades: bool, own: SocketAddr) -> Option<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut part = [0; 4_096];
        let count = client.read(&mut part).await.ok().filter(|count| *count > 0)?;
        head.extend_from_slice(&part[..count]);
    }
    let text = String::from_utf8(head).ok()?;
    let is_upgrade = text.to_ascii_lowercase().contains("upgrade: websocket");
    if is_upgrade && !upgrades {
        let answer = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        return client.write_all(answer.as_bytes()).await.ok();
    }
    // Where WebSockets are what is blocked, nothing else is amiss.
    let text = if upgrades {
        text.replace(&format!("Host: {own}"), &format!("Host: {server}"))
    } else {
        text.replace(&own.to_string(), &server.to_string())
    };
    let text = if is_upgrade {
        text
    } else {
        text.replace("Connection: keep-alive", "Connection: close")
    };
    let mut upstream = TcpStream::connect(server).await.ok()?;
    upstream.write_all(text.as_bytes()).await.ok()?;
    tokio::io::copy_bidirectional(&mut client, &mut upstream).await.ok()?;
    Some(())
}

async fn through(ui: &Ui, upgrades: bool) -> (SocketAddr, Tab) {
    let address = proxy(ui.address, upgrades).await;
    let tab = Tab::open(1_200, 800).await;
    tab.goto(&format!("http://{address}/#token={}", ui.token)).await;
    (address, tab)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_rewrites_the_host_is_told_with_the_flag_that_admits_it() {
    let (_home, ui) = Ui::with_home().await;
    let (address, tab) = through(&ui, true).await;
    let flag = format!("mirrord ui --allow-host {address}");
    tab.shows("blocked", &flag).await;
    tab.close().await;
    // A sign-in is refused for it as well, and that is not a page that is signed out.
    let tab = Tab::open(1_200, 800).await;
    tab.goto(&format!("http://{address}/?token={}", ui.token)).await;
    tab.shows("blocked", &flag).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_blocks_the_websocket_alone_is_told_as_that() {
    let (_home, ui) = Ui::with_home().await;
    let (_, tab) = through(&ui, false).await;
    tab.shows("blocked", "WebSocket at /ws").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_keeps_no_cookies_is_led_to_the_address_that_needs_none() {
    let (_home, ui) = Ui::with_home().await;
    let tab = Tab::open_without_cookies(1_200, 800).await;
    tab.goto(&ui.url()).await;
    tab.shows("signed-out", "#token=").await;
    tab.close().await;
    let tab = Tab::open_without_cookies(1_200, 800).await;
    tab.goto(&format!("http://{}/#token={}", ui.address, ui.token)).await;
    tab.shows("connection-state", "Live").await;
    tab.close().await;
}
